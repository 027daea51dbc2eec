import CDriverKit
import Framework
import Memory
import NTTypes

// The pages of a request's buffers. With direct I/O they are those of the program, locked; with
// buffered I/O those of the system buffer.
extension Request {
  /// Lends the descriptor list of the bytes that the requester gave.
  ///
  /// - Throws: STATUS_BUFFER_TOO_SMALL for a request of no bytes, STATUS_INVALID_DEVICE_REQUEST for one
  ///   without input or with user addresses only, STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfRequestRetrieveInputWdmMdl.
  @_lifetime(borrow self)
  public borrowing func inputMDL() throws(NTStatus) -> MDLView {
    try checkRefusal(of: "WdfRequestRetrieveInputWdmMdl")
    let view = MDLView(try findMdl(wdfRequestRetrieveInputWdmMdl))
    return unsafe _overrideLifetime(view, borrowing: self)
  }

  /// Lends the descriptor list of the room for the answer.
  ///
  /// - Throws: as ``inputMDL()`` does.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfRequestRetrieveOutputWdmMdl.
  @_lifetime(&self)
  public mutating func outputMDL() throws(NTStatus) -> MutableMDLView {
    try checkRefusal(of: "WdfRequestRetrieveOutputWdmMdl")
    let view = MutableMDLView(try findMdl(wdfRequestRetrieveOutputWdmMdl))
    return unsafe _overrideLifetime(view, mutating: &self)
  }

  typealias RetrieveMdl = (
    UnsafeMutableRawPointer, UInt64, UnsafeMutablePointer<UnsafeMutablePointer<MDL>?>?
  ) -> Int32

  borrowing func findMdl(_ retrieve: RetrieveMdl) throws(NTStatus) -> Mdl {
    var pointer: UnsafeMutablePointer<MDL>?
    try check(retrieve(handle.globals, handle.bits, &pointer))
    // A success has a list.
    return Mdl(pointer.unsafelyUnwrapped)
  }
}
