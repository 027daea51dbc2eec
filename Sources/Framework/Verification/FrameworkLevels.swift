import CRing3
import Machine

/// At which level each function of the framework may be called; rules KmdfIrql and KmdfIrql2.
enum FrameworkLevels {
  /// The highest level for a function; nil for one that looks itself, or may be called at any.
  static func highest(for name: String) -> UInt8? { byName[name] }

  /// The rule that a call above a level breaks.
  static func rule(_ highest: UInt8) -> StaticString { highest < 2 ? low : high }

  private static let low: StaticString = "KmdfIrql"
  private static let high: StaticString = "KmdfIrql2"

  private static let byName: [String: UInt8] = {
    var result: [String: UInt8] = [:]
    for group in table {
      for name in group.functions.split(separator: " ") { result[String(name)] = group.highest }
    }
    return result
  }()

  /// Bytes of a stub that looks at the level, and of its record.
  static var stubByteCount: Int { Int(R3_LEVEL_STUB_SIZE + R3_LEVEL_RECORD_SIZE) }

  /// Puts a look at the level before a function; gives the function itself when it has no limit.
  static func checked(
    _ next: UnsafeRawPointer, _ name: UnsafePointer<CChar>, stub: UnsafeMutableRawPointer
  ) -> UnsafeRawPointer {
    guard let highest = highest(for: String(cString: name)) else { return next }
    let record = (stub + Int(R3_LEVEL_STUB_SIZE)).bindMemory(to: R3LevelRecord.self, capacity: 1)
    record.initialize(
      to: R3LevelRecord(
        name: name, next: next, handler: calledTooHigh, rule: UInt32(highest), lowest: 0,
        highest: highest))
    r3_make_level_stub(stub.assumingMemoryBound(to: UInt8.self), record)
    return UnsafeRawPointer(stub)
  }
}

/// A driver called a function of the framework above the level that it is made for.
private let calledTooHigh: @convention(c) (UnsafePointer<R3LevelRecord>) -> Void = { record in
  Machine.current.report(
    0x10D, Violation.irqlMismatch.rawValue, UInt64(UInt(bitPattern: record.pointee.name)),
    UInt64(CurrentThread.irql), UInt64(record.pointee.highest), subject: record.pointee.name,
    rule: FrameworkLevels.rule(record.pointee.highest))
}
