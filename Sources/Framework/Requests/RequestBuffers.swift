import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// A buffer of a request, found in its IRP.
struct RequestBuffer {
  var address: UnsafeMutableRawPointer?
  var byteCount = 0
  var isReadOnly = false
  /// The IRP's own MDL, when it describes the buffer.
  var mdl: UnsafeMutablePointer<MDL>?
}

/// Which buffer of a request is asked for.
enum BufferSide {
  case input, output
}

extension Framework {
  /// Finds a buffer of a request.
  ///
  /// - Parameter mapping: whether the address is needed; a direct buffer is mapped then.
  /// - Returns: the status that the retrieving functions give.
  func find(
    _ side: BufferSide, of request: UnsafeMutablePointer<RequestBody>, mapping: Bool = true,
    into buffer: inout RequestBuffer
  ) -> Int32 {
    // Its buffers went with its IRP.
    if request.pointee.state.contains(.completed) {
      return refuse(request, FrameworkStatus.internalErrorNT, rule: "InvalidReqAccess")
    }
    let location = request.location
    switch Int32(location.pointee.MajorFunction) {
    case IRP_MJ_READ:
      guard side == .output else {
        return refuse(request, FrameworkStatus.invalidDeviceRequest, rule: "InputBufferAPI")
      }
      return findTransfer(
        request, Int(location.pointee.Parameters.Read.Length), isReadOnly: false, mapping, &buffer)
    case IRP_MJ_WRITE:
      guard side == .input else {
        return refuse(request, FrameworkStatus.invalidDeviceRequest, rule: "OutputBufferAPI")
      }
      return findTransfer(
        request, Int(location.pointee.Parameters.Write.Length), isReadOnly: true, mapping, &buffer)
    case IRP_MJ_DEVICE_CONTROL, IRP_MJ_INTERNAL_DEVICE_CONTROL:
      return findControl(side, request, mapping, &buffer)
    default:
      return FrameworkStatus.invalidDeviceRequest
    }
  }

  private func findTransfer(
    _ request: UnsafeMutablePointer<RequestBody>, _ count: Int, isReadOnly: Bool, _ mapping: Bool,
    _ buffer: inout RequestBuffer
  ) -> Int32 {
    if count == 0 { return FrameworkStatus.bufferTooSmall }
    let irp = request.packet
    buffer.byteCount = count
    buffer.isReadOnly = isReadOnly
    let flags = request.location.pointee.DeviceObject.pointee.Flags
    if flags & UInt32(DO_BUFFERED_IO) != 0 {
      buffer.address = irp.pointee.AssociatedIrp.SystemBuffer
      return FrameworkStatus.success
    }
    if flags & UInt32(DO_DIRECT_IO) != 0 { return map(irp, mapping, &buffer) }
    guard irp.pointee.RequestorMode == 0 else { return FrameworkStatus.invalidDeviceRequest }
    buffer.address = irp.pointee.UserBuffer
    return FrameworkStatus.success
  }

  private func findControl(
    _ side: BufferSide, _ request: UnsafeMutablePointer<RequestBody>, _ mapping: Bool,
    _ buffer: inout RequestBuffer
  ) -> Int32 {
    let irp = request.packet
    let parameters = request.location.pointee.Parameters.DeviceIoControl
    let count = side == .input ? parameters.InputBufferLength : parameters.OutputBufferLength
    if count == 0 { return FrameworkStatus.bufferTooSmall }
    buffer.byteCount = Int(count)
    switch Int32(parameters.IoControlCode & 3) {
    case METHOD_BUFFERED:
      buffer.address = irp.pointee.AssociatedIrp.SystemBuffer
      return FrameworkStatus.success
    case METHOD_NEITHER:
      let isInternal =
        request.location.pointee.MajorFunction == UInt8(IRP_MJ_INTERNAL_DEVICE_CONTROL)
      guard irp.pointee.RequestorMode == 0 || isInternal else {
        return FrameworkStatus.invalidDeviceRequest
      }
      buffer.address = side == .input ? parameters.Type3InputBuffer : irp.pointee.UserBuffer
      return FrameworkStatus.success
    default:
      guard side == .output else {
        buffer.address = irp.pointee.AssociatedIrp.SystemBuffer
        buffer.isReadOnly = true
        return FrameworkStatus.success
      }
      buffer.isReadOnly = Int32(parameters.IoControlCode & 3) == METHOD_IN_DIRECT
      return map(irp, mapping, &buffer)
    }
  }

  /// Maps the IRP's MDL.
  private func map(_ irp: IRPPointer, _ mapping: Bool, _ buffer: inout RequestBuffer) -> Int32 {
    guard let mdl = Mdl(irp.pointee.MdlAddress) else { return FrameworkStatus.bufferTooSmall }
    buffer.mdl = irp.pointee.MdlAddress
    if !mapping { return FrameworkStatus.success }
    buffer.address = mdl.systemAddress()
    return buffer.address == nil
      ? FrameworkStatus.insufficientResources : FrameworkStatus.success
  }

  /// The memory object of a buffer; made at the first request for it.
  func memory(
    _ side: BufferSide, of request: UnsafeMutablePointer<RequestBody>, status: inout Int32
  ) -> UnsafeMutablePointer<MemoryBody>? {
    let memory = side == .input ? request.inputAddress : request.outputAddress
    if memory.pointee.head.handle != 0 { return memory }
    var buffer = RequestBuffer()
    status = find(side, of: request, into: &buffer)
    if status < 0 { return nil }
    guard let handle = state.pointee.handles.insert(FrameworkObject(memory).head) else {
      status = FrameworkStatus.insufficientResources
      return nil
    }
    memory.pointee.head.handle = handle
    memory.pointee.head.parent = request.object.head
    memory.pointee.head.device = request.object.head.pointee.device
    memory.pointee.buffer = buffer.address
    memory.pointee.byteCount = buffer.byteCount
    memory.pointee.isReadOnly = buffer.isReadOnly
    memory.pointee.request = request.object.head
    return memory
  }

  /// What WdfRequestRetrieveInputBuffer and WdfRequestRetrieveOutputBuffer do.
  fileprivate func retrieve(
    _ side: BufferSide, of handle: UInt64, atLeast minimum: UInt64,
    _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ byteCount: UnsafeMutablePointer<UInt64>?
  ) -> Int32 {
    let request = request(handle)
    let result = require(result)
    result.pointee = nil
    byteCount?.pointee = 0
    var buffer = RequestBuffer()
    let status = find(side, of: request, into: &buffer)
    if status < 0 { return status }
    guard UInt64(buffer.byteCount) >= minimum else { return FrameworkStatus.bufferTooSmall }
    result.pointee = buffer.address
    byteCount?.pointee = UInt64(buffer.byteCount)
    return status
  }

  fileprivate func retrieveMemory(
    _ side: BufferSide, of handle: UInt64, _ result: UnsafeMutablePointer<UInt64>?
  ) -> Int32 {
    let request = request(handle)
    let result = require(result)
    result.pointee = 0
    var status: Int32 = 0
    if let memory = memory(side, of: request, status: &status) {
      result.pointee = memory.pointee.head.handle
    }
    return status
  }
}

@c(r3_WdfRequestRetrieveInputBuffer)
package func wdfRequestRetrieveInputBuffer(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ minimum: UInt64,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ byteCount: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.retrieve(.input, of: handle, atLeast: minimum, result, byteCount)
}

@c(r3_WdfRequestRetrieveOutputBuffer)
package func wdfRequestRetrieveOutputBuffer(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ minimum: UInt64,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ byteCount: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.retrieve(.output, of: handle, atLeast: minimum, result, byteCount)
}

@c(r3_WdfRequestRetrieveInputMemory)
package func wdfRequestRetrieveInputMemory(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.retrieveMemory(.input, of: handle, result)
}

@c(r3_WdfRequestRetrieveOutputMemory)
package func wdfRequestRetrieveOutputMemory(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.retrieveMemory(.output, of: handle, result)
}
