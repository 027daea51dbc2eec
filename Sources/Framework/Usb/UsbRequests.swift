import CDriverKit
import CRing3
import IOManager
import Machine

// Requests of the framework itself, which go whatever the target's state, and how they are formatted.
extension Framework {
  /// Sends a request block of the framework's and waits.
  func send(_ urb: UnsafeMutableRawPointer, to device: UsbDevicePointer) -> Int32 {
    performUsb(device.target, 0, nil, ignoresState: true) { request in
      formatUsb(request, for: device.target, WdfUsbRequestTypeDeviceUrb, TargetBuffer(), urb: urb)
    }
  }

  /// Reads a descriptor; fewer bytes than there is room for are an error.
  func getDescriptor(
    _ device: UsbDevicePointer, _ type: UInt8, _ index: UInt8, _ language: UInt16,
    _ buffer: UnsafeMutableRawBufferPointer
  ) -> Int32 {
    var count: UInt32 = 0
    let status = performUsb(
      device.target, 0, nil, ignoresState: true, byteCount: &count
    ) { request in
      formatUsb(request, for: device.target, WdfUsbRequestTypeDeviceUrb, TargetBuffer()) { _, urb in
        fillDescriptor(urb, type, index, language, buffer.baseAddress, buffer.count)
        return 0
      }
    }
    // STATUS_DEVICE_DATA_ERROR
    return status >= 0 && Int(count) < buffer.count ? Int32(bitPattern: 0xC000_009C) : status
  }

  func fillDescriptor(
    _ urb: UnsafeMutablePointer<URB>, _ type: UInt8, _ index: UInt8, _ language: UInt16,
    _ buffer: UnsafeMutableRawPointer?, _ byteCount: Int
  ) {
    let part = urb.part(_URB_CONTROL_DESCRIPTOR_REQUEST.self)
    part.pointee.Hdr.Function = UInt16(URB_FUNCTION_GET_DESCRIPTOR_FROM_DEVICE)
    part.pointee.Hdr.Length = UInt16(MemoryLayout<_URB_CONTROL_DESCRIPTOR_REQUEST>.size)
    part.pointee.DescriptorType = type
    part.pointee.Index = index
    part.pointee.LanguageId = language
    part.pointee.TransferBuffer = buffer
    part.pointee.TransferBufferLength = UInt32(byteCount)
  }

  func getUsbStatus(_ device: UsbDevicePointer, _ word: inout UInt16) -> Int32 {
    withUnsafeMutablePointer(to: &word) { word in
      performUsb(device.target, 0, nil, ignoresState: true) { request in
        formatUsb(request, for: device.target, WdfUsbRequestTypeDeviceUrb, TargetBuffer()) {
          _, urb in
          let part = urb.part(_URB_CONTROL_GET_STATUS_REQUEST.self)
          part.pointee.Hdr.Function = UInt16(URB_FUNCTION_GET_STATUS_FROM_DEVICE)
          part.pointee.Hdr.Length = UInt16(MemoryLayout<_URB_CONTROL_GET_STATUS_REQUEST>.size)
          part.pointee.TransferBuffer = UnsafeMutableRawPointer(word)
          part.pointee.TransferBufferLength = 2
          return 0
        }
      }
    }
  }

  /// Sends an internal control code without buffers, and waits.
  func sendUsbCode(_ code: UInt32, _ argument: UnsafeMutableRawPointer?, _ device: UsbDevicePointer)
    -> Int32
  {
    performUsb(device.target, 0, nil, ignoresState: true) { request in
      var buffer = TargetBuffer()
      buffer.address = argument
      return format(
        request, for: device.target, code: code,
        arguments: (buffer, TargetBuffer(), TargetBuffer()))
    }
  }

  /// `USBD_PORT_ENABLED` and `USBD_PORT_CONNECTED`, as the bus says.
  func portStatus(of device: UsbDevicePointer, _ bits: inout UInt32) -> Int32 {
    withUnsafeMutablePointer(to: &bits) {
      sendUsbCode(0x22_0013, UnsafeMutableRawPointer($0), device)
    }
  }

  /// Whether the device is there: STATUS_DEVICE_DOES_NOT_EXIST when it is not.
  func isConnected(_ device: UsbDevicePointer) -> Int32 {
    var bits: UInt32 = 0
    let status = portStatus(of: device, &bits)
    guard status >= 0 else { return status }
    return bits & UInt32(USBD_PORT_CONNECTED) != 0 ? 0 : Int32(bitPattern: 0xC000_00C0)
  }

  func resetPort(of device: UsbDevicePointer) -> Int32 {
    cancelSent(of: device.target, includingIgnoring: false)
    return sendUsbCode(0x22_0007, nil, device)
  }
}
