import CRing3
import NTTypes

/// A site, as it is noted while drivers run.
package struct FailureRecord {
  package var identifier: UInt64
  /// The name of the routine, in memory that stays.
  package var routine: UnsafePointer<CChar>
  package var tag: UInt32
  /// The number of the first call, from 1 over all sites.
  package var firstCall: Int
  package var callCount = 0
  package var failureCount = 0
  /// The stack, in the machine's depot.
  package var stack: StackNumber
  /// The first call here fails.
  var isChosen = false
}

/// The sites of a machine, and what its plan wants of the next call.
package struct FailureState {
  private var lock = MachineLock()
  private let choice: FailurePlan.Choice
  /// The identifiers of the sites that fail.
  private let chosen: UnsafeMutableBufferPointer<UInt64>
  /// Nil: every tag.
  private let tags: UnsafeMutableBufferPointer<UInt32>?
  /// The calls in which special pool guards blocks.
  private let guardedCalls: Range<Int>
  private var callCount = 0
  private var random: UInt64
  private var records: UnsafeMutablePointer<FailureRecord>
  private var count = 0
  private var room = 64
  /// Numbers of records from 1, by identifier.
  private var byIdentifier = NumberTable()
  /// Numbers of records from 1, by routine and stack.
  private var byStack = NumberTable()

  init(_ plan: FailurePlan) {
    choice = plan.choice
    chosen = Self.copy(plan.choice.sites)
    tags = plan.tags.map { Self.copy($0.map(\.rawValue)) }
    guardedCalls = plan.guardedCalls ?? 0..<Int.max
    if case .percentage(_, let seed) = plan.choice { random = seed } else { random = 0 }
    records = .allocate(capacity: room)
  }

  private static func copy<Element>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = buffer.initialize(from: elements)
    return buffer
  }

  func destroy() {
    records.deallocate()
    byIdentifier.destroy()
    byStack.destroy()
    chosen.deallocate()
    tags?.deallocate()
  }

  /// Notes a call; gives whether it is to fail.
  ///
  /// - Parameter identify: gives the identifier of the site; asked once for each stack.
  mutating func judge(
    _ routine: UnsafePointer<CChar>, _ tag: UInt32, _ stack: StackNumber,
    identify: () -> UInt64
  ) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    // The names of routines lie in one image.
    let key = UInt64(stack) << 32 | UInt64(UInt32(truncatingIfNeeded: UInt(bitPattern: routine)))
    callCount += 1
    var number = Int(byStack[key])
    if number == 0 {
      number = find(identify(), routine, tag, stack)
      byStack.add(key, UInt32(number))
    }
    let record = records + (number - 1)
    record.pointee.callCount += 1
    guard wants(tag), fails(record, number) else { return false }
    record.pointee.failureCount += 1
    return true
  }

  /// Whether special pool guards what is asked for now.
  var guardsBlocks: Bool {
    callCount <= FailurePlan.alwaysGuarded || guardedCalls.contains(callCount)
  }

  private func wants(_ tag: UInt32) -> Bool { tags?.contains(tag) ?? true }

  private mutating func fails(_ record: UnsafeMutablePointer<FailureRecord>, _ number: Int) -> Bool
  {
    switch choice {
    case .nothing: false
    case .site, .sites: record.pointee.isChosen && record.pointee.failureCount == 0
    case .siteNumber(let wanted): number == wanted && record.pointee.failureCount == 0
    case .call(let wanted): callCount == wanted
    case .percentage(let percentage, _): Double(draw() >> 11) * 0x1p-53 * 100 < percentage
    }
  }

  /// The next number of the generator SplitMix64.
  private mutating func draw() -> UInt64 {
    random &+= 0x9E37_79B9_7F4A_7C15
    var value = random
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  /// The number of the record of a site, which is made when there is none.
  private mutating func find(
    _ identifier: UInt64, _ routine: UnsafePointer<CChar>, _ tag: UInt32, _ stack: StackNumber
  ) -> Int {
    let number = Int(byIdentifier[identifier])
    if number != 0 { return number }
    if count == room { growRecords() }
    (records + count).initialize(
      to: FailureRecord(
        identifier: identifier, routine: routine, tag: tag, firstCall: callCount, stack: stack,
        isChosen: chosen.contains(identifier)))
    count += 1
    byIdentifier.add(identifier, UInt32(count))
    return count
  }

  private mutating func growRecords() {
    let larger = UnsafeMutablePointer<FailureRecord>.allocate(capacity: room * 2)
    larger.moveInitialize(from: records, count: count)
    records.deallocate()
    records = larger
    room *= 2
  }

  /// The sites so far, in the order in which they were reached.
  mutating func snapshot() -> [FailureRecord] {
    lock.lock()
    defer { lock.unlock() }
    return (0..<count).map { records[$0] }
  }
}

extension FailurePlan.Choice {
  /// The identifiers of the sites that are chosen.
  fileprivate var sites: [UInt64] {
    switch self {
    case .site(let identifier): [identifier]
    case .sites(let identifiers): identifiers
    default: []
    }
  }
}
