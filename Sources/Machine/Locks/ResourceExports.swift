import CDriverKit
import CRing3
import NTTypes

@c(r3_ExInitializeResourceLite)
func exInitializeResourceLite(_ resource: UnsafeMutablePointer<ERESOURCE>) -> Int32 {
  Resource(resource).initialize()
  return 0
}

@c(r3_ExReinitializeResourceLite)
func exReinitializeResourceLite(_ resource: UnsafeMutablePointer<ERESOURCE>) -> Int32 {
  Resource(resource).reinitialize()
  return 0
}

@c(r3_ExDeleteResourceLite)
func exDeleteResourceLite(_ resource: UnsafeMutablePointer<ERESOURCE>) -> Int32 {
  Resource(resource).delete()
  return 0
}

@c(r3_ExAcquireResourceExclusiveLite)
func exAcquireResourceExclusiveLite(_ resource: UnsafeMutablePointer<ERESOURCE>, _ wait: UInt32)
  -> UInt8
{
  checkAPCsAreOff(0x37, resource)
  return Resource(resource).acquireExclusive(canWait: wait & 0xFF != 0) ? 1 : 0
}

@c(r3_ExAcquireResourceSharedLite)
func exAcquireResourceSharedLite(_ resource: UnsafeMutablePointer<ERESOURCE>, _ wait: UInt32)
  -> UInt8
{
  checkAPCsAreOff(0x37, resource)
  return Resource(resource).acquireShared(canWait: wait & 0xFF != 0) ? 1 : 0
}

@c(r3_ExAcquireSharedStarveExclusive)
func exAcquireSharedStarveExclusive(_ resource: UnsafeMutablePointer<ERESOURCE>, _ wait: UInt32)
  -> UInt8
{
  checkAPCsAreOff(0x37, resource)
  return Resource(resource).acquireShared(canWait: wait & 0xFF != 0, .starveExclusive) ? 1 : 0
}

@c(r3_ExAcquireSharedWaitForExclusive)
func exAcquireSharedWaitForExclusive(_ resource: UnsafeMutablePointer<ERESOURCE>, _ wait: UInt32)
  -> UInt8
{
  checkAPCsAreOff(0x37, resource)
  return Resource(resource).acquireShared(canWait: wait & 0xFF != 0, .waitForExclusive) ? 1 : 0
}

@c(r3_ExReleaseResourceLite)
func exReleaseResourceLite(_ resource: UnsafeMutablePointer<ERESOURCE>) {
  checkAPCsAreOff(0x38, resource)
  Resource(resource).release()
}

@c(r3_ExReleaseResourceForThreadLite)
func exReleaseResourceForThreadLite(_ resource: UnsafeMutablePointer<ERESOURCE>, _ owner: UInt64) {
  Resource(resource).release(for: owner)
}

@c(r3_ExConvertExclusiveToSharedLite)
func exConvertExclusiveToSharedLite(_ resource: UnsafeMutablePointer<ERESOURCE>) {
  Resource(resource).convertToShared()
}

@c(r3_ExSetResourceOwnerPointer)
func exSetResourceOwnerPointer(_ resource: UnsafeMutablePointer<ERESOURCE>, _ owner: UInt64) {
  Resource(resource).setOwner(owner)
}

@c(r3_ExSetResourceOwnerPointerEx)
func exSetResourceOwnerPointerEx(
  _ resource: UnsafeMutablePointer<ERESOURCE>, _ owner: UInt64, _ flags: UInt32
) {
  Resource(resource).setOwner(owner)
}

@c(r3_ExIsResourceAcquiredExclusiveLite)
func exIsResourceAcquiredExclusiveLite(_ resource: UnsafeMutablePointer<ERESOURCE>) -> UInt8 {
  Resource(resource).isAcquiredExclusive ? 1 : 0
}

@c(r3_ExIsResourceAcquiredSharedLite)
func exIsResourceAcquiredSharedLite(_ resource: UnsafeMutablePointer<ERESOURCE>) -> UInt32 {
  Resource(resource).acquiredCount
}

@c(r3_ExGetExclusiveWaiterCount)
func exGetExclusiveWaiterCount(_ resource: UnsafeMutablePointer<ERESOURCE>) -> UInt32 {
  resource.pointee.NumberOfExclusiveWaiters
}

@c(r3_ExGetSharedWaiterCount)
func exGetSharedWaiterCount(_ resource: UnsafeMutablePointer<ERESOURCE>) -> UInt32 {
  resource.pointee.NumberOfSharedWaiters
}

// Owners get no boosts, so that there is nothing to switch off.
@c(r3_ExDisableResourceBoostLite)
func exDisableResourceBoostLite(_ resource: UnsafeMutablePointer<ERESOURCE>) {}

@c(r3_ExEnterCriticalRegionAndAcquireResourceExclusive)
func exEnterCriticalRegionAndAcquireResourceExclusive(_ resource: UnsafeMutablePointer<ERESOURCE>)
  -> UnsafeMutableRawPointer?
{
  CurrentThread.enterCriticalRegion()
  _ = Resource(resource).acquireExclusive()
  return nil
}

@c(r3_ExEnterCriticalRegionAndAcquireResourceShared)
func exEnterCriticalRegionAndAcquireResourceShared(_ resource: UnsafeMutablePointer<ERESOURCE>)
  -> UnsafeMutableRawPointer?
{
  CurrentThread.enterCriticalRegion()
  _ = Resource(resource).acquireShared()
  return nil
}

@c(r3_ExEnterCriticalRegionAndAcquireSharedWaitForExclusive)
func exEnterCriticalRegionAndAcquireSharedWaitForExclusive(
  _ resource: UnsafeMutablePointer<ERESOURCE>
) -> UnsafeMutableRawPointer? {
  CurrentThread.enterCriticalRegion()
  _ = Resource(resource).acquireShared(.waitForExclusive)
  return nil
}

@c(r3_ExReleaseResourceAndLeaveCriticalRegion)
func exReleaseResourceAndLeaveCriticalRegion(_ resource: UnsafeMutablePointer<ERESOURCE>) {
  Resource(resource).release()
  CurrentThread.leaveCriticalRegion()
}
