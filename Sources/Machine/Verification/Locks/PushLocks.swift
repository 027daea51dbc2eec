import CDriverKit
import CRing3
import NTTypes

// The exports of a verified machine for push locks.

private func address(_ lock: UnsafeMutablePointer<UInt64>) -> UInt { UInt(bitPattern: lock) }

private func wanted(_ lock: UnsafeMutablePointer<UInt64>) {
  Machine.current.lockWanted(address(lock), .pushLock)
}

private func taken(_ lock: UnsafeMutablePointer<UInt64>) {
  Machine.current.lockTaken(address(lock), .pushLock)
}

/// The word of a push lock does not say whose it is; a free one that is released is bug check 0xE3.
private func released(_ lock: UnsafeMutablePointer<UInt64>) {
  if r3_load64(lock) == 0 { return }
  Machine.current.lockReleased(address(lock), .pushLock, .mine)
}

@c(r3_verified_ExInitializePushLock)
func verifiedExInitializePushLock(_ lock: UnsafeMutablePointer<UInt64>) {
  Machine.current.lockInitialized(address(lock), .pushLock)
  exInitializePushLock(lock)
}

@c(r3_verified_ExAcquirePushLockExclusiveEx)
func verifiedExAcquirePushLockExclusiveEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  wanted(lock)
  exAcquirePushLockExclusiveEx(lock, flags)
  taken(lock)
}

@c(r3_verified_ExAcquirePushLockSharedEx)
func verifiedExAcquirePushLockSharedEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  wanted(lock)
  exAcquirePushLockSharedEx(lock, flags)
  taken(lock)
}

@c(r3_verified_ExTryAcquirePushLockExclusiveEx)
func verifiedExTryAcquirePushLockExclusiveEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32)
  -> UInt8
{
  let isTaken = exTryAcquirePushLockExclusiveEx(lock, flags)
  if isTaken != 0 { taken(lock) }
  return isTaken
}

@c(r3_verified_ExTryAcquirePushLockSharedEx)
func verifiedExTryAcquirePushLockSharedEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32)
  -> UInt8
{
  let isTaken = exTryAcquirePushLockSharedEx(lock, flags)
  if isTaken != 0 { taken(lock) }
  return isTaken
}

@c(r3_verified_ExReleasePushLockExclusiveEx)
func verifiedExReleasePushLockExclusiveEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  released(lock)
  exReleasePushLockExclusiveEx(lock, flags)
}

@c(r3_verified_ExReleasePushLockSharedEx)
func verifiedExReleasePushLockSharedEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  released(lock)
  exReleasePushLockSharedEx(lock, flags)
}

@c(r3_verified_ExReleasePushLockEx)
func verifiedExReleasePushLockEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  released(lock)
  exReleasePushLockEx(lock, flags)
}
