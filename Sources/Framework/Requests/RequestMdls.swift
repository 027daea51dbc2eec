import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

// MDLs of a request's buffers: the IRP's own, or one that is built over the system buffer and ends with
// the request.
extension Framework {
  fileprivate func retrieveMdl(
    _ side: BufferSide, of handle: UInt64,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<MDL>?>?
  ) -> Int32 {
    let request = request(handle)
    let result = require(result)
    result.pointee = nil
    var buffer = RequestBuffer()
    let status = find(side, of: request, mapping: false, into: &buffer)
    if status < 0 { return status }
    if let mdl = buffer.mdl {
      result.pointee = mdl
      return status
    }
    // Neither method: the buffer is none of the system's, whoever asks.
    guard let address = buffer.address, address == request.packet.pointee.AssociatedIrp.SystemBuffer
    else { return FrameworkStatus.invalidDeviceRequest }
    guard let mdl = builtMdl(side, of: request, address, buffer.byteCount) else {
      return FrameworkStatus.insufficientResources
    }
    result.pointee = mdl
    return status
  }

  /// The MDL over the system buffer; each side has one of its own, with its byte count.
  func builtMdl(
    _ side: BufferSide, of request: UnsafeMutablePointer<RequestBody>,
    _ address: UnsafeMutableRawPointer, _ byteCount: Int
  ) -> UnsafeMutablePointer<MDL>? {
    let known = side == .input ? request.pointee.inputMdl : request.pointee.outputMdl
    if let known { return known }
    guard let mdl = machine.allocateMdl(UInt(bitPattern: address), byteCount) else { return nil }
    mdl.buildForNonpagedPool()
    if side == .input {
      request.pointee.inputMdl = mdl.pointer
    } else {
      request.pointee.outputMdl = mdl.pointer
    }
    return mdl.pointer
  }
}

@c(r3_WdfRequestRetrieveInputWdmMdl)
package func wdfRequestRetrieveInputWdmMdl(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ result: UnsafeMutablePointer<UnsafeMutablePointer<MDL>?>?
) -> Int32 {
  Framework.current.retrieveMdl(.input, of: handle, result)
}

@c(r3_WdfRequestRetrieveOutputWdmMdl)
package func wdfRequestRetrieveOutputWdmMdl(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ result: UnsafeMutablePointer<UnsafeMutablePointer<MDL>?>?
) -> Int32 {
  Framework.current.retrieveMdl(.output, of: handle, result)
}
