import Machine

/// What is known of one page of a pool beside its ``PageWord``.
struct PageDescriptor {
  /// Free slots of a shared page, not counting those in caches; requested bytes of a long run.
  var count = 0
  /// Free slots 0-63 of a shared page; the process that pays for a run, or 0.
  var first: UInt64 = 0
  /// Free slots 64-127 of a shared page; the ``BlockOrigin`` of a run.
  var second: UInt64 = 0
  /// Next and previous page of a shared page's list, plus 1; 0 is none.
  var next: UInt32 = 0
  var previous: UInt32 = 0

  init() {}

  /// Makes the descriptor of a fresh shared page with `count` slots, all free.
  init(sharedBy count: Int) {
    self.count = count
    first = count >= 64 ? ~0 : (1 << UInt64(count)) - 1
    second = count <= 64 ? 0 : count >= 128 ? ~0 : (1 << UInt64(count - 64)) - 1
  }

  init(longByteCount: Int, process: Process?, origin: UInt64) {
    count = longByteCount
    first = UInt64(UInt(bitPattern: process?.pointer))
    second = origin
  }

  /// The process that pays for a run that has details.
  var process: Process? { Process(UnsafeMutableRawPointer(bitPattern: UInt(first))) }

  /// Takes the lowest free slot.
  mutating func takeSlot() -> Int {
    count -= 1
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
    count += 1
    if slot < 64 { first |= 1 << UInt64(slot) } else { second |= 1 << UInt64(slot - 64) }
  }

  func isSlotFree(_ slot: Int) -> Bool {
    slot < 64 ? first >> UInt64(slot) & 1 != 0 : second >> UInt64(slot - 64) & 1 != 0
  }
}
