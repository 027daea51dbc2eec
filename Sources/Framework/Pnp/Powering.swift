import CDriverKit
import CRing3
import IOManager
import Machine

/// Self-managed I/O of a device: between Init and Cleanup it is suspended and restarted.
struct SelfManagedIo {
  /// Init was called.
  var hasBegun = false
  var isRunning = false
}

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
    holdParent(device, pnp)
    var status = device.call(callbacks.EvtDeviceD0Entry, previous.rawValue)
    guard status >= 0 else {
      pnp.pointee.power = WdfPowerDeviceD3Final
      releaseParent(device, pnp)
      return status
    }
    status = enableInterrupts(of: device, pnp)
    if status >= 0 {
      status = device.call(callbacks.EvtDeviceD0EntryPostInterruptsEnabled, previous.rawValue)
    }
    guard status >= 0 else {
      leaveD0(device, pnp, to: WdfPowerDeviceD3Final)
      return status
    }
    status = enableDma(of: device)
    if status >= 0 {
      disarm(device, pnp)
      scanForChildren(of: device)
      releaseQueues(of: device)
      status = startSelfManagedIo(device, pnp)
      if status < 0 { holdQueues(of: device) }
    }
    guard status >= 0 else {
      stopWorking(device, pnp, to: WdfPowerDeviceD3Final)
      return status
    }
    pnp.pointee.power = WdfPowerDeviceD0
    pnp.working.set()
    enter(device, pnp, power: WdfDevStatePowerD0)
    return 0
  }

  private func startSelfManagedIo(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) -> Int32 {
    let callbacks = pnp.pointee.callbacks
    let isFirst = !pnp.pointee.selfManaged.hasBegun
    pnp.pointee.selfManaged.hasBegun = true
    let status = device.call(
      isFirst ? callbacks.EvtDeviceSelfManagedIoInit : callbacks.EvtDeviceSelfManagedIoRestart)
    pnp.pointee.selfManaged.isRunning = status >= 0
    return status
  }

  /// Brings a device from D0 to a lower state; nothing for one that is not in D0.
  func powerDown(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    to target: WDF_POWER_DEVICE_STATE
  ) {
    guard pnp.pointee.power == WdfPowerDeviceD0 else {
      if target == WdfPowerDeviceD3Final {
        // A device that sleeps goes for good.
        disarm(device, pnp)
        pnp.pointee.power = target
      }
      return
    }
    pnp.working.reset()
    enter(device, pnp, power: WdfDevStatePowerGotoDx)
    if pnp.pointee.selfManaged.isRunning {
      pnp.pointee.selfManaged.isRunning = false
      _ = device.call(pnp.pointee.callbacks.EvtDeviceSelfManagedIoSuspend)
    }
    holdQueues(of: device)
    if target != WdfPowerDeviceD3Final, pnp.pointee.sleepTarget != PowerSystemUnspecified {
      armForWake(device, pnp, pnp.pointee.sleepTarget)
    }
    if target != WdfPowerDeviceD3Final, pnp.pointee.idle.arms {
      armForWake(device, pnp, PowerSystemWorking)
    }
    stopWorking(device, pnp, to: target)
  }

  /// Stops what began behind EvtDeviceD0EntryPostInterruptsEnabled, and leaves D0.
  private func stopWorking(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    to target: WDF_POWER_DEVICE_STATE
  ) {
    disableDma(of: device)
    _ = device.call(
      pnp.pointee.callbacks.EvtDeviceD0ExitPreInterruptsDisabled, target.rawValue)
    leaveD0(device, pnp, to: target)
  }

  private func leaveD0(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    to target: WDF_POWER_DEVICE_STATE
  ) {
    disableInterrupts(of: device, pnp)
    _ = device.call(pnp.pointee.callbacks.EvtDeviceD0Exit, target.rawValue)
    pnp.pointee.power = target
    releaseParent(device, pnp)
    enter(
      device, pnp,
      power: target == WdfPowerDeviceD3Final ? WdfDevStatePowerStopped : WdfDevStatePowerDx)
  }
}
