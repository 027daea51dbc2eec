import CDriverKit
import Glibc
import IOManager
import Machine

// Standard requests that the descriptors and the bus's own state answer.
extension PlugAndPlay {
  /// The answer to a standard request; nil when it is the device's to give.
  func answerStandard(
    _ usb: UnsafeMutablePointer<UsbState>, _ setup: UsbSetup, _ bytes: UnsafeMutableRawPointer,
    _ count: Int
  ) -> UsbAnswer? {
    switch Int32(setup.request) {
    case USB_REQUEST_GET_DESCRIPTOR: descriptor(usb, setup, bytes, count)
    case USB_REQUEST_GET_STATUS: status(usb, setup, bytes, count)
    case USB_REQUEST_SET_FEATURE: setFeature(usb, setup, true)
    case USB_REQUEST_CLEAR_FEATURE: setFeature(usb, setup, false)
    case USB_REQUEST_GET_CONFIGURATION:
      word(UInt16(usb.withLock { usb.pointee.configuration }), bytes, min(count, 1))
    case USB_REQUEST_GET_INTERFACE: setting(usb, setup, bytes, count)
    // The bus does these itself; from a driver they would leave it wrong.
    case USB_REQUEST_SET_ADDRESS, USB_REQUEST_SET_CONFIGURATION, USB_REQUEST_SET_INTERFACE:
      UsbAnswer(status: UsbStatus.stall)
    default: nil
    }
  }

  private func descriptor(
    _ usb: UnsafeMutablePointer<UsbState>, _ setup: UsbSetup, _ bytes: UnsafeMutableRawPointer,
    _ count: Int
  ) -> UsbAnswer? {
    let type = UInt8(setup.value >> 8)
    guard setup.requestType == 0x80, (1...3).contains(type) else { return nil }
    guard let found = usb.pointee.descriptors.find(type, UInt8(setup.value & 0xFF)),
      let start = found.baseAddress
    else { return UsbAnswer(status: UsbStatus.stall) }
    let copied = min(count, found.count)
    memcpy(bytes, start, copied)
    return UsbAnswer(status: UsbStatus.success, count: copied)
  }

  private func status(
    _ usb: UnsafeMutablePointer<UsbState>, _ setup: UsbSetup, _ bytes: UnsafeMutableRawPointer,
    _ count: Int
  ) -> UsbAnswer? {
    let value: UInt16? = usb.withLock {
      switch setup.requestType & 0x1F {
      case 0:
        let attributes = attributes(usb)
        return (attributes & 0x40 != 0 ? 1 : 0) | (usb.pointee.wakeIsEnabled ? 2 : 0)
      case 1: return 0
      case 2:
        return usb.endpoint(UInt8(truncatingIfNeeded: setup.index)).pointee.isHalted ? 1 : 0
      default: return nil
      }
    }
    return value.map { word($0, bytes, min(count, 2)) }
  }

  /// `bmAttributes` of the selected configuration, or of the first one; under the lock.
  private func attributes(_ usb: UnsafeMutablePointer<UsbState>) -> UInt8 {
    let configuration =
      usb.pointee.descriptors.configuration(usb.pointee.configuration)
      ?? usb.pointee.descriptors.find(UInt8(USB_CONFIGURATION_DESCRIPTOR_TYPE), 0)
    return configuration?[7] ?? 0
  }

  private func setFeature(
    _ usb: UnsafeMutablePointer<UsbState>, _ setup: UsbSetup, _ isOn: Bool
  ) -> UsbAnswer? {
    let isDone: Bool? = usb.withLock {
      switch (setup.requestType & 0x1F, Int32(setup.value)) {
      case (0, USB_FEATURE_REMOTE_WAKEUP):
        guard attributes(usb) & 0x20 != 0 else { return false }
        usb.pointee.wakeIsEnabled = isOn
      case (2, USB_FEATURE_ENDPOINT_STALL):
        usb.endpoint(UInt8(truncatingIfNeeded: setup.index)).pointee.isHalted = isOn
      default: return nil
      }
      return true
    }
    return isDone.map { UsbAnswer(status: $0 ? UsbStatus.success : UsbStatus.stall) }
  }

  private func setting(
    _ usb: UnsafeMutablePointer<UsbState>, _ setup: UsbSetup, _ bytes: UnsafeMutableRawPointer,
    _ count: Int
  ) -> UsbAnswer {
    let interface = usb.withLock {
      setup.index < 32 ? usb.pointee.interfaces[Int(setup.index)] : UsbInterface()
    }
    guard interface.handle != 0 else { return UsbAnswer(status: UsbStatus.stall) }
    return word(UInt16(interface.setting), bytes, min(count, 1))
  }

  private func word(_ value: UInt16, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> UsbAnswer {
    if count > 0 { bytes.storeBytes(of: UInt8(value & 0xFF), as: UInt8.self) }
    if count > 1 { bytes.storeBytes(of: UInt8(value >> 8), toByteOffset: 1, as: UInt8.self) }
    return UsbAnswer(status: UsbStatus.success, count: count)
  }
}
