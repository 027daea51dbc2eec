import CDriverKit
import CRing3
import Machine

// The way down of a device that is idle, and back. Worker threads go it, one at a time for a device.
extension Framework {
  /// Starts the timer of a device in D0 without power references, anew when it runs.
  func startIdleTimer(_ pnp: UnsafeMutablePointer<PnpState>) {
    pnp.withIdleLock {
      guard pnp.pointee.idle.phase == IdlePhase.working, r3_load32(pnp.idleField(\.count)) == 0
      else { return }
      let settings = pnp.pointee.idleSettings
      // IdleTimeoutDefaultValue stands for five seconds.
      let milliseconds = settings.map { $0.IdleTimeout == 0 ? 5000 : $0.IdleTimeout } ?? 5000
      pnp.idleTimer.set(due: -Int64(milliseconds) * 10_000, pnp.idleField(\.dpc))
    }
  }

  /// The time is up: unless something came meanwhile the device goes down.
  fileprivate func idleTimeIsUp(_ device: UnsafeMutablePointer<DeviceBody>) {
    guard let pnp = device.pnp else { return }
    let goes = pnp.withIdleLock {
      guard pnp.pointee.idle.phase == IdlePhase.working else { return false }
      // Who takes a reference looks at the phase afterwards, this the other way round.
      pnp.setPhase(IdlePhase.goingDown)
      guard r3_load32(pnp.idleField(\.count)) == 0 else {
        pnp.setPhase(IdlePhase.working)
        return false
      }
      pnp.pointee.idle.mustReturn = false
      pnp.settled.reset()
      device.object.reference()
      return true
    }
    if goes { machine.workers.queue(goDownRoutine, UnsafeMutableRawPointer(device)) }
  }

  /// Brings a device back that is down, or is going down, for being idle; DISPATCH_LEVEL at most.
  func wakeFromIdle(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    let goes = pnp.withIdleLock {
      if pnp.pointee.idle.phase == IdlePhase.goingDown { pnp.pointee.idle.mustReturn = true }
      guard pnp.pointee.idle.phase == IdlePhase.down else { return false }
      pnp.setPhase(IdlePhase.goingUp)
      pnp.settled.reset()
      device.object.reference()
      return true
    }
    if goes { machine.workers.queue(goUpRoutine, UnsafeMutableRawPointer(device)) }
  }

  // MARK: In the worker thread

  fileprivate func goDown(_ device: UnsafeMutablePointer<DeviceBody>) {
    if let pnp = device.pnp {
      if !staysUp(pnp) {
        pnp.pointee.idle.arms = pnp.wakesItself
        requestDevicePower(device, idleState(of: device, pnp))
        pnp.pointee.idle.arms = false
        enter(
          device, pnp,
          policy: pnp.wakesItself ? WdfDevStatePwrPolWaitingArmed : WdfDevStatePwrPolWaitingUnarmed)
        if mustComeBack(pnp) { comeBack(device, pnp) }
      }
      pnp.settled.set()
      startIdleTimer(pnp)
    }
    device.object.release()
  }

  /// Whether something came since the device was found idle.
  private func staysUp(_ pnp: UnsafeMutablePointer<PnpState>) -> Bool {
    pnp.withIdleLock {
      guard isWanted(pnp) else { return false }
      pnp.setPhase(pnp.mayIdle ? IdlePhase.working : IdlePhase.off)
      return true
    }
  }

  /// Notes that the device is down; whether it has to come back at once.
  private func mustComeBack(_ pnp: UnsafeMutablePointer<PnpState>) -> Bool {
    pnp.withIdleLock {
      pnp.setPhase(IdlePhase.down)
      guard isWanted(pnp) else { return false }
      pnp.setPhase(IdlePhase.goingUp)
      return true
    }
  }

  private func isWanted(_ pnp: UnsafeMutablePointer<PnpState>) -> Bool {
    let isWanted = pnp.pointee.idle.mustReturn || r3_load32(pnp.idleField(\.count)) != 0
    pnp.pointee.idle.mustReturn = false
    return isWanted || !pnp.mayIdle
  }

  fileprivate func goUp(_ device: UnsafeMutablePointer<DeviceBody>) {
    if let pnp = device.pnp {
      comeBack(device, pnp)
      pnp.settled.set()
      startIdleTimer(pnp)
    }
    device.object.release()
  }

  private func comeBack(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    requestDevicePower(device, PowerDeviceD0)
    let isWorking = pnp.pointee.power == WdfPowerDeviceD0
    if isWorking { enterIdleCapable(device, pnp) }
    // A device that could not come back is being removed: who waits for it waits in vain.
    if !isWorking { pnp.working.set() }
    pnp.withIdleLock {
      pnp.setPhase(isWorking && pnp.mayIdle ? IdlePhase.working : IdlePhase.off)
    }
  }

  /// The state that an idle device goes to.
  private func idleState(
    of device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) -> DEVICE_POWER_STATE {
    let wanted = pnp.pointee.idleSettings?.DxState ?? PowerDeviceMaximum
    guard wanted.rawValue >= PowerDeviceMaximum.rawValue || wanted == PowerDeviceUnspecified else {
      return wanted
    }
    return pnp.wakesItself ? deepestWakeState(of: device, pnp) : PowerDeviceD3
  }
}

private let goDownRoutine: Machine.ThreadRoutine = { context in
  guard let context else { return }
  Framework.current.goDown(context.assumingMemoryBound(to: DeviceBody.self))
}

private let goUpRoutine: Machine.ThreadRoutine = { context in
  guard let context else { return }
  Framework.current.goUp(context.assumingMemoryBound(to: DeviceBody.self))
}

let idleExpired: DPC.Routine = { dpc in
  let device = dpc.pointee.DeferredContext.assumingMemoryBound(to: DeviceBody.self)
  Framework.current.idleTimeIsUp(device)
}
