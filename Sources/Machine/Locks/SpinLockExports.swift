import CDriverKit
import CRing3
import NTTypes

/// Taking a lock "at DPC level" below it is found by the class `ddiCompliance`.
private func checkDispatch(_ rule: UInt64, _ lock: UnsafeMutablePointer<UInt64>) {
  let machine = Machine.current
  if machine.verifier.contains(.ddiCompliance), CurrentThread.irql < IRQL.dispatch {
    machine.bugCheck(0xC4, rule, UInt64(CurrentThread.irql), bits(lock))
  }
}

@c(r3_KeInitializeSpinLock)
func keInitializeSpinLock(_ lock: UnsafeMutablePointer<UInt64>) { r3_store64(lock, 0) }

@c(r3_KeAcquireSpinLockRaiseToDpc)
func keAcquireSpinLockRaiseToDpc(_ lock: UnsafeMutablePointer<UInt64>) -> UInt8 {
  SpinLock(lock).acquireRaising()
}

@c(r3_KeAcquireSpinLockRaiseToSynch)
func keAcquireSpinLockRaiseToSynch(_ lock: UnsafeMutablePointer<UInt64>) -> UInt8 {
  let old = IRQL.raise(to: IRQL.synch)
  SpinLock(lock).acquire()
  return old
}

@c(r3_KeReleaseSpinLock)
func keReleaseSpinLock(_ lock: UnsafeMutablePointer<UInt64>, _ level: UInt32) {
  checkDispatch(0x32, lock)
  SpinLock(lock).release(lowerTo: UInt8(truncatingIfNeeded: level))
}

@c(r3_KeAcquireSpinLockAtDpcLevel)
func keAcquireSpinLockAtDpcLevel(_ lock: UnsafeMutablePointer<UInt64>) {
  checkDispatch(0x40, lock)
  SpinLock(lock).acquire()
}

@c(r3_KeReleaseSpinLockFromDpcLevel)
func keReleaseSpinLockFromDpcLevel(_ lock: UnsafeMutablePointer<UInt64>) {
  checkDispatch(0x41, lock)
  SpinLock(lock).release()
}

@c(r3_KeTryToAcquireSpinLockAtDpcLevel)
func keTryToAcquireSpinLockAtDpcLevel(_ lock: UnsafeMutablePointer<UInt64>) -> UInt8 {
  SpinLock(lock).tryAcquire() ? 1 : 0
}

@c(r3_KeTestSpinLock)
func keTestSpinLock(_ lock: UnsafeMutablePointer<UInt64>) -> UInt8 {
  SpinLock(lock).isHeld ? 0 : 1
}

// A threaded DPC may run below DISPATCH_LEVEL; here every DPC runs at it, and nothing is raised.
@c(r3_KeAcquireSpinLockForDpc)
func keAcquireSpinLockForDpc(_ lock: UnsafeMutablePointer<UInt64>) -> UInt8 {
  let old = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
  SpinLock(lock).acquire()
  return old
}

@c(r3_KeReleaseSpinLockForDpc)
func keReleaseSpinLockForDpc(_ lock: UnsafeMutablePointer<UInt64>, _ level: UInt32) {
  SpinLock(lock).release(lowerTo: UInt8(truncatingIfNeeded: level))
}

// MARK: In-stack queued spin locks: the handle says which lock, the lock is the same word.

private func acquire(
  _ lock: UnsafeMutablePointer<UInt64>, _ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>,
  raisingTo level: UInt8
) {
  handle.pointee.OldIrql = IRQL.raise(to: level)
  acquire(lock, handle)
}

private func acquire(
  _ lock: UnsafeMutablePointer<UInt64>, _ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>
) {
  handle.pointee.LockQueue.Next = nil
  handle.pointee.LockQueue.Lock = lock
  SpinLock(lock).acquire()
}

@c(r3_KeAcquireInStackQueuedSpinLock)
func keAcquireInStackQueuedSpinLock(
  _ lock: UnsafeMutablePointer<UInt64>, _ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>
) {
  acquire(lock, handle, raisingTo: IRQL.dispatch)
}

@c(r3_KeAcquireInStackQueuedSpinLockRaiseToSynch)
func keAcquireInStackQueuedSpinLockRaiseToSynch(
  _ lock: UnsafeMutablePointer<UInt64>, _ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>
) {
  acquire(lock, handle, raisingTo: IRQL.synch)
}

@c(r3_KeReleaseInStackQueuedSpinLock)
func keReleaseInStackQueuedSpinLock(_ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>) {
  SpinLock(handle.pointee.LockQueue.Lock).release(lowerTo: handle.pointee.OldIrql)
}

@c(r3_KeAcquireInStackQueuedSpinLockAtDpcLevel)
func keAcquireInStackQueuedSpinLockAtDpcLevel(
  _ lock: UnsafeMutablePointer<UInt64>, _ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>
) {
  checkDispatch(0x40, lock)
  acquire(lock, handle)
}

@c(r3_KeReleaseInStackQueuedSpinLockFromDpcLevel)
func keReleaseInStackQueuedSpinLockFromDpcLevel(
  _ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>
) {
  SpinLock(handle.pointee.LockQueue.Lock).release()
}

@c(r3_KeAcquireInStackQueuedSpinLockForDpc)
func keAcquireInStackQueuedSpinLockForDpc(
  _ lock: UnsafeMutablePointer<UInt64>, _ handle: UnsafeMutablePointer<KLOCK_QUEUE_HANDLE>
) {
  acquire(lock, handle, raisingTo: max(IRQL.dispatch, CurrentThread.irql))
}
