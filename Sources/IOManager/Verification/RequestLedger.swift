import CRing3
import Glibc
import Machine

/// What a verified machine knows of its requests, beside the IRPs themselves.
///
/// All behind one lock and in the host's memory; the retired ranges are also read in signal handlers.
struct RequestLedger {
  /// A completed request, by the address that its IRP had.
  struct Completion {
    var irp: UInt = 0
    var stack: StackNumber = 0
  }

  /// A request under way whose buffer is looked after.
  struct Watched {
    var irp: UInt = 0
    /// The bytes from `start` on were filled with this; 0: they were not.
    var pattern: UInt64 = 0
    var start = 0
    var capacity = 0
    /// The buffer that the drivers see, and the one that the I/O manager made; nil when they are one.
    var guarded: UnsafeMutableRawPointer?
    var original: UnsafeMutableRawPointer?
    var kind = RetiredKind()
    /// The driver's routine and the control code.
    var site: UInt64 = 0
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
  static let watchedCount = 256
  static let retiredCount = 64
  static let siteCount = 1024
  static let quarantineCount = 64

  var lock = MachineLock()
  private(set) var completions: UnsafeMutablePointer<Completion>!
  private(set) var watched: UnsafeMutablePointer<Watched>!
  private(set) var retired: UnsafeMutablePointer<Retired>!
  private(set) var sites: UnsafeMutablePointer<(key: UInt64, count: UInt32)>!
  private(set) var suspects: UnsafeMutablePointer<(key: UInt64, count: UInt32)>!
  private(set) var quarantine: UnsafeMutablePointer<UnsafeMutableRawPointer?>!
  /// Closed pages that wait for a buffer.
  var slots = GuardedSlots()
  /// Requests of programs so far.
  var requestCount: UInt32 = 0
  /// No watched request has this place, or a later one.
  private(set) var watchedEnd = 0
  private var nextRetired = 0
  private var nextQuarantined = 0
  private var random: UInt64 = 0

  mutating func prepare() {
    if completions != nil { return }
    completions = .allocate(capacity: Self.completionCount)
    completions.initialize(repeating: Completion(), count: Self.completionCount)
    watched = .allocate(capacity: Self.watchedCount)
    watched.initialize(repeating: Watched(), count: Self.watchedCount)
    sites = .allocate(capacity: Self.siteCount)
    sites.initialize(repeating: (0, 0), count: Self.siteCount)
    suspects = .allocate(capacity: Self.siteCount)
    suspects.initialize(repeating: (0, 0), count: Self.siteCount)
    quarantine = .allocate(capacity: Self.quarantineCount)
    quarantine.initialize(repeating: nil, count: Self.quarantineCount)
    retired = .allocate(capacity: Self.retiredCount)
    retired.initialize(repeating: Retired(), count: Self.retiredCount)
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    random = UInt64(now.tv_nsec) &* 0x9E37_79B9_7F4A_7C15
  }

  mutating func destroy() {
    if completions == nil { return }
    completions.deallocate()
    watched.deallocate()
    sites.deallocate()
    suspects.deallocate()
    quarantine.deallocate()
    retired.deallocate()
  }

  // MARK: Completions

  private func completion(_ irp: UInt) -> UnsafeMutablePointer<Completion> {
    completions + Int((irp >> 4) % UInt(Self.completionCount))
  }

  func noteCompletion(_ irp: UInt, _ stack: StackNumber) {
    completion(irp).pointee = Completion(irp: irp, stack: stack)
  }

  /// Where an IRP was completed last; 0 when that is not known.
  func completionStack(_ irp: UInt) -> StackNumber {
    if completions == nil { return 0 }
    let entry = completion(irp).pointee
    return entry.irp == irp ? entry.stack : 0
  }

  // MARK: Watched requests

  /// A free place; nil when too many requests are under way.
  mutating func place() -> UnsafeMutablePointer<Watched>? {
    var index = 0
    while index < Self.watchedCount {
      if watched[index].irp == 0 {
        watchedEnd = max(watchedEnd, index + 1)
        return watched + index
      }
      index += 1
    }
    return nil
  }

  /// Whether there is a record of a request.
  func watches(_ irp: UInt) -> Bool {
    var index = 0
    while index < watchedEnd {
      if watched[index].irp == irp { return true }
      index += 1
    }
    return false
  }

  /// Takes the record of a request out.
  mutating func take(_ irp: UInt) -> Watched? {
    if watched == nil { return nil }
    var index = 0
    while index < watchedEnd {
      if watched[index].irp == irp {
        let result = watched[index]
        watched[index].irp = 0
        if index + 1 == watchedEnd { watchedEnd = index }
        return result
      }
      index += 1
    }
    return nil
  }

  /// Eight bytes that no request had, and none of them 0.
  mutating func nextPattern() -> UInt64 {
    random &+= 0x9E37_79B9_7F4A_7C15
    var word = random
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31 | 0x0101_0101_0101_0101
  }

  /// Counts in a table of few places; another key begins anew at its place.
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

  /// The block of an IRP that is out of use longest, when it has so many bytes and was the system's own.
  mutating func reuse(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    guard quarantine != nil, let block = quarantine[nextQuarantined],
      IRPAllocation.isSystems(block, byteCount)
    else { return nil }
    quarantine[nextQuarantined] = nil
    return block
  }

  /// Keeps the block of an IRP; gives one to be released in its place.
  mutating func keep(_ block: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    let place = quarantine + nextQuarantined
    nextQuarantined = (nextQuarantined + 1) % Self.quarantineCount
    let old = place.pointee
    place.pointee = block
    return old
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
