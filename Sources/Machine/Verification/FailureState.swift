import CRing3
import Glibc
import NTTypes

/// A site, as it is noted while drivers run.
package struct FailureRecord {
  package var identifier: UInt64
  /// The name of the routine, in memory that stays.
  package var routine: UnsafePointer<CChar>
  package var tag: UInt32
  package var callCount = 0
  package var failureCount = 0
  /// The addresses of the stack, the newest first.
  package var frames: InlineArray<16, UInt64>
  package var frameCount: Int
}

/// The sites of a machine, and what its plan wants of the next call.
package struct FailureState {
  static let depth = 16

  private var lock = MachineLock()
  private let choice: FailurePlan.Choice
  /// Sorted; nil: every tag.
  private let tags: UnsafeMutableBufferPointer<UInt32>?
  private var callCount = 0
  private var random: UInt64
  private var records: UnsafeMutablePointer<FailureRecord>
  private var count = 0
  private var room = 64
  /// Numbers of records from 1, by identifier; a power of two, at most half full.
  private var table: UnsafeMutablePointer<UInt32>
  private var tableSize = 256
  /// The record that failed last, from 1; 0 for none.
  private var lastFailed = 0

  init(_ plan: FailurePlan) {
    choice = plan.choice
    tags = plan.tags.map { tags in
      let buffer = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: tags.count)
      _ = buffer.initialize(from: tags.map(\.rawValue))
      return buffer
    }
    if case .percentage(_, let seed) = plan.choice { random = seed } else { random = 0 }
    records = .allocate(capacity: room)
    table = .allocate(capacity: tableSize)
    table.initialize(repeating: 0, count: tableSize)
  }

  func destroy() {
    records.deallocate()
    table.deallocate()
    tags?.deallocate()
  }

  /// Notes a call; gives whether it is to fail.
  mutating func judge(
    _ identifier: UInt64, _ routine: UnsafePointer<CChar>, _ tag: UInt32,
    _ frames: InlineArray<16, UInt64>, _ frameCount: Int
  ) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    let number = find(identifier) ?? add(identifier, routine, tag, frames, frameCount)
    let record = records + (number - 1)
    callCount += 1
    record.pointee.callCount += 1
    guard wants(tag), fails(record, number) else { return false }
    record.pointee.failureCount += 1
    lastFailed = number
    return true
  }

  private func wants(_ tag: UInt32) -> Bool { tags?.contains(tag) ?? true }

  private mutating func fails(_ record: UnsafeMutablePointer<FailureRecord>, _ number: Int) -> Bool
  {
    switch choice {
    case .nothing: false
    case .site(let identifier):
      record.pointee.identifier == identifier && record.pointee.failureCount == 0
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

  // MARK: The table

  private func slot(of identifier: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: identifier) & (tableSize - 1)
    while table[slot] != 0, records[Int(table[slot]) - 1].identifier != identifier {
      slot = (slot + 1) & (tableSize - 1)
    }
    return slot
  }

  private func find(_ identifier: UInt64) -> Int? {
    let number = Int(table[slot(of: identifier)])
    return number == 0 ? nil : number
  }

  private mutating func add(
    _ identifier: UInt64, _ routine: UnsafePointer<CChar>, _ tag: UInt32,
    _ frames: InlineArray<16, UInt64>, _ frameCount: Int
  ) -> Int {
    if count == room { growRecords() }
    if count * 2 >= tableSize { growTable() }
    (records + count).initialize(
      to: FailureRecord(
        identifier: identifier, routine: routine, tag: tag, frames: frames,
        frameCount: frameCount))
    count += 1
    table[slot(of: identifier)] = UInt32(count)
    return count
  }

  private mutating func growRecords() {
    let larger = UnsafeMutablePointer<FailureRecord>.allocate(capacity: room * 2)
    larger.moveInitialize(from: records, count: count)
    records.deallocate()
    records = larger
    room *= 2
  }

  private mutating func growTable() {
    table.deallocate()
    tableSize *= 2
    table = .allocate(capacity: tableSize)
    table.initialize(repeating: 0, count: tableSize)
    for index in 0..<count { table[slot(of: records[index].identifier)] = UInt32(index + 1) }
  }

  /// The sites so far, in the order in which they were reached.
  mutating func snapshot() -> [FailureRecord] {
    lock.lock()
    defer { lock.unlock() }
    return (0..<count).map { records[$0] }
  }
}
