import CRing3
import Machine
import NTTypes

/// At which levels a routine may be called, and the rule that a call at another level breaks.
struct LevelRule {
  /// First parameter of bug check DRIVER_VERIFIER_DETECTED_VIOLATION.
  let rule: UInt32
  let levels: ClosedRange<UInt8>

  /// The limits of an export; nil for one without.
  static func of(_ name: String) -> LevelRule? { byName[name] }

  private static let byName: [String: LevelRule] = {
    var result: [String: LevelRule] = [:]
    for group in table {
      for name in group.routines.split(separator: " ") {
        result[String(name)] = LevelRule(rule: group.rule, levels: group.levels)
      }
    }
    return result
  }()
}

extension Images {
  /// Bytes that a stub needs which looks at the level.
  static var levelStubByteCount: Int { Int(R3_LEVEL_STUB_SIZE + R3_LEVEL_RECORD_SIZE) }

  /// Whether imports of this machine look at the level.
  static func checksLevels(_ machine: Machine) -> Bool {
    machine.verifier.contains(.ddiCompliance)
  }

  /// Puts a look at the level before a routine; gives the routine itself when it has no limits.
  static func checkedForLevel(
    _ next: UnsafeRawPointer, _ name: UnsafePointer<CChar>, stub: UnsafeMutableRawPointer
  ) -> UnsafeRawPointer {
    guard let limits = LevelRule.of(String(cString: name)) else { return next }
    let record = (stub + Int(R3_LEVEL_STUB_SIZE)).bindMemory(to: R3LevelRecord.self, capacity: 1)
    record.initialize(
      to: R3LevelRecord(
        name: name, next: next, handler: calledAtWrongLevel, rule: limits.rule,
        lowest: limits.levels.lowerBound, highest: limits.levels.upperBound))
    r3_make_level_stub(stub.assumingMemoryBound(to: UInt8.self), record)
    return UnsafeRawPointer(stub)
  }
}

/// A driver called a routine at a level that it is not made for.
private let calledAtWrongLevel: @convention(c) (UnsafePointer<R3LevelRecord>) -> Void = { record in
  let machine = Machine.current
  let name = UInt64(UInt(bitPattern: record.pointee.name))
  let level = UInt64(CurrentThread.irql)
  let limit = UInt64(
    level > record.pointee.highest ? record.pointee.highest : record.pointee.lowest)
  if machine.state.pointee.configuration.keepsGoing {
    machine.report(0xC4, UInt64(record.pointee.rule), name, level, limit)
  } else {
    machine.bugCheck(
      0xC4, UInt64(record.pointee.rule), name, level, limit, subject: record.pointee.name)
  }
}
