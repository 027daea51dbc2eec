import CRing3
import Glibc
import Machine

/// Free blocks and figures of one thread; nobody else touches them.
///
/// The classes' table and the magazines lie behind it in the same mapping, at fixed places; last come
/// the magazines of ``BufferDepot``s.
struct PoolCache {
  /// The pool that the cache belongs to.
  let pool: UnsafeMutablePointer<PoolState>
  /// Bits of ``PoolMode``: not 0 when the short ways do not apply.
  ///
  /// Other threads set it too, under the registry lock.
  var mode: UInt32
  let cookie: UInt64
  /// Address of the first page of the pools.
  let base: UInt
  /// Their size, the largest request that shares a page, and the largest that is kept; 0 in a mode.
  var span: UInt = 0
  var largestSmall: UInt = 0
  var largestKept: UInt = 0
  let words: UnsafeMutablePointer<PageWord>
  var tags: TagTable
  /// Bytes of quota of one process, taken in advance.
  var credit: QuotaCredit
  /// Links of the registry.
  var next: UnsafeMutablePointer<PoolCache>?
  var thread: UnsafeMutablePointer<R3Thread>?

  /// Where the magazines of a legacy pool type lie behind those of nonpaged pool, by
  /// ``LegacyPoolType/row``.
  static let rowTableOffset = 240
  /// Where the magazine of a small request lies, by 16-byte units.
  static let classTableOffset = 256
  static let magazinesOffset = 1024
  static let depotsOffset = magazinesOffset + PoolLayout.indexCount * Magazine.stride
  static let byteCount = depotsOffset + DepotTable.placeCount * BufferMagazine.stride
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

/// Free blocks of one class.
///
/// The newest lies apart in ``front``, so that a block freed and asked for again goes through one
/// word; the others follow, newest last.
struct Magazine {
  /// The newest block, or 0.
  var front: UInt = 0
  /// The word of a live block of the class with no bytes, and with the tag used last; 0 at first.
  var word: UInt64
  /// The figures of that tag.
  var usage: UnsafeMutablePointer<TagUsage>
  /// Bytes of a slot; 0 for runs.
  let slotByteCount: UInt32
  let isPaged: Bool
  /// How many blocks lie behind ``front``, and how many may.
  var count = 0
  let capacity: Int

  static let stride = 512
  static var headByteCount: Int { 64 }
  /// One more than the largest capacity, for the block in front.
  static let slotCount = (stride - headByteCount) / 8

  init(
    capacity: Int, usage: UnsafeMutablePointer<TagUsage>, word: UInt64, slotByteCount: UInt32,
    isPaged: Bool
  ) {
    self.capacity = capacity
    self.usage = usage
    self.word = word
    self.slotByteCount = slotByteCount
    self.isPaged = isPaged
  }

  /// The tag used last.
  @inline(__always)
  var tag: UInt32 {
    get { UInt32(truncatingIfNeeded: word) }
    set { word = word & ~0xFFFF_FFFF | UInt64(newValue) }
  }

  /// Half of the capacity: what is exchanged at once.
  var batch: Int { (capacity + 1) >> 1 }
}

extension UnsafeMutablePointer where Pointee == Magazine {
  @inline(__always)
  var slots: UnsafeMutablePointer<UInt> {
    (UnsafeMutableRawPointer(self) + Magazine.headByteCount).assumingMemoryBound(to: UInt.self)
  }

  @inline(__always)
  var isEmpty: Bool { pointee.front == 0 && pointee.count == 0 }

  /// Number of blocks.
  var total: Int { pointee.count + (pointee.front != 0 ? 1 : 0) }

  @inline(__always)
  var isFull: Bool { pointee.front != 0 && pointee.count >= pointee.capacity }

  /// Takes the newest block; 0 when there is none.
  @inline(__always)
  func take() -> UInt {
    let front = pointee.front
    if front != 0 {
      pointee.front = 0
      return front
    }
    guard pointee.count > 0 else { return 0 }
    return popBehind()
  }

  /// Keeps a block; false when there is no room.
  @inline(__always)
  func keep(_ address: UInt) -> Bool {
    let front = pointee.front
    if front != 0 {
      let count = pointee.count
      guard count < pointee.capacity else { return false }
      slots[count] = front
      pointee.count = count &+ 1
    }
    pointee.front = address
    return true
  }

  /// Takes the newest block; there must be one.
  @inline(__always)
  func pop() -> UInt {
    let front = pointee.front
    guard front == 0 else {
      pointee.front = 0
      return front
    }
    return popBehind()
  }

  @inline(__always)
  private func popBehind() -> UInt {
    let count = pointee.count &- 1
    pointee.count = count
    return slots[count]
  }

  /// Keeps a block; there must be room.
  @inline(__always)
  func push(_ address: UInt) {
    settle()
    pointee.front = address
  }

  /// Puts the block in front behind, so that all lie in a row.
  @inline(__always)
  func settle() {
    guard pointee.front != 0 else { return }
    slots[pointee.count] = pointee.front
    pointee.count &+= 1
    pointee.front = 0
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
    (magazineOffset(byteCount) &- PoolCache.magazinesOffset) &>> 9
  }

  /// Where the magazine of a small request for nonpaged pool lies.
  @inline(__always)
  private func magazineOffset(_ byteCount: Int) -> Int {
    let units = UInt(bitPattern: byteCount &+ 16 &+ 8 &+ 15) &>> 4
    let table = (UnsafeMutableRawPointer(self) + PoolCache.classTableOffset)
      .assumingMemoryBound(to: UInt16.self)
    return Int(table[Int(bitPattern: units)])
  }

  /// How far the magazines of a pool lie behind those of nonpaged pool.
  @inline(__always)
  func row(_ type: LegacyPoolType) -> Int {
    // What most drivers ask for.
    if type.bits == 512 { return 0 }
    return Int(
      (UnsafeMutableRawPointer(self) + PoolCache.rowTableOffset + type.row &* 4)
        .load(as: UInt32.self))
  }

  /// The magazine for a small request.
  @inline(__always)
  func magazine(_ byteCount: Int, row: Int) -> UnsafeMutablePointer<Magazine> {
    (UnsafeMutableRawPointer(self) + row + magazineOffset(byteCount))
      .assumingMemoryBound(to: Magazine.self)
  }

  /// The magazine for a request of whole pages.
  @inline(__always)
  func magazine(pages count: Int, row: Int) -> UnsafeMutablePointer<Magazine> {
    (UnsafeMutableRawPointer(self) + PoolCache.magazinesOffset + row
      + (PoolLayout.runClassBase &+ count) &<< 9).assumingMemoryBound(to: Magazine.self)
  }

  /// Sets the mode, and what the short ways look at instead of it.
  func setMode(_ mode: UInt32) {
    pointee.mode = mode
    pointee.span = mode == 0 ? pointee.pool.pointee.span : 0
    pointee.largestSmall = mode == 0 ? UInt(PoolLayout.largestSmall) : 0
    pointee.largestKept = mode == 0 ? UInt(PoolLayout.largestKept) : 0
  }

  /// Whether a magazine remembers the figures of a tag, after a look for them.
  @inline(__always)
  func hasSelected(_ tag: UInt32, _ magazine: UnsafeMutablePointer<Magazine>) -> Bool {
    if magazine.pointee.tag == tag { return true }
    let key = TagUsage.key(tag, isPaged: magazine.pointee.isPaged)
    let entry = pointee.tags.look(key)
    guard entry.pointee.key == key else { return false }
    magazine.pointee.usage = entry
    magazine.pointee.tag = tag
    return true
  }

  /// Makes a magazine remember the figures of a tag.
  @inline(never)
  func select(_ tag: UInt32, _ magazine: UnsafeMutablePointer<Magazine>) {
    magazine.pointee.usage = usage(tag, isPaged: magazine.pointee.isPaged)
    magazine.pointee.tag = tag
  }

  /// The figures of a tag, made when there are none.
  func usage(_ tag: UInt32, isPaged: Bool) -> UnsafeMutablePointer<TagUsage> {
    let key = TagUsage.key(tag, isPaged: isPaged)
    let entry = pointee.tags.look(key)
    return entry.pointee.key == key ? entry : searchUsage(key)
  }

  @inline(never)
  private func searchUsage(_ key: UInt64) -> UnsafeMutablePointer<TagUsage> {
    let before = pointee.tags.entries
    pointee.pool.pointee.registryLock.lockStaying()
    let entry = pointee.tags.insert(key)
    pointee.pool.pointee.registryLock.unlock()
    if pointee.tags.entries != before { forgetTags() }
    return entry
  }

  /// The table of figures has moved: what the magazines remember lies there no more.
  private func forgetTags() {
    for index in 0..<PoolLayout.indexCount {
      let magazine = magazine(index)
      magazine.pointee.tag = 0
      magazine.pointee.usage = tagless(isPaged: index >= 128)
    }
  }

  /// The figures of tag 0, which every table has.
  func tagless(isPaged: Bool) -> UnsafeMutablePointer<TagUsage> {
    pointee.tags.find(TagUsage.key(0, isPaged: isPaged)) ?? pointee.tags.entries
  }

  @inline(__always)
  func word(of address: UInt) -> UnsafeMutablePointer<PageWord> {
    pointee.words + Int((address &- pointee.base) &>> 12)
  }
}
