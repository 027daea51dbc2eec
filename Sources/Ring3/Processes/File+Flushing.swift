import CDriverKit
import IOManager

extension File {
  /// Asks the driver to write what it holds back: IRP_MJ_FLUSH_BUFFERS.
  ///
  /// - Returns: the answer, whatever its status.
  public func flush() throws(KernelError) -> Completion {
    var call = call(UInt8(IRP_MJ_FLUSH_BUFFERS))
    return try perform(&call, plainEntry)
  }
}
