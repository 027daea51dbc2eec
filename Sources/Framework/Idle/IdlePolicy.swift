import CDriverKit
import CRing3
import IOManager
import Machine
import PlugAndPlay

// When idle detection begins and ends: with the device, with the system's sleep, and by the driver.
extension Framework {
  /// Takes over the driver's settings; they count from now on.
  func setIdle(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ settings: WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS
  ) -> Int32 {
    let wakesItself = settings.IdleCaps == IdleCanWakeFromS0
    if wakesItself, settings.DxState.rawValue < PowerDeviceMaximum.rawValue,
      settings.DxState.rawValue > deepestWakeState(of: device, pnp).rawValue
    {
      return Int32(bitPattern: 0xC000_02D3)  // STATUS_POWER_STATE_INVALID
    }
    if var known = pnp.pointee.idleSettings {
      // Later calls change these only.
      known.DxState = settings.DxState
      known.IdleTimeout = settings.IdleTimeout
      known.Enabled = settings.Enabled
      known.IdleCaps = settings.IdleCaps
      pnp.pointee.idleSettings = known
    } else {
      pnp.pointee.idleSettings = settings
    }
    guard pnp.pointee.stage == .started else { return 0 }
    if pnp.mayIdle {
      if pnp.pointee.power == WdfPowerDeviceD0 { beginIdle(device, pnp) }
    } else {
      stopWatching(device, pnp)
    }
    return 0
  }

  /// The device is not to go down any more; one that is down comes back.
  private func stopWatching(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    guard pnp.pointee.idle.isPrepared else { return }
    pnp.withIdleLock {
      if pnp.pointee.idle.phase == IdlePhase.working { pnp.setPhase(IdlePhase.off) }
    }
    _ = pnp.idleTimer.cancel()
    wakeFromIdle(device, pnp)
  }

  /// The deepest state from which the device can wake, as its bus says; D2 when that says nothing.
  func deepestWakeState(
    of device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) -> DEVICE_POWER_STATE {
    var state = PowerDeviceUnspecified
    if let physical = device.pointee.physicalDevice,
      let node = machine.plugAndPlay.node(of: physical)
    {
      state = node.pointee.capabilities.DeviceWake
    }
    if let own = pnp.pointee.powerCapabilities?.DeviceWake, own != PowerDeviceMaximum {
      state = own
    }
    let isKnown =
      state.rawValue > PowerDeviceD0.rawValue && state.rawValue < PowerDeviceMaximum.rawValue
    return isKnown ? state : PowerDeviceD2
  }

  /// The device is in D0 and started: from now on it goes down when it is idle, if it is to.
  func beginIdle(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    guard pnp.mayIdle, device.ownsPolicy, pnp.pointee.power == WdfPowerDeviceD0 else { return }
    prepareIdle(device, pnp)
    watchQueues(of: device, pnp)
    enterIdleCapable(device, pnp)
    pnp.withIdleLock {
      if pnp.pointee.idle.phase == IdlePhase.off { pnp.setPhase(IdlePhase.working) }
    }
    startIdleTimer(pnp)
  }

  func enterIdleCapable(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    enter(
      device, pnp,
      policy: pnp.wakesItself
        ? WdfDevStatePwrPolStartedWakeCapable : WdfDevStatePwrPolStartedIdleCapable)
  }

  private func prepareIdle(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    guard !pnp.pointee.idle.isPrepared else { return }
    pnp.idleTimer.initialize(isSynchronization: false)
    DPC.initialize(pnp.idleField(\.dpc), host: idleExpired, UnsafeMutableRawPointer(device))
    pnp.settled.initialize(.notification, isSet: true)
    pnp.pointee.idle.isPrepared = true
  }

  /// Ends idle detection and waits until no thread is changing the device's power for it.
  ///
  /// The device is in D0 afterwards, or down. At PASSIVE_LEVEL.
  func endIdle(_ pnp: UnsafeMutablePointer<PnpState>) {
    guard pnp.pointee.idle.isPrepared else { return }
    while true {
      let isSettled = pnp.withIdleLock {
        let phase = pnp.pointee.idle.phase
        guard phase != IdlePhase.goingDown, phase != IdlePhase.goingUp else { return false }
        pnp.setPhase(IdlePhase.off)
        return true
      }
      if isSettled { break }
      pnp.settled.wait()
    }
    retireIdle(pnp)
  }

  /// Stops the timer for good, or until it is started anew.
  func retireIdle(_ pnp: UnsafeMutablePointer<PnpState>) {
    guard pnp.pointee.idle.isPrepared else { return }
    _ = pnp.idleTimer.cancel()
    DPC.flush()
  }

  /// Whether a device stays down although the system is working again: it cannot wake itself, and
  /// nobody needs it.
  func staysDown(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) -> Bool {
    // The system did not sleep: some other device objected.
    if pnp.idlePhase != IdlePhase.off { return true }
    guard pnp.mayIdle, !pnp.wakesItself, pnp.pointee.idle.isPrepared,
      pnp.pointee.power != WdfPowerDeviceD0, !pnp.pointee.wake.isArmed,
      pnp.pointee.idleSettings?.PowerUpIdleDeviceOnSystemWake != WdfTrue
    else { return false }
    return pnp.withIdleLock {
      pnp.setPhase(IdlePhase.down)
      guard r3_load32(pnp.idleField(\.count)) != 0 else { return true }
      pnp.setPhase(IdlePhase.off)
      return false
    }
  }
}
