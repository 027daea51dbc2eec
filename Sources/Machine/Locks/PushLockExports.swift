import CDriverKit
import CRing3
import NTTypes

@c(r3_ExInitializePushLock)
func exInitializePushLock(_ lock: UnsafeMutablePointer<UInt64>) { r3_store64(lock, 0) }

// The flags only concern priority boosts.
@c(r3_ExAcquirePushLockExclusiveEx)
func exAcquirePushLockExclusiveEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  checkAPCsAreOff(0xEA, lock)
  PushLock(lock).acquireExclusive()
}

@c(r3_ExAcquirePushLockSharedEx)
func exAcquirePushLockSharedEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  checkAPCsAreOff(0xEA, lock)
  PushLock(lock).acquireShared()
}

@c(r3_ExReleasePushLockExclusiveEx)
func exReleasePushLockExclusiveEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  checkAPCsAreOff(0xEB, lock)
  PushLock(lock).releaseExclusive()
}

@c(r3_ExReleasePushLockSharedEx)
func exReleasePushLockSharedEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  checkAPCsAreOff(0xEB, lock)
  PushLock(lock).releaseShared()
}

@c(r3_ExReleasePushLockEx)
func exReleasePushLockEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  checkAPCsAreOff(0xEB, lock)
  PushLock(lock).release()
}

@c(r3_ExTryAcquirePushLockExclusiveEx)
func exTryAcquirePushLockExclusiveEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32)
  -> UInt8
{
  checkAPCsAreOff(0xEA, lock)
  return PushLock(lock).tryAcquireExclusive() ? 1 : 0
}

@c(r3_ExTryAcquirePushLockSharedEx)
func exTryAcquirePushLockSharedEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) -> UInt8 {
  checkAPCsAreOff(0xEA, lock)
  return PushLock(lock).tryAcquireShared() ? 1 : 0
}
