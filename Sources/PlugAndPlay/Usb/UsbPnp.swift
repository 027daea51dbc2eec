import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory

/// IRP_MJ_PNP of USB devices: what is theirs; the rest is as for any device of the system's own.
let usbPlugAndPlay: RootDispatch = { device, irp in
  let manager = Machine.current.plugAndPlay
  guard let location = irp.pointee.Tail.Overlay.CurrentStackLocation else {
    return rootPlugAndPlay(device, irp)
  }
  switch Int32(location.pointee.MinorFunction) {
  case IRP_MN_QUERY_CAPABILITIES:
    guard let answer = location.pointee.Parameters.DeviceCapabilities.Capabilities else { break }
    manager.fillUsb(answer, device)
    return manager.finish(irp, PnpStatus.success)
  case IRP_MN_QUERY_BUS_INFORMATION: return manager.finish(irp, manager.answerUsbBus(irp))
  case IRP_MN_QUERY_INTERFACE:
    guard let status = manager.answerUsbInterface(device, location) else { break }
    return manager.finish(irp, status)
  case IRP_MN_SURPRISE_REMOVAL: manager.disconnect(manager.usb(device), andRemove: false)
  case IRP_MN_REMOVE_DEVICE: manager.removeUsb(device)
  default: break
  }
  return rootPlugAndPlay(device, irp)
}

/// IRP_MJ_POWER of USB devices: the port is suspended and resumed with the device.
let usbPower: RootDispatch = { device, irp in
  let manager = Machine.current.plugAndPlay
  if let location = irp.pointee.Tail.Overlay.CurrentStackLocation,
    Int32(location.pointee.MinorFunction) == IRP_MN_SET_POWER,
    location.pointee.Parameters.Power.Type == CDriverKit.DevicePowerState
  {
    let isOn = location.pointee.Parameters.Power.State.DeviceState == PowerDeviceD0
    manager.setSuspended(!isOn, manager.usb(device))
  }
  return rootPower(device, irp)
}

extension PlugAndPlay {
  /// Completes a request to a USB device.
  fileprivate func finish(_ irp: IRPPointer, _ status: Int32) -> UInt64 {
    irp.pointee.IoStatus.Status = status
    io.complete(irp, boost: 0)
    return returned(status)
  }

  fileprivate func fillUsb(
    _ answer: UnsafeMutablePointer<DEVICE_CAPABILITIES>, _ device: DevicePointer
  ) {
    answer.pointee.UniqueID = 1
    answer.pointee.Removable = 1
    answer.pointee.DeviceD2 = 1
    answer.pointee.WakeFromD0 = 1
    answer.pointee.WakeFromD2 = 1
    answer.pointee.DeviceState.1 = PowerDeviceD0
    answer.pointee.DeviceState.2 = PowerDeviceD2
    answer.pointee.DeviceState.3 = PowerDeviceD2
    answer.pointee.DeviceState.4 = PowerDeviceD2
    answer.pointee.DeviceState.5 = PowerDeviceD3
    answer.pointee.DeviceState.6 = PowerDeviceD3
    answer.pointee.SystemWake = PowerSystemSleeping3
    answer.pointee.DeviceWake = PowerDeviceD2
  }

  fileprivate func answerUsbBus(_ irp: IRPPointer) -> Int32 {
    guard
      let block = machine.pool.allocate(
        MemoryLayout<PNP_BUS_INFORMATION>.size, kind: .paged, tag: Self.answerTag)
    else { return PnpStatus.insufficientResources }
    var information = PNP_BUS_INFORMATION()
    // GUID_BUS_TYPE_USB
    information.BusTypeGuid = _GUID(
      Data1: 0x9D7D_EBBC, Data2: 0xC85D, Data3: 0x11D1,
      Data4: (0x9E, 0xB4, 0x00, 0x60, 0x08, 0xC3, 0xA1, 0x9A))
    information.LegacyBusType = PNPBus
    block.storeBytes(of: information, as: PNP_BUS_INFORMATION.self)
    irp.pointee.IoStatus.Information = ULONG_PTR(UInt(bitPattern: block))
    return PnpStatus.success
  }

  /// The stack is taken down: nothing is configured any more; of a device that is gone nothing stays.
  fileprivate func removeUsb(_ device: DevicePointer) {
    let usb = usb(device)
    let isGone = node(of: device)?.pointee.isGone == true
    endTransfers(usb, UsbStatus.cancelled) { _ in true }
    endIdle(usb, PnpStatus.noSuchDevice)
    let wasConfigured = usb.withLock {
      let wasConfigured = usb.pointee.configuration != 0
      unconfigure(usb)
      if isGone {
        usb.pointee.isConnected = false
        usb.pointee.device = nil
      }
      return wasConfigured
    }
    if wasConfigured { tellConfigured(usb, 0) }
  }

  fileprivate func setSuspended(_ isSuspended: Bool, _ usb: UnsafeMutablePointer<UsbState>) {
    let isResumed = usb.withLock {
      let wasSuspended = usb.pointee.isSuspended
      usb.pointee.isSuspended = isSuspended
      return wasSuspended && !isSuspended
    }
    if isResumed { endIdle(usb, PnpStatus.success) }
  }
}
