import CRing3
import Machine

/// The short way, from `quick.S`: the thread is below DISPATCH_LEVEL, `cache` is its own.
///
/// - Returns: 0 when the long way is to be taken.
@c(r3_quickly_ExFreePool)
func quicklyFreePool(_ address: UInt, _ cache: UnsafeMutableRawPointer) -> UInt64 {
  cache.assumingMemoryBound(to: PoolCache.self).free(address, nil) ? 1 : 0
}

/// The same with a tag that must fit.
@c(r3_quickly_ExFreePoolWithTag)
func quicklyFreePoolWithTag(_ address: UInt, _ tag: UInt32, _ cache: UnsafeMutableRawPointer)
  -> UInt64
{
  cache.assumingMemoryBound(to: PoolCache.self).free(address, tag) ? 1 : 0
}

@c(r3_ExFreePool)
func exFreePool(_ address: UnsafeMutableRawPointer?) {
  let address = UInt(bitPattern: address)
  guard let cache = Pool.currentCache, quicklyFreePool(address, cache) != 0 else {
    return Pool.current.freeOtherwise(address, 0)
  }
}

@c(r3_ExFreePoolWithTag)
func exFreePoolWithTag(_ address: UnsafeMutableRawPointer?, _ tag: UInt32) {
  let address = UInt(bitPattern: address)
  guard let cache = Pool.currentCache, quicklyFreePoolWithTag(address, tag, cache) != 0 else {
    return Pool.current.freeOtherwise(address, tag)
  }
}

@c(r3_ExFreePool2)
func exFreePool2(
  _ address: UnsafeMutableRawPointer?, _ tag: UInt32, _ parameters: UnsafeRawPointer?,
  _ count: UInt32
) {
  // Secure pool is the only thing that parameters could name, and there is none.
  exFreePoolWithTag(address, tag)
}
