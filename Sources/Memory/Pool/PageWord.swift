/// What freeing must know of a page at once: one word a page, so that many stay in the cache.
///
/// Bits 0-31 are the tag of a run or the class index of a shared page; 32-49 the requested bytes of
/// a run that is not long; 50-57 its class index, whose upper two bits are the pool; 60-61 the
/// state; 62 and 63 say that the
/// ``PageDescriptor`` holds more. All zeros is a page that is not in use, or that lies inside a
/// run: the run's first page describes it.
struct PageWord {
  var bits: UInt64

  @inline(__always)
  init(bits: UInt64) { self.bits = bits }

  @inline(__always)
  init(run tag: UInt32, byteCount: Int, index: Int, flags: UInt64) {
    bits = Self.base(index) | UInt64(truncatingIfNeeded: byteCount) &<< 32 | UInt64(tag) | flags
  }

  /// A page shared by blocks of a class.
  init(sharedBy index: Int) { bits = Self.shared | UInt64(index) }

  /// What is the same in the words of all live runs of a class.
  @inline(__always)
  static func base(_ index: Int) -> UInt64 {
    liveRun | UInt64(truncatingIfNeeded: index) &<< 50
  }

  static var unused: PageWord { PageWord(bits: 0) }
  static var shared: UInt64 { 1 << 60 }
  static var liveRun: UInt64 { 2 << 60 }
  static var cachedRun: UInt64 { 3 << 60 }
  private static var stateMask: UInt64 { 3 << 60 }
  /// A process pays, or the place of the allocation is known.
  static var hasDetails: UInt64 { 1 << 62 }
  /// The run is too long to be kept, and its size for this word.
  static var isLong: UInt64 { 1 << 63 }

  @inline(__always) var state: UInt64 { bits & Self.stateMask }
  @inline(__always) var isPlainLiveRun: Bool { bits &>> 60 == 2 }
  @inline(__always) var isLong: Bool { bits & Self.isLong != 0 }
  @inline(__always) var hasDetails: Bool { bits & Self.hasDetails != 0 }
  @inline(__always) var tag: UInt32 { UInt32(truncatingIfNeeded: bits) }
  /// The requested bytes of a run that is not long.
  @inline(__always) var byteCount: Int { Int(bits &>> 32 & 0x3_FFFF) }
  @inline(__always) var kind: PoolKind { PoolKind(rawValue: UInt8(bits &>> 56 & 3)) ?? .paged }
  /// The class of a shared page.
  var sharedIndex: Int { Int(bits & 0xFF) }
  /// The class of a run.
  @inline(__always) var runIndex: Int { Int(bits &>> 50 & 0xFF) }

  /// The same run with no requested bytes.
  var withoutBytes: PageWord { PageWord(bits: bits & ~(0x3_FFFF << 32)) }

  /// The same run, kept by a thread.
  @inline(__always) var cached: PageWord { PageWord(bits: bits | Self.cachedRun) }
}
