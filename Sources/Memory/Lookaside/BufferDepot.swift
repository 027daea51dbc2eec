import CRing3
import Machine

/// Buffers of one size that are kept for the next time: a lookaside list without a head that a driver
/// sees.
///
/// Each thread keeps some for itself; batches go through a stack that all threads share, and what
/// that has no room for goes to pool. Pool counts a kept buffer as allocated, as it does with an
/// entry of any lookaside list. A depot of nonpaged pool is used up to DISPATCH_LEVEL, one of paged
/// pool below.
///
/// A copy is the same depot. Public, though nothing of this module is offered to users: what is
/// `package` is not inlined into other modules.
public struct BufferDepot: @unchecked Sendable {
  @usableFromInline let state: UnsafeMutablePointer<DepotState>

  /// Bytes of a buffer.
  @inlinable public var byteCount: Int { state.pointee.byteCount }

  /// Takes the buffer that this thread gave last, or another one; nil when there is no memory.
  ///
  /// Its contents are undefined.
  @inlinable @inline(__always)
  public func take() -> UnsafeMutableRawPointer? {
    if let thread = r3_current(), thread.pointee.irql <= state.pointee.highestLevel,
      let cache = thread.pointee.poolCache
    {
      let magazine = state.magazine(in: cache)
      magazine.begin()
      let count = magazine.pointee.count
      if magazine.pointee.owner == state, count > 0, !state.isStopped {
        magazine.pointee.count = count &- 1
        magazine.pointee.takes &+= 1
        let address = magazine.slots[count &- 1]
        magazine.end()
        return UnsafeMutableRawPointer(bitPattern: address)
      }
      magazine.end()
    }
    return takeSlowly()
  }

  /// Keeps a buffer that came from this depot; it may have been taken by another thread.
  @inlinable @inline(__always)
  public func give(_ buffer: UnsafeMutableRawPointer) {
    if let thread = r3_current(), thread.pointee.irql <= state.pointee.highestLevel,
      let cache = thread.pointee.poolCache
    {
      let magazine = state.magazine(in: cache)
      magazine.begin()
      let count = magazine.pointee.count
      if magazine.pointee.owner == state, count < magazine.pointee.capacity, !state.isStopped {
        magazine.slots[count] = UInt(bitPattern: buffer)
        magazine.pointee.count = count &+ 1
        magazine.end()
        return
      }
      magazine.end()
    }
    giveSlowly(buffer)
  }
}

/// What the threads share of a depot.
@usableFromInline
struct DepotState {
  /// Not 0 while nobody may touch his magazine, and for ever once the depot is closed.
  @usableFromInline var stopped: UInt32 = 0
  @usableFromInline let highestLevel: UInt8
  @usableFromInline let byteCount: Int
  /// Where the magazine of this depot lies in a thread's cache.
  @usableFromInline var magazineOffset: Int
  let kind: PoolKind
  let tag: UInt32
  let pool: UnsafeMutablePointer<PoolState>
  var isClosed = false
  /// Guards the stack, for a few instructions.
  var lock = MachineLock()
  /// Buffers of no thread, and how many may be kept there.
  let stack: UnsafeMutablePointer<UInt>
  var stackCount = 0
  let stackCapacity: Int
  /// How many a thread may keep.
  let magazineCapacity: Int
  /// Takes from pool, and those of magazines that are no more.
  var misses: UInt64 = 0
  var retiredTakes: UInt64 = 0
  /// Takes when the depot was last looked at, to find those that are idle.
  var takesBefore: UInt64 = 0
  var next: UnsafeMutablePointer<DepotState>?

  /// Room for a link.
  static var leastByteCount: Int { 8 }
}

/// Buffers of one depot that one thread keeps.
@usableFromInline
struct BufferMagazine {
  /// 1 while its thread changes it; no lock, see ``BufferDepot/stop()``.
  @usableFromInline var isBusy: UInt32 = 0
  /// The depot, when it is in use.
  @usableFromInline var owner: UnsafeMutablePointer<DepotState>?
  @usableFromInline var count = 0
  @usableFromInline var capacity = 0
  @usableFromInline var takes: UInt64 = 0

  static let stride = 512
  @usableFromInline static var headByteCount: Int { 64 }
  static let slotCount = (stride - headByteCount) / 8
}

extension UnsafeMutablePointer where Pointee == DepotState {
  @inlinable @inline(__always)
  func magazine(in cache: UnsafeMutableRawPointer) -> UnsafeMutablePointer<BufferMagazine> {
    (cache + pointee.magazineOffset).assumingMemoryBound(to: BufferMagazine.self)
  }

  /// `stopped` is the first word.
  @inlinable @inline(__always)
  var isStopped: Bool { r3_load32(self) != 0 }
}

extension UnsafeMutablePointer where Pointee == BufferMagazine {
  @inlinable @inline(__always)
  var slots: UnsafeMutablePointer<UInt> {
    (UnsafeMutableRawPointer(self) + BufferMagazine.headByteCount)
      .assumingMemoryBound(to: UInt.self)
  }

  // `isBusy` is the first word.

  @inlinable @inline(__always)
  func begin() {
    r3_store32(self, 1)
    r3_compiler_fence()
  }

  @inlinable @inline(__always)
  func end() {
    r3_compiler_fence()
    r3_store32(self, 0)
  }
}
