import CDriverKit
import CRing3
import NTTypes

// The spin lock exports of a verified machine.

private func address(_ lock: UnsafeMutablePointer<UInt64>) -> UInt { UInt(bitPattern: lock) }

/// Whose a spin lock is, by its word.
private func ownership(_ lock: UnsafeMutablePointer<UInt64>) -> Machine.Ownership {
  switch r3_load64(lock) {
  case 0: .nobodys
  case UInt64(UInt(bitPattern: r3_current())) | 1: .mine
  default: .others
  }
}

private func wanted(_ lock: UnsafeMutablePointer<UInt64>, _ kind: LockKind = .spin) {
  let machine = Machine.current
  // A word that no owner wrote.
  let word = r3_load64(lock)
  if word != 0, word & 1 == 0, machine.verifier.contains(.deadlockDetection) {
    machine.lockNotInitialized(address(lock))
  }
  machine.lockWanted(address(lock), kind)
}

private func taken(_ lock: UnsafeMutablePointer<UInt64>, _ kind: LockKind = .spin) {
  Machine.current.lockTaken(address(lock), kind)
}

private func released(
  _ lock: UnsafeMutablePointer<UInt64>, _ kind: LockKind = .spin, lowersTo level: UInt8 = 15
) {
  Machine.current.lockReleased(address(lock), kind, ownership(lock), lowersTo: level)
}

@c(r3_verified_KeAcquireSpinLockRaiseToDpc)
func verifiedKeAcquireSpinLockRaiseToDpc(_ lock: UnsafeMutablePointer<UInt64>) -> UInt8 {
  let machine = Machine.current
  let level = CurrentThread.irql
  if level > IRQL.dispatch, machine.verifier.contains(.ddiCompliance) {
    machine.bugCheck(0xC4, 0x42, UInt64(level), UInt64(address(lock)))
  }
  wanted(lock)
  let old = keAcquireSpinLockRaiseToDpc(lock)
  taken(lock)
  return old
}

@c(r3_verified_KeReleaseSpinLock)
func verifiedKeReleaseSpinLock(_ lock: UnsafeMutablePointer<UInt64>, _ level: UInt32) {
  if CurrentThread.irql >= IRQL.dispatch {
    released(lock, lowersTo: UInt8(truncatingIfNeeded: level))
  }
  keReleaseSpinLock(lock, level)
}

@c(r3_verified_KeAcquireSpinLockAtDpcLevel)
func verifiedKeAcquireSpinLockAtDpcLevel(_ lock: UnsafeMutablePointer<UInt64>) {
  wanted(lock)
  keAcquireSpinLockAtDpcLevel(lock)
  taken(lock)
}

@c(r3_verified_KeTryToAcquireSpinLockAtDpcLevel)
func verifiedKeTryToAcquireSpinLockAtDpcLevel(_ lock: UnsafeMutablePointer<UInt64>) -> UInt8 {
  let isTaken = keTryToAcquireSpinLockAtDpcLevel(lock)
  if isTaken != 0 { taken(lock) }
  return isTaken
}

@c(r3_verified_KeReleaseSpinLockFromDpcLevel)
func verifiedKeReleaseSpinLockFromDpcLevel(_ lock: UnsafeMutablePointer<UInt64>) {
  if CurrentThread.irql >= IRQL.dispatch { released(lock) }
  keReleaseSpinLockFromDpcLevel(lock)
}

@c(r3_verified_KeAcquireInStackQueuedSpinLock)
func verifiedKeAcquireInStackQueuedSpinLock(
  _ lock: UnsafeMutablePointer<UInt64>, _ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>
) {
  wanted(lock, .queuedSpin)
  keAcquireInStackQueuedSpinLock(lock, handle)
  taken(lock, .queuedSpin)
}

@c(r3_verified_KeReleaseInStackQueuedSpinLock)
func verifiedKeReleaseInStackQueuedSpinLock(_ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>) {
  let lock = handle.pointee.LockQueue.Lock
  let level = handle.pointee.OldIrql
  if let lock { released(lock, .queuedSpin, lowersTo: level) }
  keReleaseInStackQueuedSpinLock(handle)
}

@c(r3_verified_KeAcquireInStackQueuedSpinLockAtDpcLevel)
func verifiedKeAcquireInStackQueuedSpinLockAtDpcLevel(
  _ lock: UnsafeMutablePointer<UInt64>, _ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>
) {
  wanted(lock, .queuedSpin)
  keAcquireInStackQueuedSpinLockAtDpcLevel(lock, handle)
  taken(lock, .queuedSpin)
}

@c(r3_verified_KeReleaseInStackQueuedSpinLockFromDpcLevel)
func verifiedKeReleaseInStackQueuedSpinLockFromDpcLevel(
  _ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>
) {
  if let lock = handle.pointee.LockQueue.Lock { released(lock, .queuedSpin) }
  keReleaseInStackQueuedSpinLockFromDpcLevel(handle)
}
