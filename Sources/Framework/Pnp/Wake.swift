import CDriverKit
import CRing3
import IOManager
import Machine
import PlugAndPlay

/// How a device that sleeps is to wake the system.
struct WakeState {
  /// The driver's callback has armed the device.
  var isArmed = false
  /// The device gave its signal.
  var isTriggered = false
  /// IRP_MN_WAIT_WAKE is complete.
  var hasEnded = false
  /// IRP_MN_WAIT_WAKE, while lower drivers have it.
  var irp: IRPPointer?
}

// Waking from sleep, for who owns the power policy of a device.
extension Framework {
  /// Arms the device, if the driver wants it and the system goes to sleep.
  func armForWake(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ system: SYSTEM_POWER_STATE
  ) {
    guard let settings = pnp.pointee.wakeSettings, settings.Enabled != WdfFalse,
      system.rawValue < PowerSystemShutdown.rawValue, let physical = device.pointee.physicalDevice
    else { return }
    let callbacks = pnp.pointee.policyCallbacks
    var status: Int32 = 0
    if let routine = callbacks.EvtDeviceArmWakeFromSxWithReason {
      status = Int32(truncatingIfNeeded: r3_call3(routine, device.handle, 1, 0))
    } else {
      status = device.call(callbacks.EvtDeviceArmWakeFromSx)
    }
    guard status >= 0 else { return }
    pnp.pointee.wake = WakeState(isArmed: true)
    device.object.reference()
    var irp: IRPPointer?
    status = machine.plugAndPlay.requestPower(
      physical, minor: UInt8(IRP_MN_WAIT_WAKE), state: UInt32(system.rawValue),
      routine: PnpRoutines.woken, context: UnsafeMutableRawPointer(device), sent: &irp)
    if status < 0 {
      device.object.release()
    } else if !pnp.pointee.wake.hasEnded {
      pnp.pointee.wake.irp = irp
    }
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
    let isTriggered = pnp.pointee.wake.isTriggered
    pnp.pointee.wake = WakeState()
    _ = device.call(pnp.pointee.policyCallbacks.EvtDeviceDisarmWakeFromSx)
    if isTriggered { _ = device.call(pnp.pointee.policyCallbacks.EvtDeviceWakeFromSxTriggered) }
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
      let isWoken = result.pointee.Status >= 0 && pnp.pointee.wake.isArmed
      if isWoken { pnp.pointee.wake.isTriggered = true }
    }
    device.object.release()
  }
