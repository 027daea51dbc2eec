import CDriverKit
import CRing3
import IOManager
import Machine

/// IRP_MJ_INTERNAL_DEVICE_CONTROL of USB devices.
let usbInternalControl: RootDispatch = { device, irp in
  returned(Machine.current.plugAndPlay.controlUsb(device, irp))
}

/// The internal control codes; C has them as expressions.
private enum UsbCode {
  static let submitURB: UInt32 = 0x22_0003
  static let resetPort: UInt32 = 0x22_0007
  static let getPortStatus: UInt32 = 0x22_0013
  static let cyclePort: UInt32 = 0x22_001F
  static let submitIdleNotification: UInt32 = 0x22_0027
}

extension PlugAndPlay {
  fileprivate func controlUsb(_ device: DevicePointer, _ irp: IRPPointer) -> Int32 {
    let usb = usb(device)
    guard let location = irp.pointee.Tail.Overlay.CurrentStackLocation else {
      return PnpStatus.invalidParameter
    }
    let argument = location.pointee.Parameters.Others.Argument1
    irp.pointee.IoStatus.Information = 0
    switch location.pointee.Parameters.DeviceIoControl.IoControlCode {
    case UsbCode.submitURB:
      guard let argument else { return end(irp, PnpStatus.invalidParameter) }
      return submit(argument.assumingMemoryBound(to: URB.self), irp, usb)
    case UsbCode.getPortStatus:
      guard let argument else { return end(irp, PnpStatus.invalidParameter) }
      let isConnected = usb.withLock { usb.pointee.isConnected }
      let bits = isConnected ? USBD_PORT_ENABLED | USBD_PORT_CONNECTED : 0
      argument.storeBytes(of: UInt32(bits), as: UInt32.self)
      return end(irp, PnpStatus.success)
    case UsbCode.resetPort: return end(irp, resetPort(usb))
    case UsbCode.cyclePort: return end(irp, cyclePort(device, usb))
    case UsbCode.submitIdleNotification: return keepIdle(usb, irp, location)
    default: return end(irp, PnpStatus.notSupported)
    }
  }

  /// Resets the device; its configuration and settings are selected again for the driver.
  private func resetPort(_ usb: UnsafeMutablePointer<UsbState>) -> Int32 {
    guard usb.withLock({ usb.pointee.isConnected }) else { return PnpStatus.deviceNotConnected }
    endTransfers(usb, UsbStatus.cancelled) { _ in true }
    let configuration = usb.withLock {
      for index in 0..<32 { usb.endpoint(index: index).pointee.isHalted = false }
      usb.pointee.wakeIsEnabled = false
      return usb.pointee.configuration
    }
    tellReset(usb)
    if configuration != 0 {
      tellConfigured(usb, configuration)
      for number in 0..<32 {
        let interface = usb.withLock { usb.pointee.interfaces[number] }
        if interface.handle != 0, interface.setting != 0 {
          tellSelected(usb, UInt8(number), interface.setting)
        }
      }
    }
    return PnpStatus.success
  }

  private func cyclePort(_ device: DevicePointer, _ usb: UnsafeMutablePointer<UsbState>) -> Int32 {
    guard usb.withLock({ usb.beginCycle() }) else { return PnpStatus.deviceNotConnected }
    queue(Action(.replug, device))
    return PnpStatus.success
  }

  // MARK: The device's routines

  /// Tells the device that its port was reset.
  @inline(never)
  func tellReset(_ usb: UnsafeMutablePointer<UsbState>) {
    usb.pointee.plug._withUnsafeGuaranteedRef { $0.device.reset() }
  }

  @inline(never)
  func tellConfigured(_ usb: UnsafeMutablePointer<UsbState>, _ configuration: UInt8) {
    usb.pointee.plug._withUnsafeGuaranteedRef { $0.device.configured(configuration) }
  }

  @inline(never)
  func tellSelected(_ usb: UnsafeMutablePointer<UsbState>, _ interface: UInt8, _ setting: UInt8) {
    usb.pointee.plug._withUnsafeGuaranteedRef {
      $0.device.selected(interface: interface, setting: setting)
    }
  }
}
