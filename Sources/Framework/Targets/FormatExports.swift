import CDriverKit
import CRing3
import IOManager
import Machine

// Formatting a request for WdfRequestSend; buffers are memory objects, or parts of them.
@c(r3_WdfIoTargetFormatRequestForRead)
package func wdfIoTargetFormatRequestForRead(
  _ globals: UnsafeMutableRawPointer, _ target: UInt64, _ request: UInt64, _ memory: UInt64,
  _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?, _ deviceOffset: UnsafePointer<Int64>?
) -> Int32 {
  Framework.current.formatTransfer(target, request, IRP_MJ_READ, memory, offsets, deviceOffset)
}

@c(r3_WdfIoTargetFormatRequestForWrite)
package func wdfIoTargetFormatRequestForWrite(
  _ globals: UnsafeMutableRawPointer, _ target: UInt64, _ request: UInt64, _ memory: UInt64,
  _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?, _ deviceOffset: UnsafePointer<Int64>?
) -> Int32 {
  Framework.current.formatTransfer(target, request, IRP_MJ_WRITE, memory, offsets, deviceOffset)
}

@c(r3_WdfIoTargetFormatRequestForIoctl)
package func wdfIoTargetFormatRequestForIoctl(
  _ globals: UnsafeMutableRawPointer, _ target: UInt64, _ request: UInt64, _ code: UInt32,
  _ input: UInt64, _ inputOffsets: UnsafePointer<WDFMEMORY_OFFSET>?, _ output: UInt64,
  _ outputOffsets: UnsafePointer<WDFMEMORY_OFFSET>?
) -> Int32 {
  Framework.current.formatControl(
    target, request, IRP_MJ_DEVICE_CONTROL, code, MemoryPart(input, inputOffsets),
    MemoryPart(output, outputOffsets))
}

@c(r3_WdfIoTargetFormatRequestForInternalIoctl)
package func wdfIoTargetFormatRequestForInternalIoctl(
  _ globals: UnsafeMutableRawPointer, _ target: UInt64, _ request: UInt64, _ code: UInt32,
  _ input: UInt64, _ inputOffsets: UnsafePointer<WDFMEMORY_OFFSET>?, _ output: UInt64,
  _ outputOffsets: UnsafePointer<WDFMEMORY_OFFSET>?
) -> Int32 {
  Framework.current.formatControl(
    target, request, IRP_MJ_INTERNAL_DEVICE_CONTROL, code, MemoryPart(input, inputOffsets),
    MemoryPart(output, outputOffsets))
}

@c(r3_WdfIoTargetFormatRequestForInternalIoctlOthers)
package func wdfIoTargetFormatRequestForInternalIoctlOthers(
  _ globals: UnsafeMutableRawPointer, _ target: UInt64, _ request: UInt64, _ code: UInt32,
  _ first: UInt64, _ firstOffsets: UnsafePointer<WDFMEMORY_OFFSET>?, _ second: UInt64,
  _ secondOffsets: UnsafePointer<WDFMEMORY_OFFSET>?, _ fourth: UInt64,
  _ fourthOffsets: UnsafePointer<WDFMEMORY_OFFSET>?
) -> Int32 {
  Framework.current.formatOthers(
    target, request, code, MemoryPart(first, firstOffsets), MemoryPart(second, secondOffsets),
    MemoryPart(fourth, fourthOffsets))
}

/// A memory object and which part of it is meant.
private struct MemoryPart {
  let memory: UInt64
  let offsets: UnsafePointer<WDFMEMORY_OFFSET>?

  init(_ memory: UInt64, _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?) {
    self.memory = memory
    self.offsets = offsets
  }

  var handle: WDFMEMORY? { WDFMEMORY(bitPattern: UInt(memory)) }
  var offset: Int { offsets.map { Int($0.pointee.BufferOffset) } ?? 0 }
}

extension Framework {
  fileprivate func formatTransfer(
    _ targetHandle: UInt64, _ handle: UInt64, _ major: Int32, _ memory: UInt64,
    _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?, _ deviceOffset: UnsafePointer<Int64>?
  ) -> Int32 {
    let target = target(targetHandle)
    let request = request(handle)
    var buffer = TargetBuffer()
    var status = self.buffer(memory, offsets, into: &buffer)
    if status < 0 { return status }
    status = format(request, for: target, major, buffer, offset: deviceOffset?.pointee ?? 0)
    guard status >= 0, let format = request.pointee.send.format else { return status }
    let part = MemoryPart(memory, offsets)
    if major == IRP_MJ_READ {
      format.pointee.parameters.`Type` = WdfRequestTypeRead
      format.pointee.parameters.Parameters.Read.Buffer = part.handle
      format.pointee.parameters.Parameters.Read.Offset = part.offset
    } else {
      format.pointee.parameters.`Type` = WdfRequestTypeWrite
      format.pointee.parameters.Parameters.Write.Buffer = part.handle
      format.pointee.parameters.Parameters.Write.Offset = part.offset
    }
    return status
  }

  fileprivate func formatControl(
    _ targetHandle: UInt64, _ handle: UInt64, _ major: Int32, _ code: UInt32,
    _ input: MemoryPart, _ output: MemoryPart
  ) -> Int32 {
    let target = target(targetHandle)
    let request = request(handle)
    var buffers = (TargetBuffer(), TargetBuffer())
    var status = buffer(input.memory, input.offsets, into: &buffers.0)
    if status < 0 { return status }
    status = buffer(output.memory, output.offsets, into: &buffers.1)
    if status < 0 { return status }
    status = format(
      request, for: target, major, code: code, input: buffers.0, output: buffers.1)
    guard status >= 0, let format = request.pointee.send.format else { return status }
    format.pointee.parameters.`Type` =
      major == IRP_MJ_DEVICE_CONTROL
      ? WdfRequestTypeDeviceControl : WdfRequestTypeDeviceControlInternal
    format.pointee.parameters.Parameters.Ioctl.IoControlCode = code
    format.pointee.parameters.Parameters.Ioctl.Input.Buffer = input.handle
    format.pointee.parameters.Parameters.Ioctl.Input.Offset = input.offset
    format.pointee.parameters.Parameters.Ioctl.Output.Buffer = output.handle
    format.pointee.parameters.Parameters.Ioctl.Output.Offset = output.offset
    return status
  }

  fileprivate func formatOthers(
    _ targetHandle: UInt64, _ handle: UInt64, _ code: UInt32, _ first: MemoryPart,
    _ second: MemoryPart, _ fourth: MemoryPart
  ) -> Int32 {
    let target = target(targetHandle)
    let request = request(handle)
    var buffers = (TargetBuffer(), TargetBuffer(), TargetBuffer())
    var status = buffer(first.memory, first.offsets, into: &buffers.0)
    if status >= 0 { status = buffer(second.memory, second.offsets, into: &buffers.1) }
    if status >= 0 { status = buffer(fourth.memory, fourth.offsets, into: &buffers.2) }
    if status < 0 { return status }
    status = format(request, for: target, code: code, arguments: buffers)
    guard status >= 0, let format = request.pointee.send.format else { return status }
    let next = machine.io.nextLocation(request.packet)
    format.pointee.parameters.`Type` = WdfRequestTypeOther
    format.pointee.parameters.Parameters.Others.Argument1.Ptr =
      next.pointee.Parameters.Others.Argument1
    format.pointee.parameters.Parameters.Others.Argument2.Ptr =
      next.pointee.Parameters.Others.Argument2
    format.pointee.parameters.Parameters.Others.Argument4.Ptr =
      next.pointee.Parameters.Others.Argument4
    return status
  }
}
