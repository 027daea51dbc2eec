import Glibc

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
/// The figures lie in the order in which their tags were first met, apart from the index by hash: tags
/// that are used together lie together. Growing and reading by others are kept apart by the registry
/// lock of the pool.
struct TagTable {
  /// The first is nobody's.
  private(set) var entries: UnsafeMutablePointer<TagUsage>
  /// Numbers of entries by hash; 0 is none, and the last is always that.
  private var index: UnsafeMutablePointer<UInt32>
  /// 32 less the binary logarithm of the capacity.
  private var shift: UInt32
  private var used = 0

  /// Places beyond the capacity, so that probing needs no wrapping.
  private static let spill = 32

  init() {
    self.init(shift: 32 - 6)
    _ = insert(TagUsage.key(0, isPaged: false))
    _ = insert(TagUsage.key(0, isPaged: true))
  }

  private init(shift: UInt32) {
    self.shift = shift
    let capacity = 1 << Int(32 - shift)
    entries = Self.allocate(capacity / 2 + 1)
    index = Self.allocate(capacity + Self.spill + 1)
  }

  /// Zeroed memory that begins a cache line.
  private static func allocate<T>(_ count: Int) -> UnsafeMutablePointer<T> {
    let byteCount = count * MemoryLayout<T>.stride
    let memory = aligned_alloc(64, (byteCount + 63) & ~63)!
    memset(memory, 0, byteCount)
    return memory.bindMemory(to: T.self, capacity: count)
  }

  func destroy() {
    Glibc.free(entries)
    Glibc.free(index)
  }

  private var placeCount: Int { 1 << Int(32 - shift) + Self.spill }

  /// Where in the index the search for a tag begins.
  @inline(__always)
  private func place(_ tag: UInt32, isPaged: Bool) -> Int {
    Int((tag &* 0x9E37_79B1) &>> shift) ^ (isPaged ? 1 : 0)
  }

  /// The entry of a key, or nobody's.
  ///
  /// A leaf: the short ways use it.
  @inline(__always)
  func look(_ key: UInt64) -> UnsafeMutablePointer<TagUsage> {
    var place = index + place(UInt32(truncatingIfNeeded: key), isPaged: key &>> 33 != 0)
    while true {
      let entry = entries + Int(place.pointee)
      if entry.pointee.key == key || place.pointee == 0 { return entry }
      place += 1
    }
  }

  /// The place of a key, or the free one where it belongs; nil when there is no more room.
  private func search(_ key: UInt64) -> Int? {
    var place = self.place(UInt32(truncatingIfNeeded: key), isPaged: key >> 33 != 0)
    while place < placeCount {
      let number = Int(index[place])
      if number == 0 || entries[number].key == key { return place }
      place += 1
    }
    return nil
  }

  /// The entry of a key that is there; nil otherwise.
  func find(_ key: UInt64) -> UnsafeMutablePointer<TagUsage>? {
    guard let place = search(key), index[place] != 0 else { return nil }
    return entries + Int(index[place])
  }

  /// Adds a key that is not there yet.
  mutating func insert(_ key: UInt64) -> UnsafeMutablePointer<TagUsage> {
    if used * 2 >= 1 << Int(32 - shift) { grow() }
    while true {
      if let place = search(key) {
        used += 1
        entries[used].key = key
        index[place] = UInt32(used)
        return entries + used
      }
      grow()
    }
  }

  private mutating func grow() {
    var larger = TagTable(shift: shift - 1)
    forEach { larger.insert($0.pointee.key).pointee = $0.pointee }
    destroy()
    self = larger
  }

  func forEach(_ body: (UnsafeMutablePointer<TagUsage>) -> Void) {
    for number in 0..<used { body(entries + 1 + number) }
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
