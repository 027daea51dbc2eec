import CRing3
import Glibc
import Machine

// Instructions that only a kernel may execute, and interrupts made by instructions. The processor
// refuses them here; what they do on the real machine is done instead, or a bug check names them.
extension Judge {
  /// A general protection fault: the processor gives no address.
  func judgeProtection() -> R3Verdict {
    guard fault.pointee.trap == 13, !isInHost else { return raiseUnknownAddress() }
    // The error code names an entry of the interrupt table: it was `int n`.
    if fault.pointee.error & 2 != 0 { return judgeInterrupt(fault.pointee.error >> 3) }
    guard fault.pointee.error == 0, var instruction = Instruction(at: rip) else {
      return raiseUnknownAddress()
    }
    return emulate(&instruction) ?? raiseUnknownAddress()
  }

  /// As Windows does it for addresses that are not canonical and for misaligned operands.
  private func raiseUnknownAddress() -> R3Verdict {
    judgeImpossible() ?? raise(ExceptionCode.accessViolation, count: 2, 0, .max)
  }

  // MARK: Interrupts

  func judgeTrap() -> R3Verdict {
    if fault.pointee.trap == 1 {
      fault.pointee.flags &= ~0x100
      return raise(ExceptionCode.singleStep)
    }
    // The processor stands after `int 3`; Windows reports the instruction itself.
    let isLong = UnsafePointer<UInt8>(bitPattern: UInt(rip &- 1))?.pointee != 0xCC
    fault.pointee.registers.rip &-= isLong ? 2 : 1
    return raise(ExceptionCode.breakpoint, count: 1, 0, 0)
  }

  private func judgeInterrupt(_ number: UInt32) -> R3Verdict {
    switch number {
    case 0x29:
      return bugCheck(0x139, fault.pointee.registers.rcx, 0, 0, 0)
    case 0x2C:
      return raise(ExceptionCode.assertionFailure)
    case 0x2D:
      return raise(ExceptionCode.breakpoint, count: 1, fault.pointee.registers.rax, 0)
    default:
      return refuse("int n", UInt64(number))
    }
  }

  // MARK: Instructions

  /// A bug check that names an instruction.
  private func refuse(_ name: StaticString, _ detail: UInt64 = 0) -> R3Verdict {
    bugCheck(0x1E, UInt64(ExceptionCode.privilegedInstruction), rip, detail, 0, subject: name)
  }

  /// Goes on after the instruction.
  private func skip(_ instruction: Instruction) -> R3Verdict {
    fault.pointee.registers.rip &+= UInt64(instruction.length)
    return R3VerdictResume
  }

  /// Does what a privileged instruction does; nil when it is none.
  private func emulate(_ instruction: inout Instruction) -> R3Verdict? {
    switch (instruction.map, instruction.opcode) {
    case (0, 0xF4):
      sched_yield()
      return skip(instruction)
    case (0, 0xFA), (0, 0xFB):
      thread.pointee.interruptsOff = instruction.opcode == 0xFA ? 1 : 0
      return skip(instruction)
    case (0, 0xE4...0xE7), (0, 0xEC...0xEF):
      return accessPort(&instruction)
    case (0, 0x6C...0x6F):
      if isDevicePort(registers[2]) { return performPort() }
      return refuse("string access to a port", registers[2] & 0xFFFF)
    case (1, 0x20), (1, 0x22):
      return accessControlRegister(&instruction)
    case (1, 0x21), (1, 0x23):
      return accessDebugRegister(&instruction)
    case (1, 0x30):
      return writeModelRegister(instruction)
    case (1, 0x32):
      return readModelRegister(instruction)
    case (1, 0x08), (1, 0x09):
      // Nothing outside this machine shares its memory: caches need no writing back.
      return skip(instruction)
    case (1, 0x01):
      return emulateGroup7(&instruction)
    case (1, 0x00): return refuse("lldt or ltr")
    case (1, 0x06): return refuse("clts")
    case (1, 0x33): return refuse("rdpmc", registers[1])
    default:
      return nil
    }
  }

  private func emulateGroup7(_ instruction: inout Instruction) -> R3Verdict? {
    instruction.readModes()
    switch (instruction.modes >> 6 == 3, instruction.modes >> 3 & 7) {
    // invlpg: mappings change only through the system, which sees to it.
    case (false, 7): return skip(instruction)
    case (false, 2): return refuse("lgdt")
    case (false, 3): return refuse("lidt")
    case (_, 6): return refuse("lmsw")
    case (true, 7): return refuse("swapgs")
    case (true, 2): return refuse("xsetbv")
    default: return nil
    }
  }

  private func isDevicePort(_ port: UInt64) -> Bool {
    machine.state.pointee.hooks.isDevicePort?(UInt16(truncatingIfNeeded: port)) ?? false
  }

  /// Has the device perform the instruction, in the thread and outside of this signal handler.
  private func performPort() -> R3Verdict {
    r3_inject_call(fault, performPortInstruction, 0)
    return R3VerdictResume
  }

  private func accessPort(_ instruction: inout Instruction) -> R3Verdict {
    let opcode = instruction.opcode
    let isImmediate = opcode < 0xEC
    let port = isImmediate ? UInt64(instruction.readByte()) : registers[2] & 0xFFFF
    if isDevicePort(port) { return performPort() }
    let size = opcode & 1 == 0 ? 1 : instruction.operandSize == 2 ? 2 : 4
    let mask: UInt64 = size == 4 ? 0xFFFF_FFFF : 1 << UInt64(size * 8) - 1
    var access = R3PortAccess(
      port: UInt16(truncatingIfNeeded: port), size: UInt8(size), isWrite: opcode >> 1 & 1,
      value: UInt32(registers[0] & mask))
    guard let perform = exceptions.pointee.accessPort, perform(&access) else {
      return refuse(access.isWrite != 0 ? "out" : "in", port)
    }
    if access.isWrite == 0 {
      let kept = size == 4 ? 0 : registers[0] & ~mask
      registers[0] = kept | UInt64(access.value) & mask
    }
    return skip(instruction)
  }
}
