import CDriverKit
import CRing3
import IOManager
import Machine
import PlugAndPlay

/// How a device that sleeps is to wake the system, or only itself.
struct WakeState {
  /// The driver's callback has armed the device.
  var isArmed = false
  /// The system works: the device is down for being idle.
  var isForItself = false
  /// The device gave its signal.
  var isTriggered = false
  /// IRP_MN_WAIT_WAKE is complete.
  var hasEnded = false
  /// IRP_MN_WAIT_WAKE, while lower drivers have it.
  var irp: IRPPointer?
}

// Waking from sleep, for who owns the power policy of a device.
extension Framework {
  /// Arms the device, if the driver wants it: to wake the system from sleep, or from S0 itself.
  func armForWake(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ system: SYSTEM_POWER_STATE
  ) {
    let isForItself = system == PowerSystemWorking
    guard isForItself || pnp.wakes(from: system), let physical = device.pointee.physicalDevice
    else { return }
    guard callArm(device, pnp, isForItself) >= 0 else {
      // It cannot stay down then.
      if isForItself { wakeFromIdle(device, pnp) }
      return
    }
    pnp.pointee.wake = WakeState(isArmed: true, isForItself: isForItself)
    device.object.reference()
    var irp: IRPPointer?
    let status = machine.plugAndPlay.requestPower(
      physical, minor: UInt8(IRP_MN_WAIT_WAKE), state: UInt32(system.rawValue),
      routine: PnpRoutines.woken, context: UnsafeMutableRawPointer(device), sent: &irp)
    if status < 0 {
      device.object.release()
      if isForItself { wakeFromIdle(device, pnp) }
    } else if !pnp.pointee.wake.hasEnded {
      pnp.pointee.wake.irp = irp
    }
  }

  private func callArm(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ isForItself: Bool
  ) -> Int32 {
    let callbacks = pnp.pointee.policyCallbacks
    if isForItself { return device.call(callbacks.EvtDeviceArmWakeFromS0) }
    if let routine = callbacks.EvtDeviceArmWakeFromSxWithReason {
      return Int32(truncatingIfNeeded: r3_call3(routine, device.handle, 1, 0))
    }
    return device.call(callbacks.EvtDeviceArmWakeFromSx)
  }

  /// The device is back: it is disarmed, and told that it woke the system if it did.
  func disarm(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    guard pnp.pointee.wake.isArmed else { return }
    if let irp = pnp.pointee.wake.irp {
      pnp.pointee.wake.irp = nil
      _ = machine.io.cancelIRP(irp)
    }
    let state = pnp.pointee.wake
    let callbacks = pnp.pointee.policyCallbacks
    pnp.pointee.wake = WakeState()
    if state.isTriggered {
      _ = device.call(
        state.isForItself
          ? callbacks.EvtDeviceWakeFromS0Triggered : callbacks.EvtDeviceWakeFromSxTriggered)
    }
    _ = device.call(
      state.isForItself
        ? callbacks.EvtDeviceDisarmWakeFromS0 : callbacks.EvtDeviceDisarmWakeFromSx)
  }
}

extension UnsafeMutablePointer where Pointee == PnpState {
  /// Whether the device is to wake the system from a state.
  func wakes(from system: SYSTEM_POWER_STATE) -> Bool {
    guard let settings = pointee.wakeSettings, settings.Enabled != WdfFalse else { return false }
    return system.rawValue < PowerSystemShutdown.rawValue
  }
}

/// IRP_MN_WAIT_WAKE is complete: the device woke, or it was disarmed.
let wokenRoutine:
  @convention(c) (
    UInt64, UInt32, UInt64, UnsafeMutableRawPointer, UnsafeMutablePointer<IO_STATUS_BLOCK>
  ) -> Void = { _, _, _, context, result in
    let device = context.assumingMemoryBound(to: DeviceBody.self)
    if let pnp = device.pnp {
      pnp.pointee.wake.irp = nil
      pnp.pointee.wake.hasEnded = true
      let isArmed = pnp.pointee.wake.isArmed
      if isArmed, result.pointee.Status >= 0 { pnp.pointee.wake.isTriggered = true }
      // Also one that will get no signal cannot stay down.
      if isArmed, pnp.pointee.wake.isForItself { Framework.current.wakeFromIdle(device, pnp) }
    }
    device.object.release()
  }
