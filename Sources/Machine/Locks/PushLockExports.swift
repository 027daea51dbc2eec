import CDriverKit
import CRing3

@c(r3_ExInitializePushLock)
func exInitializePushLock(_ lock: UnsafeMutablePointer<UInt64>) { r3_store64(lock, 0) }

// The flags only concern priority boosts.
@c(r3_ExAcquirePushLockExclusiveEx)
func exAcquirePushLockExclusiveEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  PushLock(lock).acquireExclusive()
}

@c(r3_ExAcquirePushLockSharedEx)
func exAcquirePushLockSharedEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  PushLock(lock).acquireShared()
}

@c(r3_ExReleasePushLockExclusiveEx)
func exReleasePushLockExclusiveEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  PushLock(lock).releaseExclusive()
}

@c(r3_ExReleasePushLockSharedEx)
func exReleasePushLockSharedEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  PushLock(lock).releaseShared()
}

@c(r3_ExReleasePushLockEx)
func exReleasePushLockEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) {
  PushLock(lock).release()
}

@c(r3_ExTryAcquirePushLockExclusiveEx)
func exTryAcquirePushLockExclusiveEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32)
  -> UInt8
{
  PushLock(lock).tryAcquireExclusive() ? 1 : 0
}

@c(r3_ExTryAcquirePushLockSharedEx)
func exTryAcquirePushLockSharedEx(_ lock: UnsafeMutablePointer<UInt64>, _ flags: UInt32) -> UInt8 {
  PushLock(lock).tryAcquireShared() ? 1 : 0
}
