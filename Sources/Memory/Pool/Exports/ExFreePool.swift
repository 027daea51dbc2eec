import CRing3
import Machine

/// The short way, from `quick.S`: the thread is below DISPATCH_LEVEL, `cache` is its own.
///
/// The order is that in which the driver's arguments lie in registers.
///
/// - Returns: 0 when the long way is to be taken.
@c(r3_quickly_ExFreePool)
func quicklyFreePool(
  _ cache: UnsafeMutableRawPointer, _ unused: UInt64, _ other: UInt64, _ address: UInt
) -> UInt64 {
  let known = cache.assumingMemoryBound(to: PoolCache.self)
  if !UnsafeMutablePointer<PoolCache>.isPage(address), known.freeAtHand(address, nil) { return 1 }
  return quicklyFreeOtherUntagged(cache, unused, other, address)
}

/// The rest of the short way, apart: what it needs of registers would make the first part longer.
@inline(never)
private func quicklyFreeOtherUntagged(
  _ cache: UnsafeMutableRawPointer, _ unused: UInt64, _ other: UInt64, _ address: UInt
) -> UInt64 {
  cache.assumingMemoryBound(to: PoolCache.self).free(address, nil) ? 1 : 0
}

/// The same with a tag that must fit.
@c(r3_quickly_ExFreePoolWithTag)
func quicklyFreePoolWithTag(
  _ cache: UnsafeMutableRawPointer, _ unused: UInt64, _ tag: UInt32, _ address: UInt
) -> UInt64 {
  let known = cache.assumingMemoryBound(to: PoolCache.self)
  if !UnsafeMutablePointer<PoolCache>.isPage(address), known.freeAtHand(address, tag) { return 1 }
  let isFreed = quicklyFreeRun(cache, unused, tag, address)
  // One call, and not a jump: then the compiler makes a frame for it alone, not for the way above.
  r3_compiler_fence()
  return isFreed
}

@inline(never)
private func quicklyFreeRun(
  _ cache: UnsafeMutableRawPointer, _ unused: UInt64, _ tag: UInt32, _ address: UInt
) -> UInt64 {
  let known = cache.assumingMemoryBound(to: PoolCache.self)
  if UnsafeMutablePointer<PoolCache>.isPage(address), known.freeRunAtHand(address, tag) { return 1 }
  return quicklyFreeOther(cache, unused, tag, address)
}

@inline(never)
private func quicklyFreeOther(
  _ cache: UnsafeMutableRawPointer, _ unused: UInt64, _ tag: UInt32, _ address: UInt
) -> UInt64 {
  cache.assumingMemoryBound(to: PoolCache.self).free(address, tag) ? 1 : 0
}

@c(r3_ExFreePool)
func exFreePool(_ address: UnsafeMutableRawPointer?) {
  let address = UInt(bitPattern: address)
  guard let cache = Pool.currentCache, quicklyFreeOtherUntagged(cache, 0, 0, address) != 0 else {
    return Pool.current.freeOtherwise(address, 0)
  }
}

@c(r3_ExFreePoolWithTag)
func exFreePoolWithTag(_ address: UnsafeMutableRawPointer?, _ tag: UInt32) {
  let address = UInt(bitPattern: address)
  guard let cache = Pool.currentCache, quicklyFreeOther(cache, 0, tag, address) != 0 else {
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
