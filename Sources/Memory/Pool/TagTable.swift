import Glibc
import Machine

/// What one thread did under one tag in paged or in nonpaged pool.
struct TagUsage {
  /// 0: unused entry.
  var key: UInt64 = 0
  var allocations: UInt64 = 0
  var frees: UInt64 = 0
  /// Most live bytes so far.
  var peak: Int64 = 0
  /// How many bytes less than that are live now; more than the peak when others allocated what this
  /// thread frees.
  var room: Int64 = 0
  var padding: (UInt64, UInt64, UInt64) = (0, 0, 0)

  @inline(__always)
  static func key(_ tag: UInt32, isPaged: Bool) -> UInt64 {
    UInt64(tag) | (isPaged ? 3 << 32 : 1 << 32)
  }

  var liveByteCount: Int64 { peak &- room }

  @inline(__always)
  mutating func countAllocation(_ byteCount: Int) {
    allocations &+= 1
    room &-= Int64(byteCount)
    if room < 0 {
      peak &-= room
      room = 0
    }
  }

  @inline(__always)
  mutating func countFree(_ byteCount: Int) {
    frees &+= 1
    room &+= Int64(byteCount)
  }
}

/// The figures of one thread by tag: a hash table that its thread alone writes.
///
/// Growing and reading by others are kept apart by the registry lock of the pool.
struct TagTable {
  private(set) var entries: UnsafeMutablePointer<TagUsage>
  /// 32 less the binary logarithm of the capacity.
  private(set) var shift: UInt32
  private var used = 0

  /// Entries beyond the capacity, so that probing needs no wrapping.
  private static let spill = 32

  init() {
    shift = 32 - 6
    entries = Self.allocate(shift)
    _ = insert(TagUsage.key(0, isPaged: false))
    _ = insert(TagUsage.key(0, isPaged: true))
  }

  private static func allocate(_ shift: UInt32) -> UnsafeMutablePointer<TagUsage> {
    let count = 1 << Int(32 - shift) + spill
    let byteCount = count * MemoryLayout<TagUsage>.stride
    // A table of thousands of tags, which are met in any order, lies in huge pages where the host has
    // them.
    let unit = byteCount >= Host.hugePageSize ? Host.hugePageSize : 64
    let size = (byteCount + unit - 1) & ~(unit - 1)
    let memory = aligned_alloc(unit, size)!
    if unit == Host.hugePageSize { madvise(memory, size, MADV_HUGEPAGE) }
    memset(memory, 0, byteCount)
    return memory.bindMemory(to: TagUsage.self, capacity: count)
  }

  func destroy() { Glibc.free(entries) }

  private var count: Int { 1 << Int(32 - shift) + Self.spill }

  /// Where the search for a tag begins.
  @inline(__always)
  func start(_ tag: UInt32, isPaged: Bool) -> UnsafeMutablePointer<TagUsage> {
    entries + (Int((tag &* 0x9E37_79B1) &>> shift) ^ (isPaged ? 1 : 0))
  }

  /// The entry of a key that is there; nil otherwise.
  func find(_ key: UInt64) -> UnsafeMutablePointer<TagUsage>? {
    var entry = start(UInt32(truncatingIfNeeded: key), isPaged: key >> 33 != 0)
    let end = entries + count
    while entry < end, entry.pointee.key != 0 {
      if entry.pointee.key == key { return entry }
      entry += 1
    }
    return nil
  }

  /// Adds a key that is not there yet.
  mutating func insert(_ key: UInt64) -> UnsafeMutablePointer<TagUsage> {
    if used * 2 >= 1 << Int(32 - shift) { grow() }
    while true {
      var entry = start(UInt32(truncatingIfNeeded: key), isPaged: key >> 33 != 0)
      let end = entries + count
      while entry < end, entry.pointee.key != 0 { entry += 1 }
      if entry < end {
        entry.pointee.key = key
        used += 1
        return entry
      }
      grow()
    }
  }

  private mutating func grow() {
    var larger = self
    larger.shift -= 1
    larger.used = 0
    larger.entries = Self.allocate(larger.shift)
    forEach { usage in
      let entry = larger.insert(usage.pointee.key)
      entry.pointee = usage.pointee
    }
    Glibc.free(entries)
    self = larger
  }

  func forEach(_ body: (UnsafeMutablePointer<TagUsage>) -> Void) {
    for index in 0..<count where entries[index].key != 0 { body(entries + index) }
  }

  /// Adds the figures of a thread that has ended.
  mutating func merge(_ other: TagTable) {
    other.forEach { usage in
      let entry = find(usage.pointee.key) ?? insert(usage.pointee.key)
      entry.pointee.allocations &+= usage.pointee.allocations
      entry.pointee.frees &+= usage.pointee.frees
      entry.pointee.room &+= usage.pointee.room
      entry.pointee.peak &+= usage.pointee.peak
    }
  }
}
