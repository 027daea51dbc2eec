/// What is known of one page of a pool.
///
/// All zeros: a page that is not in use, or that lies inside a longer run. The run's first page
/// describes it.
struct PageDescriptor {
  /// For a run as in a block header, with a state in the top byte; for a shared page likewise,
  /// without tag, and with the number of free slots in bits 0-31.
  var word: BlockWord
  /// Requested bytes of a run; free slots 0-63 of a shared page.
  var first: UInt64
  /// The process that pays for a run, or 0; free slots 64-127 of a shared page.
  var second: UInt64
  /// Where in the driver a run was asked for; next and previous page of a shared page's list.
  var third: UInt64

  static var shared: UInt64 { 1 << 56 }
  static var liveRun: UInt64 { 2 << 56 }
  static var cachedRun: UInt64 { 3 << 56 }
  static var stateMask: UInt64 { 0xFF << 56 }
  static var liveToCached: UInt64 { liveRun ^ cachedRun }

  @inline(__always) var state: UInt64 { word.bits & Self.stateMask }

  /// Free slots of a shared page, not counting those in caches.
  var freeCount: Int {
    get { Int(UInt32(truncatingIfNeeded: word.bits)) }
    set { word.bits = word.bits & ~0xFFFF_FFFF | UInt64(newValue) }
  }

  /// Links hold the number of a page plus 1; 0 is none.
  var next: UInt32 {
    get { UInt32(truncatingIfNeeded: third) }
    set { third = third & ~0xFFFF_FFFF | UInt64(newValue) }
  }

  var previous: UInt32 {
    get { UInt32(truncatingIfNeeded: third >> 32) }
    set { third = third & 0xFFFF_FFFF | UInt64(newValue) << 32 }
  }

  /// Makes the descriptor of a fresh shared page with `count` slots, all free.
  init(sharedBy count: Int, index: Int) {
    word = BlockWord(tag: UInt32(count), byteCount: 0, index: index, flags: Self.shared)
    first = count >= 64 ? ~0 : (1 << UInt64(count)) - 1
    second = count <= 64 ? 0 : count >= 128 ? ~0 : (1 << UInt64(count - 64)) - 1
    third = 0
  }

  /// Takes the lowest free slot.
  mutating func takeSlot() -> Int {
    freeCount -= 1
    if first != 0 {
      let slot = first.trailingZeroBitCount
      first &= first - 1
      return slot
    }
    let slot = second.trailingZeroBitCount
    second &= second - 1
    return slot + 64
  }

  mutating func putSlot(_ slot: Int) {
    freeCount += 1
    if slot < 64 { first |= 1 << UInt64(slot) } else { second |= 1 << UInt64(slot - 64) }
  }

  func isSlotFree(_ slot: Int) -> Bool {
    slot < 64 ? first >> UInt64(slot) & 1 != 0 : second >> UInt64(slot - 64) & 1 != 0
  }
}
