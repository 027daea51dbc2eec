import CDriverKit
import CRing3
import Machine
import Objects

/// The kernel side of requests that have no buffers: flush.
package let plainEntry: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { argument in
  let call = argument.unsafelyUnwrapped.assumingMemoryBound(to: RequestCall.self)
  call.pointee.machine.io.sendPlain(call)
  return 0
}

extension IOManager {
  /// Sends a request without buffers and waits for it, as NtFlushBuffersFile does.
  package func sendPlain(_ call: UnsafeMutablePointer<RequestCall>) {
    let isFlush = call.pointee.majorFunction == UInt8(IRP_MJ_FLUSH_BUFFERS)
    guard let file = file(of: call, access: isFlush ? 0x6 : 0) else { return }
    let isHeld = hold(file)
    call.pointee.status = sendFileRequest(
      file, call.pointee.majorFunction, 0, &call.pointee.information
    ) { irp, _ in
      irp.pointee.RequestorMode = call.pointee.isUser ? 1 : 0
    }
    if isHeld { letGo(file) }
    machine.objects.dereference(UnsafeMutableRawPointer(file))
  }

  /// Asks a driver for information about a file, in system memory: IRP_MJ_QUERY_INFORMATION.
  ///
  /// - Returns: the driver's status; `information` is the number of bytes in `buffer`.
  package func queryInformation(
    _ file: FilePointer, _ informationClass: UInt32, _ buffer: UnsafeMutableRawPointer,
    _ count: Int, _ information: inout UInt
  ) -> Int32 {
    sendFileRequest(file, UInt8(IRP_MJ_QUERY_INFORMATION), IRP_BUFFERED_IO, &information) {
      irp, location in
      irp.pointee.AssociatedIrp.SystemBuffer = buffer
      location.pointee.Parameters.QueryFile.Length = UInt32(truncatingIfNeeded: count)
      location.pointee.Parameters.QueryFile.FileInformationClass = FILE_INFORMATION_CLASS(
        informationClass)
    }
  }

  /// Gives a driver information about a file, from system memory: IRP_MJ_SET_INFORMATION.
  package func setInformation(
    _ file: FilePointer, _ informationClass: UInt32, _ buffer: UnsafeMutableRawPointer,
    _ count: Int
  ) -> Int32 {
    var information: UInt = 0
    return sendFileRequest(file, UInt8(IRP_MJ_SET_INFORMATION), IRP_BUFFERED_IO, &information) {
      irp, location in
      irp.pointee.AssociatedIrp.SystemBuffer = buffer
      location.pointee.Parameters.SetFile.Length = UInt32(truncatingIfNeeded: count)
      location.pointee.Parameters.SetFile.FileInformationClass = FILE_INFORMATION_CLASS(
        informationClass)
    }
  }
}
