import CDriverKit
import CRing3
import IOManager
import Machine
import PlugAndPlay

// IRP_MJ_POWER.
extension Framework {
  func dispatchPower(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    guard let pnp = device.pnp else { return complete(irp, FrameworkStatus.invalidDeviceRequest) }
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    let minor = Int32(location.pointee.MinorFunction)
    if minor != IRP_MN_SET_POWER {
      if let pdo = device.pdo { return dispatchPower(ofChild: device, pnp, pdo, irp) }
      return minor == IRP_MN_QUERY_POWER ? succeed(device, irp) : passDown(device, irp)
    }
    guard CurrentThread.irql == IRQL.passive else { return setPowerLater(device, irp) }
    return setPower(device, pnp, irp)
  }

  /// The callbacks run at PASSIVE_LEVEL.
  private func setPowerLater(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32
  {
    markPending(irp)
    irp.pointee.Tail.Overlay.DriverContext.1 = UnsafeMutableRawPointer(device)
    machine.workers.queue(
      { context in
        guard let context else { return }
        let irp = context.assumingMemoryBound(to: IRP.self)
        guard let address = irp.pointee.Tail.Overlay.DriverContext.1 else { return }
        let device = address.assumingMemoryBound(to: DeviceBody.self)
        guard let pnp = device.pnp else { return }
        _ = Framework.current.setPower(device, pnp, irp)
      }, UnsafeMutableRawPointer(irp))
    return FrameworkStatus.pending
  }

  fileprivate func setPower(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    let parameters = location.pointee.Parameters.Power
    if parameters.Type == CDriverKit.SystemPowerState {
      pnp.pointee.systemAction = UInt32(parameters.ShutdownType.rawValue)
      return setSystemPower(device, pnp, irp, parameters.State.SystemState)
    }
    return setDevicePower(device, pnp, irp, parameters.State.DeviceState)
  }

  /// Down: this driver first; up: the lower drivers first.
  private func setDevicePower(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer, _ target: DEVICE_POWER_STATE
  ) -> Int32 {
    guard target == PowerDeviceD0 else {
      if pnp.pointee.stage == .started {
        powerDown(device, pnp, to: WDF_POWER_DEVICE_STATE(rawValue: target.rawValue))
      }
      return goOn(device, irp)
    }
    var status = FrameworkStatus.success
    if device.pdo == nil { status = sendDownAndWait(device, irp) }
    if status >= 0, pnp.pointee.stage == .started {
      status = powerUp(device, pnp)
      if status < 0 { fail(device, pnp) }
    }
    return complete(irp, status)
  }

  /// Passes a request down, or completes it at the bottom of the stack.
  private func goOn(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    device.pdo == nil ? succeed(device, irp) : complete(irp, FrameworkStatus.success)
  }

  /// A device that cannot be brought back is failed: the manager removes it.
  private func fail(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    pnp.pointee.deviceState.Failed = WdfTrue
    invalidateState(of: device)
  }

  /// The owner of the power policy turns a change of the system into one of its device.
  private func setSystemPower(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer, _ system: SYSTEM_POWER_STATE
  ) -> Int32 {
    guard device.ownsPolicy, pnp.pointee.stage == .started else { return goOn(device, irp) }
    if system == PowerSystemWorking {
      var status = FrameworkStatus.success
      if device.pdo == nil { status = sendDownAndWait(device, irp) }
      if status >= 0, !staysDown(device, pnp) {
        requestDevicePower(device, PowerDeviceD0)
        beginIdle(device, pnp)
      }
      pnp.pointee.systemAction = 0
      return complete(irp, status)
    }
    endIdle(pnp)
    // One that is down already wakes only to be armed for another way of waking.
    if pnp.pointee.power != WdfPowerDeviceD0 {
      guard pnp.pointee.wake.isArmed || pnp.wakes(from: system) else { return goOn(device, irp) }
      requestDevicePower(device, PowerDeviceD0)
    }
    pnp.pointee.sleepTarget = system
    requestDevicePower(device, deviceState(pnp, for: system))
    pnp.pointee.sleepTarget = PowerSystemUnspecified
    return goOn(device, irp)
  }

  private func deviceState(
    _ pnp: UnsafeMutablePointer<PnpState>, for system: SYSTEM_POWER_STATE
  ) -> DEVICE_POWER_STATE {
    // Armed for wake the device goes no deeper than its settings say.
    if pnp.wakes(from: system), let settings = pnp.pointee.wakeSettings,
      settings.DxState.rawValue < PowerDeviceMaximum.rawValue
    {
      return settings.DxState
    }
    return PowerDeviceD3
  }

  /// Has the device change its power, and waits for that.
  func requestDevicePower(
    _ device: UnsafeMutablePointer<DeviceBody>, _ target: DEVICE_POWER_STATE
  ) {
    guard let physical = device.pointee.physicalDevice else { return }
    var event = KEVENT()
    withUnsafeMutablePointer(to: &event) { event in
      Event(event).initialize(.notification, isSet: false)
      let status = machine.plugAndPlay.requestPower(
        physical, minor: UInt8(IRP_MN_SET_POWER), state: target.rawValue,
        routine: PnpRoutines.powerChanged, context: UnsafeMutableRawPointer(event))
      if status == FrameworkStatus.pending { Event(event).wait() }
    }
  }
}

/// What is called when a change of power is complete: wakes who asked for it.
let powerChangedRoutine:
  @convention(c) (UInt64, UInt32, UInt64, UnsafeMutablePointer<KEVENT>, UInt64) -> Void = {
    _, _, _, event, _ in
    Event(event).set()
  }
