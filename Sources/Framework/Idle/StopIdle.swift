import CDriverKit
import CRing3
import Machine

// WdfDeviceStopIdle and WdfDeviceResumeIdle in all their forms.
extension Framework {
  /// Keeps the device in its working state, and has it brought back when it is not.
  ///
  /// - Returns: STATUS_PENDING when it is not there yet, and the caller does not wait.
  func stopIdle(_ handle: UInt64, waits: Bool) -> Int32 {
    let (device, pnp) = pnpDevice(handle)
    guard device.ownsPolicy else { return FrameworkStatus.invalidDeviceState }
    let isStarting = pnp.pointee.stage != .started && pnp.pointee.isHardwarePrepared
    guard pnp.pointee.stage == .started || isStarting else { return powerStateInvalid }
    if waits, !isLevel(atMost: IRQL.passive) { return FrameworkStatus.invalidDeviceRequest }
    _ = r3_add32(pnp.stopIdleCount, 1)
    let isDown = addPowerReference(pnp)
    if isDown { wakeFromIdle(device, pnp) }
    if isStarting || !isDown && isWorking(pnp) { return 0 }
    guard waits else { return FrameworkStatus.pending }
    while !isWorking(pnp) {
      let phase = pnp.idlePhase
      if phase == IdlePhase.goingDown || phase == IdlePhase.goingUp {
        pnp.settled.wait()
        continue
      }
      // Now it sleeps with the system, or has failed.
      pnp.working.wait()
      if isWorking(pnp) || pnp.idlePhase != IdlePhase.off { continue }
      _ = r3_add32(pnp.stopIdleCount, .max)
      removePowerReference(device, pnp)
      return powerStateInvalid
    }
    return 0
  }

  private var powerStateInvalid: Int32 { Int32(bitPattern: 0xC000_02D3) }

  /// Whether the device is in D0 and stays, as long as there is a power reference.
  private func isWorking(_ pnp: UnsafeMutablePointer<PnpState>) -> Bool {
    let phase = pnp.idlePhase
    return (phase == IdlePhase.off || phase == IdlePhase.working)
      && pnp.pointee.power == WdfPowerDeviceD0
  }

  func resumeIdle(_ handle: UInt64) {
    let (device, pnp) = pnpDevice(handle)
    guard r3_load32(pnp.stopIdleCount) != 0 else {
      return note("WdfDeviceResumeIdle: more often than WdfDeviceStopIdle")
    }
    _ = r3_add32(pnp.stopIdleCount, .max)
    removePowerReference(device, pnp)
  }
}

extension UnsafeMutablePointer where Pointee == PnpState {
  fileprivate var stopIdleCount: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(self)
      + MemoryLayout<PnpState>.offset(of: \.stopIdleCount).unsafelyUnwrapped
  }
}
