import CDriverKit
import CRing3
import IOManager
import Machine
import Objects

private typealias Context = UnsafeMutableRawPointer

private func state(_ context: Context) -> UnsafeMutablePointer<UsbState> {
  Machine.current.plugAndPlay.usb(context.assumingMemoryBound(to: DEVICE_OBJECT.self))
}

private let reference: @convention(c) (Context) -> UInt64 = { context in
  Machine.current.objects.reference(context)
  return 0
}

private let dereference: @convention(c) (Context) -> UInt64 = { context in
  Machine.current.objects.dereference(context)
  return 0
}

private let getVersion:
  @convention(c) (
    Context, UnsafeMutablePointer<USBD_VERSION_INFORMATION>?, UnsafeMutablePointer<UInt32>?
  ) -> UInt64 = { context, version, capabilities in
    version?.pointee = UsbVersion.information(state(context).pointee.speed)
    capabilities?.pointee = 0
    return 0
  }

private let queryTime: @convention(c) (Context, UnsafeMutablePointer<UInt32>?) -> UInt64 = {
  _, frame in
  frame?.pointee = Machine.current.plugAndPlay.usbFrame
  return returned(frame == nil ? PnpStatus.invalidParameter : PnpStatus.success)
}

private let submitFrames: @convention(c) (Context, UnsafeMutableRawPointer?) -> UInt64 = { _, _ in
  returned(PnpStatus.notSupported)
}

/// What the bus carries is not counted: all of it is free.
private let queryInformation:
  @convention(c) (
    Context, UInt64, UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt32>?,
    UnsafeMutablePointer<UInt32>?
  ) -> UInt64 = { context, level, buffer, length, actual in
    guard level & 0xFFFF_FFFF == 0, let buffer, let length else {
      return returned(PnpStatus.notSupported)
    }
    let size = UInt32(MemoryLayout<USB_BUS_INFORMATION_LEVEL_0>.size)
    actual?.pointee = size
    guard length.pointee >= size else { return returned(PnpStatus.bufferTooSmall) }
    let speed: UInt32 =
      switch state(context).pointee.speed {
      case .low, .full: 12_000_000
      case .high: 480_000_000
      case .super: .max
      }
    buffer.storeBytes(
      of: USB_BUS_INFORMATION_LEVEL_0(TotalBandwidth: speed, ConsumedBandwidth: 0),
      as: USB_BUS_INFORMATION_LEVEL_0.self)
    length.pointee = size
    return returned(PnpStatus.success)
  }

private let isHighSpeed: @convention(c) (Context) -> UInt64 = { context in
  state(context).pointee.speed.rawValue >= USBDescription.Speed.high.rawValue ? 1 : 0
}

private let enumerateLog: @convention(c) (Context) -> UInt64 = { _ in returned(PnpStatus.success) }

private let queryTimeExtended: @convention(c) (Context, UnsafeMutablePointer<UInt32>?) -> UInt64 = {
  context, microframe in
  guard let microframe else { return returned(PnpStatus.invalidParameter) }
  guard isHighSpeed(context) != 0 else { return returned(PnpStatus.notSupported) }
  microframe.pointee = UInt32(truncatingIfNeeded: Machine.current.interruptTime / 1_250)
  return returned(PnpStatus.success)
}

private let queryController: @convention(c) (Context) -> UInt64 = { _ in
  returned(PnpStatus.notSupported)
}

/// The members of USB_BUS_INTERFACE_USBDI_V3, in their order.
enum UsbInterfaceRoutines {
  static func make(_ body: (Int, UnsafeRawPointer, UInt32) -> Void) {
    body(0, unsafeBitCast(reference, to: UnsafeRawPointer.self), 1)
    body(1, unsafeBitCast(dereference, to: UnsafeRawPointer.self), 1)
    body(2, unsafeBitCast(getVersion, to: UnsafeRawPointer.self), 3)
    body(3, unsafeBitCast(queryTime, to: UnsafeRawPointer.self), 2)
    body(4, unsafeBitCast(submitFrames, to: UnsafeRawPointer.self), 2)
    body(5, unsafeBitCast(queryInformation, to: UnsafeRawPointer.self), 5)
    body(6, unsafeBitCast(isHighSpeed, to: UnsafeRawPointer.self), 1)
    body(7, unsafeBitCast(enumerateLog, to: UnsafeRawPointer.self), 1)
    body(8, unsafeBitCast(queryTimeExtended, to: UnsafeRawPointer.self), 2)
    body(9, unsafeBitCast(queryController, to: UnsafeRawPointer.self), 1)
  }
}

/// Versions of the driver interface and of the bus.
enum UsbVersion {
  static func information(_ speed: USBDescription.Speed) -> USBD_VERSION_INFORMATION {
    USBD_VERSION_INFORMATION(
      USBDI_Version: UInt32(USBDI_VERSION), Supported_USB_Version: speed == .super ? 0x300 : 0x200)
  }
}

extension PlugAndPlay {
  /// Answers IRP_MN_QUERY_INTERFACE for the interface of the bus; nil for any other.
  func answerUsbInterface(_ device: DevicePointer, _ location: StackPointer) -> Int32? {
    let asked = location.pointee.Parameters.QueryInterface
    guard let type = asked.InterfaceType, let interface = asked.Interface,
      isUsbInterface(type.pointee)
    else { return nil }
    let size: Int
    switch asked.Version {
    case 0: size = MemoryLayout<USB_BUS_INTERFACE_USBDI_V0>.size
    case 1: size = MemoryLayout<USB_BUS_INTERFACE_USBDI_V1>.size
    case 2: size = MemoryLayout<USB_BUS_INTERFACE_USBDI_V2>.size
    case 3: size = MemoryLayout<USB_BUS_INTERFACE_USBDI_V3>.size
    default: return PnpStatus.notSupported
    }
    guard Int(asked.Size) >= size else { return PnpStatus.invalidParameter }
    let answer = UnsafeMutableRawPointer(interface)
    answer.storeBytes(of: UInt16(size), as: UInt16.self)
    answer.storeBytes(of: asked.Version, toByteOffset: 2, as: UInt16.self)
    answer.storeBytes(of: bits(device), toByteOffset: 8, as: UInt64.self)
    for index in 0..<(size - 16) / 8 {
      answer.storeBytes(
        of: bits(UsbRoutines.member(index)), toByteOffset: 16 + index * 8, as: UInt64.self)
    }
    machine.objects.reference(UnsafeMutableRawPointer(device))
    return PnpStatus.success
  }

  private func isUsbInterface(_ guid: GUID) -> Bool {
    let tail: UInt64 = withUnsafeBytes(of: guid.Data4) { $0.loadUnaligned(as: UInt64.self) }
    return guid.Data1 == 0xB1A9_6A13 && guid.Data2 == 0x3DE0 && guid.Data3 == 0x4574
      && tail == 0xD618_B3EA_8FC0_019B
  }
}
