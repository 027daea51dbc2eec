import CRing3
import Machine

/// The first parameter of bug check 0x10D, WDF_VIOLATION: what rule a driver broke.
///
/// Source: debugger/bug-check-0x10d---wdf-violation.
package enum Violation: UInt64 {
  case powerTimeout = 1
  case recursiveLock = 2
  case verifierFatal = 3
  case requiredParameter = 4
  case invalidHandle = 5
  case requestFatal = 6
  case objectError = 7
  case dmaFatal = 8
  case queueFatal = 0xA
  case lockMisuse = 0xB
  case pnpFatal = 0xC
  case irqlMismatch = 0xE
  case criticalRegion = 0xF
  case apiUnavailable = 0x10
}

extension Framework {
  /// Ends the machine with bug check 0x10D.
  ///
  /// - Parameters:
  ///   - name: the rule, where the first two parameters do not tell it.
  ///   - causes: what led to it.
  @inline(never)
  func violation(
    _ rule: Violation, _ p2: UInt64 = 0, _ p3: UInt64 = 0, _ p4: UInt64 = 0,
    rule name: StaticString? = nil, causes: Causes = .none
  ) -> Never {
    machine.bugCheck(
      0x10D, rule.rawValue, p2, p3, p4, rule: name ?? rule.name(p2), causes: causes)
  }

  /// Refuses NULL where a driver has to give an address: bug check 0x10D, first parameter 4.
  @inline(__always)
  func require<T>(_ pointer: UnsafeMutablePointer<T>?) -> UnsafeMutablePointer<T> {
    guard let pointer else { missingParameter() }
    return pointer
  }

  @inline(__always)
  func require<T>(_ pointer: UnsafePointer<T>?) -> UnsafePointer<T> {
    guard let pointer else { missingParameter() }
    return pointer
  }

  @inline(__always)
  func require(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer {
    guard let pointer else { missingParameter() }
    return pointer
  }

  /// The parameters say where: the routine that was called with NULL, and the driver's instruction.
  @inline(never)
  func missingParameter() -> Never {
    let frame = CurrentThread.pointer.pointee.frames
    violation(
      .requiredParameter, frame.map { $0.pointee.target } ?? 0, frame.map { $0.pointee.rip } ?? 0)
  }

  /// Whether the level is low enough; a level above is reported under verification.
  ///
  /// - Returns: false when the call is to be refused with STATUS_INVALID_DEVICE_REQUEST.
  @inline(__always)
  func isLevel(atMost level: UInt8) -> Bool { CurrentThread.irql <= level || refuseLevel(level) }

  @inline(never)
  private func refuseLevel(_ limit: UInt8) -> Bool {
    guard verifies else { return false }
    let routine = CurrentThread.pointer.pointee.frames.map { $0.pointee.target } ?? 0
    machine.report(
      0x10D, Violation.irqlMismatch.rawValue, routine, UInt64(CurrentThread.irql), UInt64(limit),
      rule: FrameworkLevels.rule(limit))
    return false
  }
}

extension Violation {
  /// The rule of a violation whose second parameter tells it.
  func name(_ p2: UInt64) -> StaticString? {
    switch (self, p2) {
    case (.requestFatal, 1): "WdfRequestNoStackLocation"
    case (.requestFatal, 3): "WdfRequestAlreadySent"
    case (.requestFatal, 4): "WdfInformationTooLarge"
    default: nil
    }
  }
}
