import CRing3
import Glibc
import NTTypes

/// A rule that was broken: what a bug check would say of it.
package struct VerdictRecord {
  package var code: UInt32
  package var parameters: (UInt64, UInt64, UInt64, UInt64)
  /// The name of the rule, where code and parameters do not tell it.
  package var rule: StaticString?
  package var causes: Causes
  /// What it is about; a copy of its own, in the list.
  package var subject: UnsafePointer<CChar>?
  package var irql: UInt8
  package var stack: StackNumber
  package var request: RequestNote
  /// The line of the script; 0 for none.
  package var scriptLine: UInt32
  /// How often the same was found at the same place.
  package var count = 1
}

/// The verdicts that did not end the machine.
struct VerdictList {
  private static let capacity = 10_000

  private var lock = MachineLock()
  private var records: UnsafeMutablePointer<VerdictRecord>?
  private var room = 0
  private var count = 0

  /// Adds a verdict; the same rule at the same place is counted.
  mutating func add(_ record: VerdictRecord) {
    lock.lock()
    defer { lock.unlock() }
    for index in 0..<count where isSame(records.unsafelyUnwrapped + index, record) {
      records.unsafelyUnwrapped[index].count += 1
      return
    }
    if count == Self.capacity { return }
    if count == room { grow() }
    (records.unsafelyUnwrapped + count).initialize(to: record)
    records.unsafelyUnwrapped[count].subject = record.subject.flatMap { UnsafePointer(strdup($0)) }
    count += 1
  }

  private func isSame(_ known: UnsafeMutablePointer<VerdictRecord>, _ other: VerdictRecord) -> Bool
  {
    // Of a program's memory each address is another one.
    known.pointee.code == other.code
      && (other.code == 0x5233_0006 || known.pointee.parameters.0 == other.parameters.0)
      && known.pointee.stack == other.stack
      && known.pointee.rule?.utf8Start == other.rule?.utf8Start
      && (other.stack != 0 || isSameThing(known, other))
  }

  /// Whether two that were found outside drivers, as at an unload, are about the same.
  private func isSameThing(
    _ known: UnsafeMutablePointer<VerdictRecord>, _ other: VerdictRecord
  ) -> Bool {
    guard known.pointee.causes.first?.stack == other.causes.first?.stack else { return false }
    guard let first = known.pointee.subject, let second = other.subject else {
      return known.pointee.subject == other.subject
    }
    return strcmp(first, second) == 0
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<VerdictRecord>.allocate(capacity: max(16, room * 2))
    if let records {
      larger.moveInitialize(from: records, count: count)
      records.deallocate()
    }
    records = larger
    room = max(16, room * 2)
  }

  /// The number of verdicts.
  mutating func verdictCount() -> Int {
    lock.lock()
    defer { lock.unlock() }
    return count
  }

  mutating func destroy() {
    for index in 0..<count {
      free(UnsafeMutablePointer(mutating: records.unsafelyUnwrapped[index].subject))
    }
    records?.deallocate()
  }

  /// The verdicts so far, the oldest first.
  mutating func snapshot() -> [VerdictRecord] {
    lock.lock()
    defer { lock.unlock() }
    return (0..<count).map { records.unsafelyUnwrapped[$0] }
  }
}

extension Machine {
  /// A driver broke a rule, and what comes next is sound all the same: with `keepsGoing` the verdict is
  /// kept and the call returns; else the machine ends.
  ///
  /// - Parameters:
  ///   - code: of the bug check, with its parameters.
  ///   - subject: the name of what it is about, for the bug check.
  ///   - rule: the rule's name, where code and parameters do not tell it.
  ///   - causes: what led to it.
  @inline(never)
  package func report(
    _ code: UInt32, _ p1: UInt64 = 0, _ p2: UInt64 = 0, _ p3: UInt64 = 0, _ p4: UInt64 = 0,
    subject: UnsafePointer<CChar>? = nil, rule: StaticString? = nil, causes: Causes = .none
  ) {
    guard state.pointee.configuration.keepsGoing, let verifier = verifierState else {
      bugCheck(code, p1, p2, p3, p4, subject: subject, rule: rule, causes: causes)
    }
    var record = VerdictRecord(
      code: code, parameters: (p1, p2, p3, p4), rule: rule, causes: causes,
      subject: subject, irql: 0,
      stack: noteStack(), request: RequestNote(), scriptLine: verifier.pointee.scriptLine)
    if let thread = r3_current() {
      record.irql = thread.pointee.irql
      record.request = requestInHand(of: thread)
    }
    verifier.pointee.verdicts.add(record)
  }

  /// The verdicts that did not end the machine, the oldest first.
  package var verdicts: [VerdictRecord] {
    verifierState?.pointee.verdicts.snapshot() ?? []
  }

  /// The number of ``verdicts``.
  package var verdictCount: Int { verifierState?.pointee.verdicts.verdictCount() ?? 0 }

  /// What a thread was asked for, as far as it is in a request.
  func requestInHand(of thread: UnsafeMutablePointer<R3Thread>) -> RequestNote {
    guard let request = thread.pointee.request, let describe = state.pointee.hooks.describeRequest
    else { return RequestNote() }
    var note = RequestNote()
    withUnsafeMutablePointer(to: &note) { describe(request, UnsafeMutableRawPointer($0)) }
    return note
  }
}
