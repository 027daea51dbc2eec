import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory

// Control transfers, strings and request blocks of drivers.

@c(r3_WdfUsbTargetDeviceSendControlTransferSynchronously)
package func wdfUsbTargetDeviceSendControlTransferSynchronously(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?,
  _ setup: UnsafePointer<WDF_USB_CONTROL_SETUP_PACKET>?,
  _ given: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?, _ byteCount: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  let setup = framework.require(setup)
  return framework.performUsb(device.target, request, options, byteCount: byteCount) { request in
    var buffer = TargetBuffer()
    let status = framework.buffer(given, into: &buffer)
    if status < 0 { return status }
    return framework.formatControl(request, device, setup.pointee, buffer)
  }
}

@c(r3_WdfUsbTargetDeviceFormatRequestForControlTransfer)
package func wdfUsbTargetDeviceFormatRequestForControlTransfer(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ requestHandle: UInt64,
  _ setup: UnsafePointer<WDF_USB_CONTROL_SETUP_PACKET>?, _ memory: UInt64,
  _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  let request = framework.request(requestHandle)
  let setup = framework.require(setup).pointee
  var buffer = TargetBuffer()
  var status = framework.buffer(memory, offsets, into: &buffer)
  if status < 0 { return status }
  status = framework.formatControl(request, device, setup, buffer)
  guard status >= 0, let usb = request.pointee.send.format?.pointee.usb else { return status }
  usb.completion.pointee.Parameters.DeviceControlTransfer.Buffer =
    WDFMEMORY(bitPattern: UInt(memory))
  return status
}

extension Framework {
  /// Formats a control transfer; the length of the data is that of the buffer.
  fileprivate func formatControl(
    _ request: UnsafeMutablePointer<RequestBody>, _ device: UsbDevicePointer,
    _ setup: WDF_USB_CONTROL_SETUP_PACKET, _ buffer: TargetBuffer
  ) -> Int32 {
    guard buffer.byteCount <= UInt32(UInt16.max) else { return FrameworkStatus.invalidBufferSize }
    return formatUsb(request, for: device.target, WdfUsbRequestTypeDeviceControlTransfer, buffer) {
      usb, urb in
      var setup = setup
      setup.Packet.wLength = UInt16(buffer.byteCount)
      let isIn = setup.Generic.Bytes.0 & 0x80 != 0
      let part = urb.transfer
      part.pointee.Hdr.Function = UInt16(URB_FUNCTION_CONTROL_TRANSFER)
      part.pointee.Hdr.Length = UInt16(MemoryLayout<_URB_CONTROL_TRANSFER>.size)
      part.pointee.TransferFlags = UInt32(
        USBD_DEFAULT_PIPE_TRANSFER
          | (isIn ? USBD_TRANSFER_DIRECTION_IN | USBD_SHORT_TRANSFER_OK : 0))
      part.pointee.TransferBufferLength = buffer.byteCount
      part.pointee.SetupPacket = setup.Generic.Bytes
      usb.completion.pointee.Parameters.DeviceControlTransfer.SetupPacket = setup
      return address(of: buffer, into: &part.pointee.TransferBuffer)
    }
  }
}

// MARK: Request blocks

@c(r3_WdfUsbTargetDeviceSendUrbSynchronously)
package func wdfUsbTargetDeviceSendUrbSynchronously(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?, _ urb: UnsafeMutableRawPointer?
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  let urb = framework.require(urb)
  return framework.performUsb(device.target, request, options) { request in
    framework.formatUsb(
      request, for: device.target, WdfUsbRequestTypeDeviceUrb, TargetBuffer(), urb: urb)
  }
}

@c(r3_WdfUsbTargetDeviceFormatRequestForUrb)
package func wdfUsbTargetDeviceFormatRequestForUrb(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64, _ memory: UInt64,
  _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  return framework.formatUrb(
    framework.request(request), device.target, WdfUsbRequestTypeDeviceUrb, memory, offsets)
}

extension Framework {
  /// Formats a request with a request block in a memory object of the driver's.
  func formatUrb(
    _ request: UnsafeMutablePointer<RequestBody>, _ target: UnsafeMutablePointer<TargetBody>,
    _ type: WDF_USB_REQUEST_TYPE, _ memory: UInt64, _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?
  ) -> Int32 {
    if memory == 0 { missingParameter() }
    var buffer = TargetBuffer()
    var status = self.buffer(memory, offsets, into: &buffer)
    if status < 0 { return status }
    guard Int(buffer.byteCount) >= MemoryLayout<_URB_HEADER>.size, let urb = buffer.address else {
      return FrameworkStatus.invalidParameter
    }
    status = formatUsb(request, for: target, type, buffer, urb: urb)
    guard status >= 0, let usb = request.pointee.send.format?.pointee.usb else { return status }
    usb.completion.pointee.Parameters.DeviceUrb.Buffer = WDFMEMORY(bitPattern: UInt(memory))
    return status
  }
}

// MARK: Strings

/// NULL asks for the number of characters.
@c(r3_WdfUsbTargetDeviceQueryString)
package func wdfUsbTargetDeviceQueryString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?, _ string: UnsafeMutablePointer<UInt16>?,
  _ count: UnsafeMutablePointer<UInt16>?, _ index: UInt32, _ language: UInt32
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  let count = framework.require(count)
  let which = UsbString(index, language)
  return framework.queryString(device, request, options, string, count, which)
}

@c(r3_WdfUsbTargetDeviceAllocAndQueryString)
package func wdfUsbTargetDeviceAllocAndQueryString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?,
  _ countResult: UnsafeMutablePointer<UInt16>?, _ index: UInt32, _ language: UInt32
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  let result = framework.require(result)
  result.pointee = 0
  countResult?.pointee = 0
  var attributes = ObjectAttributes()
  var status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  let which = UsbString(index, language)
  var count: UInt16 = 0
  status = framework.queryString(device, 0, nil, nil, &count, which)
  if status < 0 { return status }
  guard
    let memory = framework.makeZeroedMemory(
      device.globals, attributes, max(Int(count), 1) * 2)
  else { return FrameworkStatus.insufficientResources }
  let address = memory.pointee.buffer?.assumingMemoryBound(to: UInt16.self)
  status = framework.queryString(device, 0, nil, address, &count, which)
  if status < 0 {
    framework.discard(FrameworkObject(memory))
    return status
  }
  countResult?.pointee = count
  return framework.publish(
    FrameworkObject(memory), attributes, default: device.object, result)
}

/// A string of a device, by index and language.
struct UsbString {
  let index: UInt8
  let language: UInt16

  init(_ index: UInt32, _ language: UInt32) {
    self.index = UInt8(truncatingIfNeeded: index)
    self.language = UInt16(truncatingIfNeeded: language)
  }
}

extension Framework {
  /// The longest string descriptor.
  private static var stringByteCount: Int { 256 }

  fileprivate func queryString(
    _ device: UsbDevicePointer, _ handle: UInt64,
    _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?, _ string: UnsafeMutablePointer<UInt16>?,
    _ count: UnsafeMutablePointer<UInt16>, _ which: UsbString
  ) -> Int32 {
    guard
      let block = machine.pool.allocate(
        Self.stringByteCount, kind: .nonpaged, tag: device.globals.pointee.visible.DriverTag)
    else { return FrameworkStatus.insufficientResources }
    memset(block, 0, Self.stringByteCount)
    let status = performUsb(device.target, handle, options) { request in
      formatUsb(request, for: device.target, WdfUsbRequestTypeDeviceUrb, TargetBuffer()) { _, urb in
        fillDescriptor(
          urb, UInt8(USB_STRING_DESCRIPTOR_TYPE), which.index, which.language, block, 255)
        return 0
      }
    }
    let length = Int(block.load(as: UInt8.self))
    let result = status < 0 ? status : copyString(block, length, string, count)
    machine.pool.free(block)
    return result
  }

  private func copyString(
    _ descriptor: UnsafeMutableRawPointer, _ length: Int, _ string: UnsafeMutablePointer<UInt16>?,
    _ count: UnsafeMutablePointer<UInt16>
  ) -> Int32 {
    // STATUS_DEVICE_DATA_ERROR
    guard length >= 2, length & 1 == 0 else { return Int32(bitPattern: 0xC000_009C) }
    let characters = UInt16((length - 2) / 2)
    guard let string else {
      count.pointee = characters
      return 0
    }
    let copied = min(characters, count.pointee)
    let isCut = characters > count.pointee
    DriverMemory.copy(to: UnsafeMutableRawPointer(string), from: descriptor + 2, Int(copied) * 2)
    count.pointee = characters
    return isCut ? FrameworkStatus.bufferOverflow : 0
  }
}

@c(r3_WdfUsbTargetDeviceFormatRequestForString)
package func wdfUsbTargetDeviceFormatRequestForString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ requestHandle: UInt64, _ memory: UInt64,
  _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?, _ index: UInt32, _ language: UInt32
) -> Int32 {
  let framework = Framework.current
  let device = framework.usbDevice(handle)
  let request = framework.request(requestHandle)
  if memory == 0 { framework.missingParameter() }
  var buffer = TargetBuffer()
  let status = framework.buffer(memory, offsets, into: &buffer)
  if status < 0 { return status }
  guard buffer.byteCount & 1 == 0 else { return FrameworkStatus.invalidParameter }
  let which = UsbString(index, language)
  return framework.formatUsb(request, for: device.target, WdfUsbRequestTypeDeviceString, buffer) {
    usb, urb in
    guard let block = framework.stringBuffer(of: usb, device) else {
      return FrameworkStatus.insufficientResources
    }
    framework.fillDescriptor(
      urb, UInt8(USB_STRING_DESCRIPTOR_TYPE), which.index, which.language, block, 255)
    usb.pointee.characterByteCount = Int(buffer.byteCount)
    usb.completion.pointee.Parameters.DeviceString.Buffer = WDFMEMORY(bitPattern: UInt(memory))
    usb.completion.pointee.Parameters.DeviceString.LangID = which.language
    usb.completion.pointee.Parameters.DeviceString.StringIndex = which.index
    return framework.address(of: buffer, into: &usb.pointee.characters)
  }
}

extension Framework {
  fileprivate func stringBuffer(
    of usb: UnsafeMutablePointer<UsbFormat>, _ device: UsbDevicePointer
  ) -> UnsafeMutableRawPointer? {
    if let known = usb.pointee.string { return UnsafeMutableRawPointer(known) }
    let block = machine.pool.allocate(
      Self.stringByteCount, kind: .nonpaged, tag: device.globals.pointee.visible.DriverTag)
    usb.pointee.string = block?.assumingMemoryBound(to: UInt8.self)
    return block
  }
}
