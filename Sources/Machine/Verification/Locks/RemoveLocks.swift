import CDriverKit
import CRing3
import NTTypes

// The remove lock exports of a verified machine: 0xC4, 0xD5 to 0xD7.

private func address(_ lock: UnsafeMutablePointer<IO_REMOVE_LOCK>) -> UInt {
  UInt(bitPattern: lock)
}

/// The ledger; nil when its class is not checked, and for locks on a stack, which come and go.
private func ledger(
  _ lock: UnsafeMutablePointer<IO_REMOVE_LOCK>
) -> UnsafeMutablePointer<VerifierState>? {
  let machine = Machine.current
  let thread = CurrentThread.pointer
  let place = bits(lock)
  if place >= thread.pointee.stackLimit, place < thread.pointee.stackBase { return nil }
  return machine.verifier.contains(.deadlockDetection) ? machine.verifierState : nil
}

/// A lock is let go; one that is not held with that tag is a finding.
private func released(
  _ lock: UnsafeMutablePointer<IO_REMOVE_LOCK>, _ tag: UnsafeMutableRawPointer?, _ rule: UInt64
) {
  guard let state = ledger(lock),
    case .bad(let holder) = state.pointee.removeLocks.release(
      address(lock), UInt(bitPattern: tag))
  else { return }
  Machine.current.report(
    0xC4, rule, bits(lock), bits(tag), UInt64(holder?.tag ?? 0),
    causes: Causes(.acquired, holder?.stack ?? 0))
}

@c(r3_verified_IoInitializeRemoveLockEx)
func verifiedIoInitializeRemoveLockEx(
  _ lock: UnsafeMutablePointer<IO_REMOVE_LOCK>, _ tag: UInt32, _ minutes: UInt32,
  _ highWatermark: UInt32, _ size: UInt32
) {
  if let state = ledger(lock) {
    let machine = Machine.current
    let earlier = state.pointee.removeLocks.initialize(address(lock), machine.noteStack())
    if let earlier {
      machine.report(
        0xC4, 0xD7, bits(lock), bits(lock), causes: Causes(.initialized, earlier.stack))
    }
  }
  ioInitializeRemoveLockEx(lock, tag, minutes, highWatermark, size)
}

@c(r3_verified_IoAcquireRemoveLockEx)
func verifiedIoAcquireRemoveLockEx(
  _ lock: UnsafeMutablePointer<IO_REMOVE_LOCK>, _ tag: UnsafeMutableRawPointer?,
  _ file: UnsafePointer<CChar>?, _ line: UInt32, _ size: UInt32
) -> Int32 {
  let status = ioAcquireRemoveLockEx(lock, tag, file, line, size)
  if status == 0, let state = ledger(lock) {
    state.pointee.removeLocks.acquire(
      address(lock), UInt(bitPattern: tag), Machine.current.noteStack())
  }
  return status
}

@c(r3_verified_IoReleaseRemoveLockEx)
func verifiedIoReleaseRemoveLockEx(
  _ lock: UnsafeMutablePointer<IO_REMOVE_LOCK>, _ tag: UnsafeMutableRawPointer?, _ size: UInt32
) {
  released(lock, tag, 0xD5)
  ioReleaseRemoveLockEx(lock, tag, size)
}

@c(r3_verified_IoReleaseRemoveLockAndWaitEx)
func verifiedIoReleaseRemoveLockAndWaitEx(
  _ lock: UnsafeMutablePointer<IO_REMOVE_LOCK>, _ tag: UnsafeMutableRawPointer?, _ size: UInt32
) {
  released(lock, tag, 0xD6)
  ioReleaseRemoveLockAndWaitEx(lock, tag, size)
}
