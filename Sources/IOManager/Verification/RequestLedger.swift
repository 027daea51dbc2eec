import CRing3
import Glibc
import Machine

/// What a verified machine knows of its requests, beside the IRPs themselves.
///
/// All behind one lock and in the host's memory; the retired ranges are also read in signal handlers.
struct RequestLedger {
  /// A system buffer between closed pages, while drivers have it.
  struct Guarded {
    var buffer: UnsafeMutableRawPointer?
    var capacity = 0
  }

  /// Memory of a completed request: who touches it is found.
  struct Retired {
    var start: UInt = 0
    var end: UInt = 0
    var kind = RetiredKind()
    var stack: StackNumber = 0
    /// Pages of ours, to be given back; 0 for none.
    var pageCount = 0
  }

  static let completionCount = 1024
  static let guardedCount = 256
  static let retiredCount = 64
  static let siteCount = 1024

  var lock = BriefLock()
  /// Of completed requests, by the address that the IRP had: ``completionWord(_:_:)``.
  private(set) var completions: UnsafeMutablePointer<UInt64>!
  private(set) var guarded: UnsafeMutablePointer<Guarded>!
  private(set) var retired: UnsafeMutablePointer<Retired>!
  private(set) var sites: UnsafeMutablePointer<(key: UInt64, count: UInt32)>!
  private(set) var suspects: UnsafeMutablePointer<(key: UInt64, count: UInt32)>!
  /// IRPs of drivers; those of programs' requests stay with their threads.
  var released: ReleasedIRPs!
  /// Closed pages that wait for a buffer.
  var slots = GuardedSlots()
  /// No guarded buffer has this place, or a later one.
  private(set) var guardedEnd = 0
  private var nextRetired = 0
  private var random: UInt64 = 0

  /// Makes the tables, once.
  mutating func prepare() {
    completions = .allocate(capacity: Self.completionCount)
    completions.initialize(repeating: 0, count: Self.completionCount)
    guarded = .allocate(capacity: Self.guardedCount)
    guarded.initialize(repeating: Guarded(), count: Self.guardedCount)
    sites = .allocate(capacity: Self.siteCount)
    sites.initialize(repeating: (0, 0), count: Self.siteCount)
    suspects = .allocate(capacity: Self.siteCount)
    suspects.initialize(repeating: (0, 0), count: Self.siteCount)
    released = ReleasedIRPs()
    retired = .allocate(capacity: Self.retiredCount)
    retired.initialize(repeating: Retired(), count: Self.retiredCount)
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    random = UInt64(now.tv_nsec) &* 0x9E37_79B9_7F4A_7C15
  }

  mutating func destroy() {
    if completions == nil { return }
    completions.deallocate()
    guarded.deallocate()
    sites.deallocate()
    suspects.deallocate()
    released.destroy()
    retired.deallocate()
  }

  // MARK: Completions

  private func completion(_ irp: UInt) -> UnsafeMutablePointer<UInt64> {
    completions + Int((irp >> 4) % UInt(Self.completionCount))
  }

  /// An IRP's address, as far as its place leaves it open, and where it was completed; in one word, so
  /// that it needs no lock.
  private static func completionWord(_ irp: UInt, _ stack: StackNumber) -> UInt64 {
    UInt64(UInt32(truncatingIfNeeded: irp >> 4)) << 32 | UInt64(stack)
  }

  func noteCompletion(_ irp: UInt, _ stack: StackNumber) {
    r3_store64(completion(irp), Self.completionWord(irp, stack))
  }

  /// Where an IRP was completed last; 0 when that is not known.
  func completionStack(_ irp: UInt) -> StackNumber {
    if completions == nil { return 0 }
    let word = r3_load64(completion(irp))
    let stack = StackNumber(truncatingIfNeeded: word)
    return word == Self.completionWord(irp, stack) ? stack : 0
  }

  // MARK: Guarded buffers

  /// Enters a buffer; false when too many are under way.
  mutating func enter(_ buffer: UnsafeMutableRawPointer, _ capacity: Int) -> Bool {
    var index = 0
    while index < Self.guardedCount {
      if guarded[index].buffer == nil {
        guarded[index] = Guarded(buffer: buffer, capacity: capacity)
        guardedEnd = max(guardedEnd, index + 1)
        return true
      }
      index += 1
    }
    return false
  }

  /// Takes a buffer out.
  mutating func leave(_ buffer: UnsafeMutableRawPointer) {
    var index = 0
    while index < guardedEnd, guarded[index].buffer != buffer { index += 1 }
    if index == guardedEnd { return }
    guarded[index].buffer = nil
    if index + 1 == guardedEnd { guardedEnd = index }
  }

  // MARK: Programs' requests

  /// Eight bytes that a request of this number hardly shares with another, and none of them 0.
  func pattern(_ irp: UInt, _ number: UInt32) -> UInt64 {
    var word = random &+ (UInt64(irp) &+ UInt64(number) << 40) &* 0x9E37_79B9_7F4A_7C15
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31 | 0x0101_0101_0101_0101
  }

  /// Counts in a table of few places; another key begins anew at its place.
  ///
  /// Without a lock: when two threads count at once, one of them may be forgotten.
  static func count(
    _ table: UnsafeMutablePointer<(key: UInt64, count: UInt32)>, _ key: UInt64
  ) -> UInt32 {
    let place = table + Int((key ^ key >> 17 ^ key >> 41) % UInt64(siteCount))
    if place.pointee.key != key { place.pointee = (key, 0) }
    place.pointee.count += 1
    return place.pointee.count
  }

  // MARK: Memory that waits

  /// Enters memory of a completed request; gives what was entered longest ago, to be given back.
  mutating func retire(_ entry: Retired) -> Retired {
    let place = retired + nextRetired
    nextRetired = (nextRetired + 1) % Self.retiredCount
    let old = place.pointee
    place.pointee = entry
    return old
  }

  /// The retired memory at an address.
  ///
  /// In signal handlers too.
  func retired(at address: UInt) -> Retired? {
    guard let retired else { return nil }
    // The newest first: addresses of mappings come again.
    var age = 1
    while age <= Self.retiredCount {
      let entry = retired[(nextRetired &- age) & (Self.retiredCount - 1)]
      if address >= entry.start, address < entry.end { return entry }
      age += 1
    }
    return nil
  }
}

/// What memory of a completed request was.
struct RetiredKind {
  /// Whether it was the mapping of an MDL; else the system buffer.
  var isMdl = false
  var majorFunction: UInt8 = 0

  /// The rule that an access breaks.
  var rule: StaticString {
    switch (majorFunction, isMdl) {
    case (3, false): "BufAfterReqCompletedRead"
    case (4, false): "BufAfterReqCompletedWrite"
    case (0xF, false): "BufAfterReqCompletedIntIoctl"
    case (_, false): "BufAfterReqCompletedIoctl"
    case (3, true): "MdlAfterReqCompletedRead"
    case (4, true): "MdlAfterReqCompletedWrite"
    case (0xF, true): "MdlAfterReqCompletedIntIoctl"
    case (_, true): "MdlAfterReqCompletedIoctl"
    }
  }
}
