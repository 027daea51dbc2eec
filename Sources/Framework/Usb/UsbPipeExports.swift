import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

@c(r3_WdfUsbTargetPipeGetInformation)
package func wdfUsbTargetPipeGetInformation(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ result: UnsafeMutablePointer<WDF_USB_PIPE_INFORMATION>?
) {
  let framework = Framework.current
  let pipe = framework.usbPipe(handle)
  let result = framework.require(result)
  if framework.hasRightSize(result) { framework.fill(result, pipe) }
}

@c(r3_WdfUsbTargetPipeIsInEndpoint)
package func wdfUsbTargetPipeIsInEndpoint(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt8
{
  Framework.current.usbPipe(handle).isIn ? 1 : 0
}

@c(r3_WdfUsbTargetPipeIsOutEndpoint)
package func wdfUsbTargetPipeIsOutEndpoint(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt8
{
  Framework.current.usbPipe(handle).isIn ? 0 : 1
}

@c(r3_WdfUsbTargetPipeGetType)
package func wdfUsbTargetPipeGetType(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt32
{
  Framework.current.usbPipe(handle).type.rawValue
}

@c(r3_WdfUsbTargetPipeSetNoMaximumPacketSizeCheck)
package func wdfUsbTargetPipeSetNoMaximumPacketSizeCheck(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) {
  Framework.current.usbPipe(handle).pointee.checksPacketSize = false
}

@c(r3_WdfUsbTargetPipeWdmGetPipeHandle)
package func wdfUsbTargetPipeWdmGetPipeHandle(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UnsafeMutableRawPointer?
{
  Framework.current.usbPipe(handle).pointee.information.PipeHandle
}

// MARK: Transfers

private let reading = UInt32(USBD_TRANSFER_DIRECTION_IN | USBD_SHORT_TRANSFER_OK)

@c(r3_WdfUsbTargetPipeWriteSynchronously)
package func wdfUsbTargetPipeWriteSynchronously(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?,
  _ given: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?, _ byteCount: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  Framework.current.transfer(handle, request, options, given, byteCount, flags: 0)
}

@c(r3_WdfUsbTargetPipeReadSynchronously)
package func wdfUsbTargetPipeReadSynchronously(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?,
  _ given: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?, _ byteCount: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  Framework.current.transfer(handle, request, options, given, byteCount, flags: reading)
}

@c(r3_WdfUsbTargetPipeFormatRequestForWrite)
package func wdfUsbTargetPipeFormatRequestForWrite(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64, _ memory: UInt64,
  _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?
) -> Int32 {
  Framework.current.formatTransfer(handle, request, memory, offsets, flags: 0)
}

@c(r3_WdfUsbTargetPipeFormatRequestForRead)
package func wdfUsbTargetPipeFormatRequestForRead(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64, _ memory: UInt64,
  _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?
) -> Int32 {
  Framework.current.formatTransfer(handle, request, memory, offsets, flags: reading)
}

extension Framework {
  fileprivate func transfer(
    _ handle: UInt64, _ request: UInt64, _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?,
    _ given: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?, _ byteCount: UnsafeMutablePointer<UInt32>?,
    flags: UInt32
  ) -> Int32 {
    let pipe = usbPipe(handle)
    return performUsb(pipe.target, request, options, byteCount: byteCount) { request in
      var buffer = TargetBuffer()
      let status = self.buffer(given, into: &buffer)
      if status < 0 { return status }
      return formatTransfer(request, pipe, buffer, flags)
    }
  }

  fileprivate func formatTransfer(
    _ handle: UInt64, _ requestHandle: UInt64, _ memory: UInt64,
    _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?, flags: UInt32
  ) -> Int32 {
    let pipe = usbPipe(handle)
    let request = request(requestHandle)
    var buffer = TargetBuffer()
    var status = self.buffer(memory, offsets, into: &buffer)
    if status < 0 { return status }
    status = formatTransfer(request, pipe, buffer, flags)
    guard status >= 0, let usb = request.pointee.send.format?.pointee.usb else { return status }
    // Read and write have the same layout.
    usb.completion.pointee.Parameters.PipeRead.Buffer = WDFMEMORY(bitPattern: UInt(memory))
    usb.completion.pointee.Parameters.PipeRead.Offset = buffer.offset
    usb.completion.pointee.Parameters.PipeRead.Length = Int(buffer.byteCount)
    return status
  }

  /// Formats a bulk or interrupt transfer.
  func formatTransfer(
    _ request: UnsafeMutablePointer<RequestBody>, _ pipe: UsbPipePointer, _ buffer: TargetBuffer,
    _ flags: UInt32
  ) -> Int32 {
    let isRead = flags & UInt32(USBD_TRANSFER_DIRECTION_IN) != 0
    guard pipe.isBulkOrInterrupt, pipe.isIn == isRead else {
      return FrameworkStatus.invalidDeviceRequest
    }
    if isRead {
      let status = checkLength(Int(buffer.byteCount), pipe)
      if status < 0 { return status }
    }
    let type = isRead ? WdfUsbRequestTypePipeRead : WdfUsbRequestTypePipeWrite
    return formatUsb(request, for: pipe.target, type, buffer) { _, urb in
      let part = urb.part(_URB_BULK_OR_INTERRUPT_TRANSFER.self)
      part.pointee.Hdr.Function = UInt16(URB_FUNCTION_BULK_OR_INTERRUPT_TRANSFER)
      part.pointee.Hdr.Length = UInt16(MemoryLayout<_URB_BULK_OR_INTERRUPT_TRANSFER>.size)
      part.pointee.PipeHandle = pipe.pointee.information.PipeHandle
      part.pointee.TransferFlags = flags
      part.pointee.TransferBufferLength = buffer.byteCount
      return address(of: buffer, into: &part.pointee.TransferBuffer)
    }
  }

  /// A read takes whole packets, unless the driver said otherwise.
  func checkLength(_ byteCount: Int, _ pipe: UsbPipePointer) -> Int32 {
    let size = Int(pipe.pointee.information.MaximumPacketSize)
    guard pipe.pointee.checksPacketSize, size > 0 else { return 0 }
    return byteCount % size == 0 ? 0 : FrameworkStatus.invalidBufferSize
  }
}

// MARK: Abort and reset

@c(r3_WdfUsbTargetPipeAbortSynchronously)
package func wdfUsbTargetPipeAbortSynchronously(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?
) -> Int32 {
  let framework = Framework.current
  let pipe = framework.usbPipe(handle)
  return framework.performUsb(pipe.target, request, options) {
    framework.formatPipeRequest($0, pipe, usbAbort)
  }
}

@c(r3_WdfUsbTargetPipeFormatRequestForAbort)
package func wdfUsbTargetPipeFormatRequestForAbort(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64
) -> Int32 {
  let framework = Framework.current
  let pipe = framework.usbPipe(handle)
  return framework.formatPipeRequest(framework.request(request), pipe, usbAbort)
}

@c(r3_WdfUsbTargetPipeResetSynchronously)
package func wdfUsbTargetPipeResetSynchronously(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?
) -> Int32 {
  let framework = Framework.current
  let pipe = framework.usbPipe(handle)
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  framework.cancelSent(of: pipe.target, includingIgnoring: false)
  return framework.performUsb(pipe.target, request, options, ignoresState: true) {
    framework.formatPipeRequest($0, pipe, usbReset)
  }
}

@c(r3_WdfUsbTargetPipeFormatRequestForReset)
package func wdfUsbTargetPipeFormatRequestForReset(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64
) -> Int32 {
  let framework = Framework.current
  let pipe = framework.usbPipe(handle)
  return framework.formatPipeRequest(framework.request(request), pipe, usbReset)
}

private let usbAbort = (WdfUsbRequestTypePipeAbort, URB_FUNCTION_ABORT_PIPE)
private let usbReset = (WdfUsbRequestTypePipeReset, URB_FUNCTION_SYNC_RESET_PIPE_AND_CLEAR_STALL)

extension Framework {
  func formatPipeRequest(
    _ request: UnsafeMutablePointer<RequestBody>, _ pipe: UsbPipePointer,
    _ wanted: (type: WDF_USB_REQUEST_TYPE, function: Int32)
  ) -> Int32 {
    formatUsb(request, for: pipe.target, wanted.type, TargetBuffer()) { _, urb in
      let part = urb.part(_URB_PIPE_REQUEST.self)
      part.pointee.Hdr.Function = UInt16(wanted.function)
      part.pointee.Hdr.Length = UInt16(MemoryLayout<_URB_PIPE_REQUEST>.size)
      part.pointee.PipeHandle = pipe.pointee.information.PipeHandle
      return 0
    }
  }

  /// Resets a pipe whose transfers have come back.
  func reset(_ pipe: UsbPipePointer) -> Int32 {
    performUsb(pipe.target, 0, nil, ignoresState: true) { request in
      formatPipeRequest(request, pipe, usbReset)
    }
  }
}

// MARK: Request blocks

@c(r3_WdfUsbTargetPipeSendUrbSynchronously)
package func wdfUsbTargetPipeSendUrbSynchronously(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?, _ urb: UnsafeMutableRawPointer?
) -> Int32 {
  let framework = Framework.current
  let pipe = framework.usbPipe(handle)
  let urb = framework.require(urb)
  return framework.performUsb(pipe.target, request, options) { request in
    framework.formatUsb(
      request, for: pipe.target, WdfUsbRequestTypePipeUrb, TargetBuffer(), urb: urb)
  }
}

@c(r3_WdfUsbTargetPipeFormatRequestForUrb)
package func wdfUsbTargetPipeFormatRequestForUrb(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64, _ memory: UInt64,
  _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?
) -> Int32 {
  let framework = Framework.current
  let pipe = framework.usbPipe(handle)
  return framework.formatUrb(
    framework.request(request), pipe.target, WdfUsbRequestTypePipeUrb, memory, offsets)
}
