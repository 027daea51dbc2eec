import CRing3
import Machine

// The cancel spin lock of a verified machine: a lock like others, for the order of locks.

@c(r3_verified_IoAcquireCancelSpinLock)
func verifiedIoAcquireCancelSpinLock(_ level: UnsafeMutablePointer<UInt8>) {
  let io = Machine.current.io
  io.machine.lockWanted(UInt(bitPattern: io.cancelLockAddress), .cancel)
  ioAcquireCancelSpinLock(level)
  io.machine.lockTaken(UInt(bitPattern: io.cancelLockAddress), .cancel)
}

@c(r3_verified_IoReleaseCancelSpinLock)
func verifiedIoReleaseCancelSpinLock(_ level: UInt32) {
  let io = Machine.current.io
  let word = r3_load64(io.cancelLockAddress)
  let mine = UInt64(UInt(bitPattern: r3_current())) | 1
  io.machine.lockReleased(
    UInt(bitPattern: io.cancelLockAddress), .cancel,
    word == mine ? .mine : word == 0 ? .nobodys : .others,
    lowersTo: UInt8(truncatingIfNeeded: level))
  ioReleaseCancelSpinLock(level)
}
