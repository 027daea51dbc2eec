import CRing3
import Machine
import Memory
import NTTypes

// Pointers that lead nowhere, in a verified machine.
//
// On Windows such an access raises an exception, and a handler that is meant for a program's bad buffers
// takes it: the driver's own mistake stays hidden. Where no handler does, the bug check is that of
// Windows, and has the rule beside it.
extension Judge {
  /// What the verifier says of an access to an address below the system's that cannot be done; nil when it
  /// is for the driver's handlers.
  func judgeStray(_ address: UInt64, _ access: R3Access) -> R3Verdict? {
    if access == R3AccessExecute { return judgeStrayCall(address) }
    guard machine.verifier.contains(.securityChecks), !isInHost, isGuarded, !mayBeProgram(address)
    else { return nil }
    if address < StrayPointer.nullEnd { return stray("NullPointer", address, access) }
    guard let process = Process(thread.pointee.process), !process.isSystem,
      let watch = UserWatch.of(thread), watch.pointee.process == process.pointer
    else { return nil }
    return broken("UserPointerNotProbed", UInt(address), UInt64(watch.pointee.irp))
  }

  /// The same of an access to an address that no memory can have.
  func judgeImpossible() -> R3Verdict? {
    guard machine.verifier.contains(.securityChecks), !isInHost,
      var instruction = Instruction(at: rip)
    else { return nil }
    if instruction.mayHaveMemoryOperand { instruction.readModes() }
    if let target = target(of: instruction), !isCanonical(target) {
      return isUnset(target)
        ? stray("UninitializedVariable", target, R3AccessExecute) : judgeStrayCall(target)
    }
    guard let address = operand(of: instruction), !isCanonical(address) else { return nil }
    if isUnset(address) { return stray("UninitializedVariable", address, R3AccessRead) }
    guard isGuarded else { return nil }
    return stray("WildPointer", address, R3AccessRead)
  }

  /// The bug check of an access that no handler may take, with the rule that it breaks.
  func strayBugCheck(
    _ code: UInt32, _ p1: UInt64, _ p2: UInt64, _ p3: UInt64, _ p4: UInt64,
    rule: StaticString?
  ) -> R3Verdict {
    if let rule, machine.verifier.contains(.securityChecks) {
      machine.verifierState?.pointee.faultRule = rule
    }
    return bugCheck(code, p1, p2, p3, p4)
  }

  private func judgeStrayCall(_ address: UInt64) -> R3Verdict? {
    guard machine.verifier.contains(.securityChecks) else { return nil }
    return stray("CallOutsideCode", address, R3AccessExecute)
  }

  /// Whether the address may have come from the program and was looked at.
  private func mayBeProgram(_ address: UInt64) -> Bool {
    if machine.verifierState?.pointee.probesByHand != false { return true }
    return UserWatch.of(thread)?.pointee.isProbed(UInt(address)) == true
  }

  private func stray(_ rule: StaticString, _ address: UInt64, _ access: R3Access) -> R3Verdict {
    machine.verifierState?.pointee.faultRule = rule
    machine.verifierState?.pointee.faultCauses = .none
    return bugCheck(
      0x5233_0008, address, UInt64(access.rawValue), rip,
      subject: isFresh(address) ? "a pointer in pool that was never written" : nil)
  }

  private func isFresh(_ address: UInt64) -> Bool {
    address == UInt64(Pool.freshByte) &* 0x0101_0101_0101_0101
  }

  /// Whether an address is, or lies behind, what code built with the sanitizer has in variables that it
  /// has not set.
  private func isUnset(_ address: UInt64) -> Bool {
    address &- 0xAAAA_AAAA_AAAA_AAAA < 0x10000
  }

  private func isCanonical(_ address: UInt64) -> Bool {
    let high = Int64(bitPattern: address) >> 47
    return high == 0 || high == -1
  }

  // MARK: Instructions

  /// Where an indirect call or jump, or a return, goes; nil for other instructions.
  private func target(of instruction: Instruction) -> UInt64? {
    guard instruction.map == 0 else { return nil }
    switch instruction.opcode {
    case 0xC2, 0xC3: return stackWord
    case 0xFF where [2, 4].contains(instruction.modes >> 3 & 7):
      guard instruction.hasMemoryOperand else { return registers[instruction.modesOperand] }
      let address = instruction.address(registers, rip: rip)
      // The processor has read it: the memory is there.
      guard isCanonical(address) else { return nil }
      return UnsafeRawPointer(bitPattern: UInt(address))?.loadUnaligned(as: UInt64.self)
    default: return nil
    }
  }

  private var stackWord: UInt64? {
    let rsp = fault.pointee.registers.rsp
    guard FrameWalk.stack(of: thread).contains(rsp), rsp & 7 == 0 else { return nil }
    return UnsafePointer<UInt64>(bitPattern: UInt(rsp))?.pointee
  }

  /// The address of an instruction's operand in memory; nil when that is not known.
  private func operand(of instruction: Instruction) -> UInt64? {
    if instruction.map == 0 {
      switch instruction.opcode {
      case 0xA4...0xA7:
        let source = fault.pointee.registers.rsi
        return isCanonical(source) ? fault.pointee.registers.rdi : source
      case 0xAA, 0xAB, 0xAE, 0xAF: return fault.pointee.registers.rdi
      case 0xAC, 0xAD: return fault.pointee.registers.rsi
      default: break
      }
    }
    guard instruction.hasMemoryOperand else { return nil }
    return instruction.address(registers, rip: rip)
  }
}
