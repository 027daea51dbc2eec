import CRing3
import Machine

/// The tag of blocks that were asked for without one: "None".
private let noTag: UInt32 = 0x656E_6F4E

@c(r3_ExAllocatePool)
func exAllocatePool(_ type: UInt32, _ byteCount: UInt64) -> UnsafeMutableRawPointer? {
  exAllocatePoolWithTag(type, byteCount, noTag)
}

/// The short way, from `quick.S`: the thread is below DISPATCH_LEVEL, `cache` is its own.
///
/// The order is that in which the driver's arguments lie in registers.
///
/// - Returns: 0 when the long way is to be taken.
@c(r3_quickly_ExAllocatePoolWithTag)
func quicklyAllocatePoolWithTag(
  _ cache: UnsafeMutableRawPointer, _ unused: UInt64, _ byteCount: UInt64, _ type: UInt32,
  _ tag: UInt32
) -> UInt {
  let known = cache.assumingMemoryBound(to: PoolCache.self)
  if type == 512, known.isSmall(Int(truncatingIfNeeded: byteCount)) {
    let block = known.allocateAtHand(Int(truncatingIfNeeded: byteCount), tag)
    if block != 0 { return block }
  }
  let address = quicklyAllocateRun(cache, unused, byteCount, type, tag)
  // One call, and not a jump: then the compiler makes a frame for it alone, not for the way above.
  r3_compiler_fence()
  return address
}

// The rest of the short way lies apart: what it needs of registers would make the first part longer.

@inline(never)
private func quicklyAllocateRun(
  _ cache: UnsafeMutableRawPointer, _ unused: UInt64, _ byteCount: UInt64, _ type: UInt32,
  _ tag: UInt32
) -> UInt {
  if type == 512, byteCount > UInt64(PoolLayout.largestSmall) {
    let address = cache.assumingMemoryBound(to: PoolCache.self)
      .allocateRunAtHand(Int(truncatingIfNeeded: byteCount), tag)
    if address != 0 { return address }
  }
  return quicklyAllocateOther(cache, unused, byteCount, type, tag)
}

@inline(never)
private func quicklyAllocateOther(
  _ cache: UnsafeMutableRawPointer, _ unused: UInt64, _ byteCount: UInt64, _ type: UInt32,
  _ tag: UInt32
) -> UInt {
  let type = LegacyPoolType(type)
  guard type.isPlain else { return 0 }
  let cache = cache.assumingMemoryBound(to: PoolCache.self)
  let address = cache.allocate(Int(truncatingIfNeeded: byteCount), row: cache.row(type), tag)
  return UInt(bitPattern: address)
}

@c(r3_ExAllocatePoolWithTag)
func exAllocatePoolWithTag(_ type: UInt32, _ byteCount: UInt64, _ tag: UInt32)
  -> UnsafeMutableRawPointer?
{
  if let cache = Pool.currentCache {
    let address = quicklyAllocateOther(cache, 0, byteCount, type, tag)
    if address != 0 { return UnsafeMutableRawPointer(bitPattern: address) }
  }
  return allocateLegacy(LegacyPoolType(type), byteCount, tag)
}

@inline(never)
private func allocateLegacy(_ type: LegacyPoolType, _ byteCount: UInt64, _ tag: UInt32)
  -> UnsafeMutableRawPointer?
{
  let pool = Pool.current
  if type.isPlain, !pool.guardsDrivers, let byteCount = Int(exactly: byteCount) {
    return pool.allocateOtherwise(byteCount, type.kind, tag, false, nil)
  }
  return pool.allocateLegacy(type, byteCount, tag)
}

@c(r3_ExAllocatePoolWithQuota)
func exAllocatePoolWithQuota(_ type: UInt32, _ byteCount: UInt64) -> UnsafeMutableRawPointer? {
  exAllocatePoolWithQuotaTag(type, byteCount, noTag)
}

@c(r3_ExAllocatePoolWithQuotaTag)
func exAllocatePoolWithQuotaTag(_ type: UInt32, _ byteCount: UInt64, _ tag: UInt32)
  -> UnsafeMutableRawPointer?
{
  Pool.current.allocateLegacy(LegacyPoolType(type), byteCount, tag, chargesQuota: true)
}

@c(r3_ExAllocatePoolWithTagPriority)
func exAllocatePoolWithTagPriority(
  _ type: UInt32, _ byteCount: UInt64, _ tag: UInt32, _ priority: UInt32
) -> UnsafeMutableRawPointer? {
  Pool.current.allocateLegacy(
    LegacyPoolType(type), byteCount, tag, priority: PoolPriority(windows: priority) ?? .normal)
}

extension PoolPriority {
  /// An `EX_POOL_PRIORITY`; its special-pool bits change nothing here.
  init?(windows value: UInt32) {
    guard [0, 8, 9].contains(value & 0xF) else { return nil }
    switch value & ~0xF {
    case 0: self = .low
    case 16: self = .normal
    case 32: self = .high
    default: return nil
    }
  }
}
