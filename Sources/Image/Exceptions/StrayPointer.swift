import CRing3
import Machine
import NTTypes

/// A pointer that led to an access which could not be done.
struct StrayPointer {
  let address: UInt64
  let access: R3Access

  /// Addresses below belong to nobody: pointers to there began as NULL.
  static let nullEnd: UInt64 = 0x10000

  init(_ address: UInt64, _ access: R3Access) {
    (self.address, self.access) = (address, access)
  }

  /// What an exception is about; nil when it is no such access.
  init?(_ record: UnsafePointer<R3ExceptionRecord>) {
    guard record.pointee.code == ExceptionCode.accessViolation, record.pointee.parameterCount >= 2
    else { return nil }
    self.init(
      record.pointee.parameters.1,
      R3Access(rawValue: numericCast(record.pointee.parameters.0 & 0xF)))
  }

  /// The rule of an access at a level at which nothing can be brought in; nil when the address may be
  /// one of memory that is away.
  var ruleAtRaisedLevel: StaticString? {
    if access == R3AccessExecute { return "CallOutsideCode" }
    return address < Self.nullEnd ? "NullPointer" : nil
  }

  /// The rule of an access to a system address without memory.
  var ruleOfSystem: StaticString {
    access == R3AccessExecute ? "CallOutsideCode" : "WildPointer"
  }

  /// The rule of an access whose exception nobody takes; nil when the machine does not look at it.
  func unhandledRule(in machine: Machine) -> StaticString? {
    guard machine.verifier.contains(.securityChecks) else { return nil }
    if access == R3AccessExecute { return "CallOutsideCode" }
    if address >= UInt64(UserRange.end) { return "WildPointer" }
    let watch = UserWatch.of(CurrentThread.pointer)
    if watch?.pointee.isProbed(UInt(address)) == true { return "UserPointerWithoutTry" }
    if address < Self.nullEnd { return "NullPointer" }
    guard watch != nil, let state = machine.verifierState else { return "WildPointer" }
    return state.pointee.probesByHand ? "UserPointerWithoutTry" : "UserPointerNotProbed"
  }
}
