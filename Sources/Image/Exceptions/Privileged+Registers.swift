import CRing3
import Machine

// Control, debug and model-specific registers.
extension Judge {
  /// What the control registers of a Windows machine hold: protection, paging, write protection.
  private static let cr0: UInt64 = 0x8005_0033
  private static let cr4: UInt64 = 0x0000_06F8

  private func refuseRegister(_ name: StaticString, _ value: UInt64) -> R3Verdict {
    bugCheck(0x1E, UInt64(ExceptionCode.privilegedInstruction), rip, value, 0, subject: name)
  }

  private func skip(_ instruction: Instruction) -> R3Verdict {
    fault.pointee.registers.rip &+= UInt64(instruction.length)
    return R3VerdictResume
  }

  func accessControlRegister(_ instruction: inout Instruction) -> R3Verdict {
    instruction.readModes()
    let operand = instruction.modesOperand
    if instruction.opcode == 0x20 {
      switch instruction.modesRegister {
      case 0: registers[operand] = Judge.cr0
      case 2: registers[operand] = 0
      case 3: registers[operand] = processTable
      case 4: registers[operand] = Judge.cr4
      case 8: registers[operand] = UInt64(thread.pointee.irql)
      default: return refuseRegister("mov from a control register", 0)
      }
      return skip(instruction)
    }
    return writeControlRegister(instruction, registers[operand])
  }

  private func writeControlRegister(_ instruction: Instruction, _ value: UInt64) -> R3Verdict {
    switch instruction.modesRegister {
    case 8:
      guard value <= 15 else { return raise(ExceptionCode.accessViolation, count: 2, 0, .max) }
      _ = skip(instruction)
      r3_inject_call(fault, setLevel, value)
      return R3VerdictResume
    // Writing back what was read is how translations are flushed: nothing to do here.
    case 0 where value == Judge.cr0, 3 where value == processTable, 4 where value == Judge.cr4:
      return skip(instruction)
    case 0: return refuseRegister("mov to cr0", value)
    case 3: return refuseRegister("mov to cr3", value)
    case 4: return refuseRegister("mov to cr4", value)
    default: return refuseRegister("mov to a control register", value)
    }
  }

  /// Stands for the physical address of the page table: it tells processes apart.
  private var processTable: UInt64 { UInt64(UInt(bitPattern: thread.pointee.process)) & ~0xFFF }

  func accessDebugRegister(_ instruction: inout Instruction) -> R3Verdict {
    instruction.readModes()
    let operand = instruction.modesOperand
    if instruction.opcode == 0x21 {
      switch instruction.modesRegister {
      case 6: registers[operand] = 0xFFFF_0FF0
      case 7: registers[operand] = 0x400
      default: registers[operand] = 0
      }
      return skip(instruction)
    }
    let value = registers[operand]
    let isOff = instruction.modesRegister == 7 ? value & 0xFF == 0 : value == 0
    return isOff || instruction.modesRegister == 6
      ? skip(instruction) : refuseRegister("mov to a debug register", value)
  }

  // MARK: Model-specific registers

  private enum Model {
    static let timestamp: UInt64 = 0x10
    static let apicBase: UInt64 = 0x1B
    static let featureControl: UInt64 = 0x3A
    static let efer: UInt64 = 0xC000_0080
    static let gsBase: UInt64 = 0xC000_0101
    static let kernelGSBase: UInt64 = 0xC000_0102
    static let timestampAux: UInt64 = 0xC000_0103
  }

  func readModelRegister(_ instruction: Instruction) -> R3Verdict {
    let value: UInt64
    switch registers[1] & 0xFFFF_FFFF {
    case Model.timestamp: value = r3_timestamp()
    case Model.apicBase: value = 0xFEE0_0900
    case Model.featureControl: value = 1
    case Model.efer: value = 0xD01
    case Model.gsBase: value = UInt64(UInt(bitPattern: thread))
    case Model.kernelGSBase: value = 0
    case Model.timestampAux: value = UInt64(thread.pointee.processorNumber)
    // A register that this processor does not have faults on the real machine too; drivers that
    // probe for one are ready for it.
    default: return raise(ExceptionCode.accessViolation, count: 2, 0, .max)
    }
    registers[0] = value & 0xFFFF_FFFF
    registers[2] = value >> 32
    return skip(instruction)
  }

  func writeModelRegister(_ instruction: Instruction) -> R3Verdict {
    let register = registers[1] & 0xFFFF_FFFF
    return bugCheck(
      0x1E, UInt64(ExceptionCode.privilegedInstruction), rip, register,
      registers[2] << 32 | registers[0] & 0xFFFF_FFFF, subject: "wrmsr")
  }
}

/// Sets the level of the thread, as an instruction that writes CR8 does; what was waiting for a lower
/// level runs.
private let setLevel: @convention(c) (UInt64) -> UInt64 = { level in
  let level = UInt8(truncatingIfNeeded: level)
  if level > CurrentThread.irql {
    IRQL.raise(to: level)
  } else {
    IRQL.lower(to: level)
  }
  return 0
}
