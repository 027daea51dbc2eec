import CRing3
import Machine

// Faults on the guarded pages of special pool.
extension Judge {
  /// Ends the machine for an access to a guarded page; nil when the page is none.
  func judgeGuarded(_ address: UInt, _ access: R3Access) -> R3Verdict? {
    guard address >= Judge.systemStart, access != R3AccessExecute,
      let guarded = GuardedFault(at: address, isInDriver: !isInHost, in: machine)
    else { return nil }
    let verdict = bugCheck(guarded.code, UInt64(address), UInt64(access.rawValue), rip)
    // Without a driver that called, this program itself is stopped: it touched what a driver gave it.
    guard verdict == R3VerdictHost, thread.pointee.hostStack != 0 else { return verdict }
    return R3VerdictRaise
  }
}

extension GuardedFault {
  /// What the memory layer says of a fault; nil when the page is not guarded.
  init?(at address: UInt, isInDriver: Bool, in machine: Machine) {
    guard let judge = machine.state.pointee.hooks.judgeGuardedFault else { return nil }
    self.init(isInDriver: isInDriver)
    let isGuarded = withUnsafeMutablePointer(to: &self) {
      judge(address, UnsafeMutableRawPointer($0))
    }
    if !isGuarded { return nil }
  }

  /// The causes of a bug check that a fault on a guarded page led to.
  static func causes(of fault: R3Fault, in machine: Machine) -> Causes {
    let found = machine.verifierState?.pointee.faultCauses ?? .none
    if fault.bugCheck == 0x5233_0004 { return found }
    guard [0xCC, 0xCD, 0xD5, 0xD6].contains(fault.bugCheck) else { return .none }
    return GuardedFault(at: UInt(fault.parameters.0), isInDriver: true, in: machine)?.causes
      ?? found
  }
}
