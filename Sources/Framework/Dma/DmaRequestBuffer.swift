import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// The buffer of a request as a transaction moves it.
struct DmaBuffer {
  var mdl: Mdl?
  var byteCount = 0
}

extension Framework {
  /// Finds the buffer of a request that data goes to, or comes from, in a direction.
  ///
  /// STATUS_INVALID_DEVICE_REQUEST when the request has none: the direction does not fit, it is empty,
  /// or its method is neither.
  func find(
    _ direction: DmaDirection, of request: UnsafeMutablePointer<RequestBody>,
    into result: inout DmaBuffer
  ) -> Int32 {
    guard let side = side(of: direction, in: request) else {
      return FrameworkStatus.invalidDeviceRequest
    }
    var buffer = RequestBuffer()
    let status = find(side, of: request, mapping: false, into: &buffer)
    // The retrieving functions say so when there are no bytes.
    if status == FrameworkStatus.bufferTooSmall { return FrameworkStatus.invalidDeviceRequest }
    if status < 0 { return status }
    result.byteCount = buffer.byteCount
    if let mdl = Mdl(buffer.mdl) {
      result.mdl = mdl
      return 0
    }
    let system = request.packet.pointee.AssociatedIrp.SystemBuffer
    guard let address = buffer.address, address == system else {
      return FrameworkStatus.invalidDeviceRequest
    }
    result.mdl = Mdl(builtMdl(side, of: request, address, buffer.byteCount))
    return result.mdl == nil ? FrameworkStatus.insufficientResources : 0
  }

  /// Which buffer of a request a direction means; nil when it does not fit.
  private func side(
    of direction: DmaDirection, in request: UnsafeMutablePointer<RequestBody>
  ) -> BufferSide? {
    let location = request.location
    switch Int32(location.pointee.MajorFunction) {
    case IRP_MJ_READ: return direction == .readFromDevice ? .output : nil
    case IRP_MJ_WRITE: return direction == .writeToDevice ? .input : nil
    case IRP_MJ_DEVICE_CONTROL, IRP_MJ_INTERNAL_DEVICE_CONTROL:
      switch Int32(location.pointee.Parameters.DeviceIoControl.IoControlCode & 3) {
      case METHOD_BUFFERED: return direction == .readFromDevice ? .output : .input
      // The MDL describes the second buffer, whichever way its data goes.
      case METHOD_IN_DIRECT: return direction == .writeToDevice ? .output : nil
      case METHOD_OUT_DIRECT: return direction == .readFromDevice ? .output : nil
      default: return nil
      }
    default: return nil
    }
  }
}
