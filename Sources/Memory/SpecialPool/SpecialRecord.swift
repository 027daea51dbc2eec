import Machine

/// What is known of one block of special pool: it lies apart, by the number of the block's first page.
struct SpecialRecord {
  enum State: UInt8 {
    /// The slot was never used.
    case unused
    case live
    /// Out of use, guarded, until the quarantine lets it go.
    case released
  }

  /// First address of the block; of the newest one, when it is released.
  var address: UInt = 0
  /// Bytes that were asked for.
  var byteCount = 0
  /// The process that pays, or 0.
  var process: UInt = 0
  /// Where in the driver it was asked for.
  var site: UInt64 = 0
  var tag: UInt32 = 0
  var allocated: StackNumber = 0
  var released: StackNumber = 0
  /// The next slot of its list, plus 1.
  var next: UInt32 = 0
  /// Pages of the slot, without those that guard it.
  var pageCount: UInt32 = 0
  var state = State.unused
  var kind = PoolKind.nonpaged

  var end: UInt { address + UInt(byteCount) }

  var causes: Causes {
    state == .released
      ? Causes(.allocated, allocated).and(.released, released) : Causes(.allocated, allocated)
  }
}

/// Slots in the order in which they were put there.
struct SlotList {
  private var first: UInt32 = 0
  private var last: UInt32 = 0

  var isEmpty: Bool { first == 0 }

  mutating func append(_ page: Int, _ records: UnsafeMutablePointer<SpecialRecord>) {
    records[page].next = 0
    if last == 0 {
      first = UInt32(page + 1)
    } else {
      records[Int(last) - 1].next = UInt32(page + 1)
    }
    last = UInt32(page + 1)
  }

  /// Takes the slot out that is there longest.
  mutating func removeFirst(_ records: UnsafeMutablePointer<SpecialRecord>) -> Int? {
    guard first != 0 else { return nil }
    let page = Int(first) - 1
    first = records[page].next
    if first == 0 { last = 0 }
    return page
  }
}
