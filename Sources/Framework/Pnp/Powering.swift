import CDriverKit
import CRing3
import IOManager
import Machine

// The way into the working state and out of it: the callbacks in the order of the documentation.
extension Framework {
  /// Brings a device to D0.
  ///
  /// - Returns: why the driver could not; the device is powered down again then.
  func powerUp(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) -> Int32 {
    let previous = pnp.pointee.power
    guard previous != WdfPowerDeviceD0 else { return 0 }
    let callbacks = pnp.pointee.callbacks
    var status = device.call(callbacks.EvtDeviceD0Entry, previous.rawValue)
    if status < 0 { return status }
    pnp.pointee.power = WdfPowerDeviceD0
    enableInterrupts(of: device, pnp)
    status = device.call(callbacks.EvtDeviceD0EntryPostInterruptsEnabled, previous.rawValue)
    if status >= 0 { status = startSelfManagedIo(device, pnp) }
    guard status >= 0 else {
      powerDown(device, pnp, to: WdfPowerDeviceD3Final)
      return status
    }
    releaseQueues(of: device)
    return 0
  }

  private func startSelfManagedIo(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) -> Int32 {
    let callbacks = pnp.pointee.callbacks
    let status: Int32
    if pnp.pointee.hasSelfManagedIo {
      status = device.call(callbacks.EvtDeviceSelfManagedIoRestart)
    } else {
      pnp.pointee.hasSelfManagedIo = true
      status = device.call(callbacks.EvtDeviceSelfManagedIoInit)
    }
    pnp.pointee.isSelfManagedIoRunning = status >= 0
    return status
  }

  /// Brings a device from D0 to a lower state; nothing for one that is not in D0.
  func powerDown(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    to target: WDF_POWER_DEVICE_STATE
  ) {
    guard pnp.pointee.power == WdfPowerDeviceD0 else {
      if target == WdfPowerDeviceD3Final { pnp.pointee.power = target }
      return
    }
    let callbacks = pnp.pointee.callbacks
    if pnp.pointee.isSelfManagedIoRunning {
      pnp.pointee.isSelfManagedIoRunning = false
      _ = device.call(callbacks.EvtDeviceSelfManagedIoSuspend)
    }
    holdQueues(of: device, isFinal: target == WdfPowerDeviceD3Final)
    _ = device.call(callbacks.EvtDeviceD0ExitPreInterruptsDisabled, target.rawValue)
    disableInterrupts(of: device, pnp)
    pnp.pointee.power = target
    _ = device.call(callbacks.EvtDeviceD0Exit, target.rawValue)
  }
}
