import CDriverKit
import CRing3
import NTTypes

// The exports of a verified machine for fast and guarded mutexes.

private func address(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) -> UInt { UInt(bitPattern: mutex) }

/// ExInitializeFastMutex is inline: an event of another size was never set up.
private func wanted(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  let machine = Machine.current
  let head = mutex.pointee.Event.Header
  if machine.verifier.contains(.deadlockDetection),
    head.`Type` != 1 || Int32(bitPattern: UInt32(bitPattern: mutex.pointee.Count)) > 1
  {
    machine.lockNotInitialized(address(mutex))
  }
  machine.lockWanted(address(mutex), .fastMutex)
}

private func taken(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  Machine.current.lockTaken(address(mutex), .fastMutex)
}

private func released(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  let owner = mutex.pointee.Owner
  let isMine = owner == UnsafeMutableRawPointer(CurrentThread.thread.pointer)
  Machine.current.lockReleased(
    address(mutex), .fastMutex, isMine ? .mine : owner == nil ? .nobodys : .others)
}

@c(r3_verified_ExAcquireFastMutex)
func verifiedExAcquireFastMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  wanted(mutex)
  exAcquireFastMutex(mutex)
  taken(mutex)
}

@c(r3_verified_ExTryToAcquireFastMutex)
func verifiedExTryToAcquireFastMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) -> UInt8 {
  let isTaken = exTryToAcquireFastMutex(mutex)
  if isTaken != 0 { taken(mutex) }
  return isTaken
}

@c(r3_verified_ExReleaseFastMutex)
func verifiedExReleaseFastMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  released(mutex)
  exReleaseFastMutex(mutex)
}

@c(r3_verified_ExAcquireFastMutexUnsafe)
func verifiedExAcquireFastMutexUnsafe(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  checkAPCs(0x39, mutex)
  wanted(mutex)
  exAcquireFastMutexUnsafe(mutex)
  taken(mutex)
}

@c(r3_verified_ExReleaseFastMutexUnsafe)
func verifiedExReleaseFastMutexUnsafe(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  checkAPCs(0x3A, mutex)
  released(mutex)
  exReleaseFastMutexUnsafe(mutex)
}

/// The forms that leave the level alone want normal kernel APCs off.
private func checkAPCs(_ rule: UInt64, _ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  let machine = Machine.current
  let thread = CurrentThread.pointer
  if machine.verifier.contains(.ddiCompliance), thread.pointee.irql == IRQL.passive,
    thread.pointee.apcsDisabled == 0, !CurrentThread.thread.pointer.pointee.isSystem
  {
    machine.report(0xC4, rule, UInt64(thread.pointee.irql), 0, UInt64(address(mutex)))
  }
}

@c(r3_verified_KeInitializeGuardedMutex)
func verifiedKeInitializeGuardedMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  Machine.current.lockInitialized(address(mutex), .fastMutex)
  keInitializeGuardedMutex(mutex)
}

@c(r3_verified_KeAcquireGuardedMutex)
func verifiedKeAcquireGuardedMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  wanted(mutex)
  keAcquireGuardedMutex(mutex)
  taken(mutex)
}

@c(r3_verified_KeTryToAcquireGuardedMutex)
func verifiedKeTryToAcquireGuardedMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) -> UInt8 {
  let isTaken = keTryToAcquireGuardedMutex(mutex)
  if isTaken != 0 { taken(mutex) }
  return isTaken
}

@c(r3_verified_KeReleaseGuardedMutex)
func verifiedKeReleaseGuardedMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  released(mutex)
  keReleaseGuardedMutex(mutex)
}
