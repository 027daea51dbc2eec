import CRing3
import Glibc
import Machine

/// Free blocks and figures of one thread; nobody else touches them.
///
/// The classes' table and the magazines lie behind it in the same mapping, at fixed places.
struct PoolCache {
  /// The pool that the cache belongs to.
  let pool: UnsafeMutablePointer<PoolState>
  /// Bits of ``PoolMode``: not 0 when the short ways do not apply.
  ///
  /// Other threads set bits in it.
  var mode: UInt32
  let cookie: UInt64
  /// Address of the first page of the pools, and their size.
  let base: UInt
  let span: UInt
  let descriptors: UnsafeMutablePointer<PageDescriptor>
  var tags: TagTable
  /// Bytes of quota of one process, taken in advance.
  var credit: QuotaCredit
  /// Links of the registry.
  var next: UnsafeMutablePointer<PoolCache>?
  var thread: UnsafeMutablePointer<R3Thread>?

  static let classTableOffset = 256
  static let magazinesOffset = 512
  static let byteCount = magazinesOffset + PoolLayout.indexCount * Magazine.stride
}

/// Why allocating and freeing take the long way.
enum PoolMode {
  /// Failures may be injected.
  static let injects: UInt32 = 1
  /// Everything is checked and filled.
  static let verifies: UInt32 = 2
  /// Memory is scarce: nothing is kept in caches.
  static let isScarce: UInt32 = 4
  /// The cache is to be emptied by its thread.
  static let mustTrim: UInt32 = 8
}

/// Free blocks of one class, newest last.
struct Magazine {
  var count: Int
  /// How many may be kept.
  var capacity: Int

  static let stride = 512
  static let slotCount = (stride - 16) / 8

  /// Half of the capacity: what is exchanged at once.
  var batch: Int { (capacity + 1) >> 1 }
}

extension UnsafeMutablePointer where Pointee == Magazine {
  @inline(__always)
  var slots: UnsafeMutablePointer<UInt> {
    (UnsafeMutableRawPointer(self) + 16).assumingMemoryBound(to: UInt.self)
  }

  @inline(__always)
  func pop() -> UInt {
    let count = pointee.count &- 1
    pointee.count = count
    return slots[count]
  }

  @inline(__always)
  func push(_ address: UInt) {
    let count = pointee.count
    slots[count] = address
    pointee.count = count &+ 1
  }
}

extension UnsafeMutablePointer where Pointee == PoolCache {
  @inline(__always)
  func magazine(_ index: Int) -> UnsafeMutablePointer<Magazine> {
    (UnsafeMutableRawPointer(self) + PoolCache.magazinesOffset + index &<< 9)
      .assumingMemoryBound(to: Magazine.self)
  }

  /// The class of a request that shares a page; `byteCount` is at most ``PoolLayout/largestSmall``.
  @inline(__always)
  func smallClass(_ byteCount: Int) -> Int {
    let units = (byteCount &+ 16 &+ 8 &+ 15) &>> 4
    return Int(
      (UnsafeMutableRawPointer(self) + PoolCache.classTableOffset)
        .load(fromByteOffset: units, as: UInt8.self))
  }

  /// The figures of a tag, made when there are none.
  @inline(__always)
  func usage(_ tag: UInt32, isPaged: Bool) -> UnsafeMutablePointer<TagUsage> {
    let key = TagUsage.key(tag, isPaged: isPaged)
    let entry = pointee.tags.start(tag, isPaged: isPaged)
    return entry.pointee.key == key ? entry : searchUsage(key)
  }

  @inline(never)
  private func searchUsage(_ key: UInt64) -> UnsafeMutablePointer<TagUsage> {
    if let entry = pointee.tags.find(key) { return entry }
    pointee.pool.pointee.registryLock.lock()
    let entry = pointee.tags.insert(key)
    pointee.pool.pointee.registryLock.unlock()
    return entry
  }

  @inline(__always)
  func descriptor(of address: UInt) -> UnsafeMutablePointer<PageDescriptor> {
    pointee.descriptors + Int((address &- pointee.base) &>> 12)
  }

  var modeAddress: UnsafeMutableRawPointer {
    withUnsafeMutablePointer(to: &pointee.mode) { UnsafeMutableRawPointer($0) }
  }
}
