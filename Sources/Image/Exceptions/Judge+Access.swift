import CRing3
import NTTypes
import Glibc
import Machine

// Accesses to memory, and arithmetic.
extension Judge {
  /// An access to an address that nothing is mapped at, or not for this use.
  func judgeAccess() -> R3Verdict {
    let address = fault.pointee.address
    let access = fault.pointee.access
    if access == R3AccessRead, let verdict = readSharedData(address) { return verdict }
    if let verdict = judgeRegister(address, access) { return verdict }
    if address &- Judge.sharedDataStart < 4096, access == R3AccessWrite {
      return bugCheck(0xBE, address, 0, rip)
    }
    if let verdict = judgeWatched(UInt(address), access) { return verdict }
    if let verdict = judgePageable(UInt(address), access) { return verdict }
    if access != R3AccessExecute, resolves(UInt(address), access) { return R3VerdictResume }
    if let verdict = judgeGuarded(UInt(address), access) { return verdict }
    if access == R3AccessExecute, exceptions.pointee.retired.contains(address) {
      // DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS
      return bugCheck(0xCE, address, UInt64(access.rawValue), rip)
    }
    if isInHost, !isCalledByDriver { return R3VerdictHost }
    if let verdict = judgeRetired(address, access) { return verdict }
    if thread.pointee.irql >= Judge.dispatchLevel {
      return strayBugCheck(
        isInHost ? 0xA : 0xD1, address, UInt64(thread.pointee.irql), UInt64(access.rawValue), rip,
        rule: StrayPointer(address, access).ruleAtRaisedLevel)
    }
    if address >= Judge.systemStart { return judgeSystemAccess(address, access) }
    if access == R3AccessExecute, isProgramPage(UInt(address)) {
      // ATTEMPTED_EXECUTE_OF_NOEXECUTE_MEMORY: the processor runs no pages of programs for the system.
      return bugCheck(0xFC, address, 0, 0, 0)
    }
    if let verdict = judgeStray(address, access) { return verdict }
    return raise(ExceptionCode.accessViolation, count: 2, UInt64(access.rawValue), address)
  }

  private func isProgramPage(_ address: UInt) -> Bool {
    guard let process = Process(thread.pointee.process), process.spans(address) else {
      return false
    }
    return process.isOwnPage(address, forWriting: false)
  }

  /// An access that the verifier looks at; nil when it is for others to judge.
  private func judgeWatched(_ address: UInt, _ access: R3Access) -> R3Verdict? {
    if machine.verifier.isEmpty { return nil }
    if address < UserRange.end, address >= UserRange.lowest {
      if let verdict = judgeUserAccess(address, access) { return verdict }
    } else if let verdict = judgeMapping(address, access) {
      return verdict
    }
    // Another fault in the instruction that is stepped: it begins anew afterwards.
    _ = endUserStep(isDone: false)
    return nil
  }

  /// An access to a pageable section of a driver that is away; nil when it is none.
  private func judgePageable(_ address: UInt, _ access: R3Access) -> R3Verdict? {
    guard address >= Judge.systemStart, let judge = machine.state.pointee.hooks.judgePageable else {
      return nil
    }
    let level = thread.pointee.irql
    let state = UnsafeMutableRawPointer(machine.state)
    switch judge(state, address, level, access.rawValue, isInHost) {
    case 0: return nil
    case 1: return R3VerdictResume
    case let kind:
      machine.verifierState?.pointee.faultRule =
        kind == 2 ? "PageableCodeAtRaisedLevel" : "PageableDataAtRaisedLevel"
      return bugCheck(
        isInHost ? 0xA : 0xD1, UInt64(address), UInt64(level), UInt64(access.rawValue), rip)
    }
  }

  /// An access to memory of a request that is completed; nil when it is none.
  private func judgeRetired(_ address: UInt64, _ access: R3Access) -> R3Verdict? {
    guard !machine.verifier.isEmpty, address >= Judge.systemStart,
      let judge = machine.state.pointee.hooks.judgeRetiredAccess,
      judge(UnsafeMutableRawPointer(machine.state), UInt(address))
    else { return nil }
    return bugCheck(0xD5, address, access == R3AccessWrite ? 1 : 0, rip)
  }

  /// Whether the page could be brought in.
  ///
  /// At DISPATCH_LEVEL that takes a page that has its frame.
  private func resolves(_ address: UInt, _ access: R3Access) -> Bool {
    let level = thread.pointee.irql
    if address >= Judge.systemStart {
      guard let resolve = machine.state.pointee.hooks.resolveSystemFault else { return false }
      return resolve(address, level)
    }
    if level >= Judge.dispatchLevel {
      guard let process = Process(thread.pointee.process),
        let entry = process.pointer.pointee.space.entry(at: address), entry.pointee.isResident
      else { return false }
    }
    return machine.resolveUserFault(thread, address, forWriting: access == R3AccessWrite)
  }

  /// A bad access to a system address ends the machine at any level: nobody may be asked.
  private func judgeSystemAccess(_ address: UInt64, _ access: R3Access) -> R3Verdict {
    if fault.pointee.signal == SIGBUS {
      return raise(ExceptionCode.inPageError, count: 2, UInt64(access.rawValue), address)
    }
    if fault.pointee.isProtection != 0, access == R3AccessWrite {
      return bugCheck(0xBE, address, 0, rip)
    }
    if fault.pointee.isProtection != 0, access == R3AccessExecute {
      return bugCheck(0xFC, address, 0, 0, 0)
    }
    let kind: UInt64 = access == R3AccessWrite ? 2 : access == R3AccessExecute ? 0x10 : 0
    return strayBugCheck(
      0x50, address, kind, rip, 2, rule: StrayPointer(address, access).ruleOfSystem)
  }

  /// Whether a driver called the code of this program that runs now.
  private var isCalledByDriver: Bool {
    guard let frame = thread.pointee.frames, case .export = LinkedFrame(frame) else { return false }
    return true
  }

  /// Has the device perform an access to one of its registers, in the thread and outside of this
  /// signal handler; nil when there is none.
  private func judgeRegister(_ address: UInt64, _ access: R3Access) -> R3Verdict? {
    guard address >= Judge.systemStart, access != R3AccessExecute,
      let find = machine.state.pointee.hooks.registerAddress, find(UInt(address)) != 0, !isInHost
    else { return nil }
    r3_inject_call(fault, performRegisterInstruction, address)
    return R3VerdictResume
  }

  // MARK: KUSER_SHARED_DATA

  static let sharedDataStart: UInt64 = 0xFFFF_F780_0000_0000

  /// Lets a read of the shared page read the host's page; nil when it is no such read.
  private func readSharedData(_ address: UInt64) -> R3Verdict? {
    let host = exceptions.pointee.sharedUserData
    guard host != 0, address &- Judge.sharedDataStart < 4096, !isInHost,
      var instruction = Instruction(at: rip)
    else { return nil }
    Machine.current.updateSharedUserData()
    let delta = host &- Judge.sharedDataStart
    // mov (r/e)ax, [address] has the address in the instruction.
    if instruction.map == 0, instruction.opcode & 0xFE == 0xA0 {
      return load(instruction, from: address &+ delta)
    }
    guard instruction.mayHaveMemoryOperand else { return nil }
    instruction.readModes()
    guard let register = instruction.baseRegister ?? instruction.indexRegister else { return nil }
    fault.pointee.stepRegister = UInt32(register)
    fault.pointee.stepDelta = delta
    return instruction.baseRegister != nil || instruction.scale == 1 ? R3VerdictStep : nil
  }

  private func load(_ instruction: Instruction, from address: UInt64) -> R3Verdict? {
    guard let memory = UnsafeRawPointer(bitPattern: UInt(address)) else { return nil }
    let rax = registers[0]
    switch (instruction.opcode & 1, instruction.operandSize) {
    case (0, _): registers[0] = rax & ~0xFF | UInt64(memory.load(as: UInt8.self))
    case (_, 8): registers[0] = memory.loadUnaligned(as: UInt64.self)
    case (_, 2): registers[0] = rax & ~0xFFFF | UInt64(memory.loadUnaligned(as: UInt16.self))
    default: registers[0] = UInt64(memory.loadUnaligned(as: UInt32.self))
    }
    fault.pointee.registers.rip &+= UInt64(instruction.length + 8)
    return R3VerdictResume
  }

  // MARK: Arithmetic

  /// Divisions, and floating point when a driver lets its exceptions through.
  func judgeArithmetic() -> R3Verdict {
    switch Int(fault.pointee.code) {
    case FPE_INTDIV, FPE_INTOVF:
      return raise(
        isDivisorZero ? ExceptionCode.integerDivideByZero : ExceptionCode.integerOverflow)
    case FPE_FLTDIV: return raise(0xC000_008E)
    case FPE_FLTOVF: return raise(0xC000_0091)
    case FPE_FLTUND: return raise(0xC000_0093)
    case FPE_FLTRES: return raise(0xC000_008F)
    default: return raise(0xC000_0090)
    }
  }

  /// The processor has one fault for a divisor of zero and a quotient that is too large.
  private var isDivisorZero: Bool {
    guard var instruction = Instruction(at: rip), instruction.map == 0,
      instruction.opcode & 0xFE == 0xF6
    else { return true }
    instruction.readModes()
    let size = instruction.opcode == 0xF6 ? 1 : instruction.operandSize
    let value: UInt64
    if instruction.hasMemoryOperand {
      // The processor has read it: the memory is there.
      guard
        let memory = UnsafeRawPointer(
          bitPattern: UInt(instruction.address(registers, rip: rip)))
      else { return true }
      value =
        switch size {
        case 1: UInt64(memory.load(as: UInt8.self))
        case 2: UInt64(memory.loadUnaligned(as: UInt16.self))
        case 4: UInt64(memory.loadUnaligned(as: UInt32.self))
        default: memory.loadUnaligned(as: UInt64.self)
        }
    } else if size == 1, instruction.rex == 0, instruction.modesOperand >= 4 {
      value = registers[instruction.modesOperand - 4] >> 8 & 0xFF
    } else {
      value = registers[instruction.modesOperand]
    }
    return size == 8 ? value == 0 : value & (1 << UInt64(size * 8) - 1) == 0
  }
}
