import CRing3
import Glibc
import Machine
import NTTypes

// Accesses of drivers to a program's memory: at their user addresses, and through the mapping of a
// request's pages.
//
// Each access to a buffer of a watched request faults, is noted, has its pages opened for the one
// instruction, and closed again by the trap after it.
extension Judge {
  /// What the verifier says of an access to a user address; nil when it is an access like others.
  func judgeUserAccess(_ address: UInt, _ access: R3Access) -> R3Verdict? {
    guard machine.verifier.contains(.securityChecks), access != R3AccessExecute,
      thread.pointee.irql < Judge.dispatchLevel, CodeKind(of: rip, in: machine) != .host,
      let process = Process(thread.pointee.process)
    else { return nil }
    let isWrite = access == R3AccessWrite
    guard process.spans(address) else { return judgeOtherProcess(address, isWrite) }
    guard let watch = UserWatch.of(thread), watch.pointee.process == process.pointer,
      !process.isSystem, process.isOwnPage(address, forWriting: isWrite)
    else { return nil }
    if watch.pointee.openedCount == 0, let verdict = judgeUse(address, isWrite, process, watch) {
      return verdict
    }
    guard watch.pointee.isStepping,
      watch.pointee.input.contains(address) || watch.pointee.output.contains(address),
      hasSteps(watch)
    else { return nil }
    if let verdict = noteAccess(address, isWrite, watch) { return verdict }
    guard watch.pointee.openedCount < 4, process.open(address, forWriting: isWrite) else {
      return nil
    }
    return step(address, watch)
  }

  /// What the verifier says of an access through a protected mapping; nil when there is none.
  func judgeMapping(_ address: UInt, _ access: R3Access) -> R3Verdict? {
    guard !machine.verifier.isEmpty, address >= Judge.systemStart, access != R3AccessExecute,
      let find = machine.state.pointee.hooks.mappingGuard,
      let found = find(UnsafeMutableRawPointer(machine.state), address)
    else { return nil }
    let mapping = found.assumingMemoryBound(to: MappingGuard.self)
    let isWrite = access == R3AccessWrite
    if isWrite, mapping.pointee.protection & PROT_WRITE == 0 {
      guard mapping.pointee.isInvariant else { return nil }
      let watch = UserWatch.of(thread)
      let irp = watch?.pointee.mdl == mapping.pointee.mdl ? watch?.pointee.irp ?? 0 : 0
      return bugCheck(0xC4, 0x1010, UInt64(irp), UInt64(mapping.pointee.mdl), UInt64(address))
    }
    guard let watch = mapping.pointee.watch else { return nil }
    guard watch == UserWatch.of(thread), CodeKind(of: rip, in: machine) != .host, hasSteps(watch),
      watch.pointee.openedCount < 4
    else {
      // Another thread, or the system: the mapping is as others from here on.
      mapping.pointee.watch = nil
      mprotect(
        UnsafeMutableRawPointer(bitPattern: mapping.pointee.base), mapping.pointee.byteCount,
        mapping.pointee.protection)
      return R3VerdictResume
    }
    if let verdict = noteAccess(address, isWrite, watch) { return verdict }
    mprotect(
      UnsafeMutableRawPointer(bitPattern: address & ~pageMask), pageSize,
      mapping.pointee.protection)
    return step(address, watch)
  }

  // MARK: Rules

  /// The address belongs to a program, but not to the one in whose context the driver runs.
  private func judgeOtherProcess(_ address: UInt, _ isWrite: Bool) -> R3Verdict? {
    var owner: Process?
    machine.forEachProcess { process in
      if process.spans(address), process.isOwnPage(address, forWriting: isWrite) { owner = process }
    }
    guard let owner, !owner.isSystem else { return nil }
    return broken("UserPointerWrongProcess", address, UInt64(UInt(bitPattern: owner.pointer)))
  }

  /// Probed, and guarded by a handler of exceptions; locked pages count as both.
  private func judgeUse(
    _ address: UInt, _ isWrite: Bool, _ process: Process, _ watch: UnsafeMutablePointer<UserWatch>
  ) -> R3Verdict? {
    if process.lockCount(at: address) > 0 { return nil }
    let isProbed = watch.pointee.isProbed(address)
    if !isProbed, machine.verifierState?.pointee.probesByHand == false {
      return broken("UserPointerNotProbed", address, UInt64(watch.pointee.irp))
    }
    if !isGuarded { return broken("UserPointerWithoutTry", address, UInt64(watch.pointee.irp)) }
    return nil
  }

  /// A driver uses a program's memory wrongly; nil when the machine goes on, with the access as without
  /// verification.
  func broken(_ rule: StaticString, _ address: UInt, _ subject: UInt64) -> R3Verdict? {
    if machine.state.pointee.configuration.keepsGoing {
      withFaultFrame {
        machine.report(0x5233_0006, UInt64(address), subject, rip, rule: rule)
      }
      return nil
    }
    machine.verifierState?.pointee.faultRule = rule
    machine.verifierState?.pointee.faultCauses = .none
    return bugCheck(0x5233_0006, UInt64(address), subject, rip)
  }

  // MARK: Fetches

  /// Notes a read of the program's memory; the verdict when the bytes were read before.
  private func noteAccess(
    _ address: UInt, _ isWrite: Bool, _ watch: UnsafeMutablePointer<UserWatch>
  ) -> R3Verdict? {
    // The same instruction once more: it was interrupted by a fault of another kind.
    if watch.pointee.notedInstruction == rip, watch.pointee.notedAddress == address { return nil }
    watch.pointee.notedInstruction = rip
    watch.pointee.notedAddress = address
    let size = watch.pointee.openedCount > 0 ? 1 : accessSize
    if isWrite {
      watch.pointee.forget(address, address &+ UInt(size))
      return nil
    }
    let fetch = UserWatch.Fetch(
      start: address, end: address &+ UInt(size),
      size: isCopying ? 16 : UInt32(size), stack: noteStack())
    guard let earlier = watch.pointee.noteFetch(fetch) else { return nil }
    machine.verifierState?.pointee.faultRule = nil
    machine.verifierState?.pointee.faultCauses = Causes(.read, earlier.stack)
    let previous = machine.verifierState?.pointee.stacks.newestFrame(of: earlier.stack) ?? 0
    return bugCheck(
      0x5233_0004, UInt64(watch.pointee.irp), UInt64(address), UInt64(size), previous)
  }

  /// The stack of the driver as it touches the memory; of the caller when that is a leaf export.
  private func noteStack() -> StackNumber { withFaultFrame { machine.noteStack() } }

  /// Does something as if the driver had called in where the fault is.
  private func withFaultFrame<Result>(_ body: () -> Result) -> Result {
    let registers = fault.pointee.registers
    var frame = R3Frame()
    frame.previous = thread.pointee.frames
    frame.rip = registers.rip
    frame.rsp = registers.rsp
    frame.rbx = registers.rbx
    frame.rbp = registers.rbp
    frame.rdi = r3_is_parked(rip) ? registers.r10 : registers.rdi
    frame.rsi = r3_is_parked(rip) ? registers.r11 : registers.rsi
    frame.r12 = registers.r12
    frame.r13 = registers.r13
    frame.r14 = registers.r14
    frame.r15 = registers.r15
    if r3_is_leaf(rip), let caller = UnsafePointer<UInt64>(bitPattern: UInt(registers.rsp)) {
      frame.rip = caller.pointee
      frame.rsp = registers.rsp &+ 8
    }
    frame.target = 3
    return withUnsafeMutablePointer(to: &frame) { frame in
      thread.pointee.frames = frame
      defer { thread.pointee.frames = frame.pointee.previous }
      return body()
    }
  }

  /// Whether the instruction is part of a copy of many bytes.
  private var isCopying: Bool {
    if r3_is_leaf(rip) { return true }
    guard let instruction = Instruction(at: rip) else { return false }
    return instruction.hasRepeatPrefix && instruction.map == 0 && instruction.opcode & 0xFE == 0xA4
  }

  /// Bytes that the instruction reads or writes; 1 when that is not known.
  private var accessSize: Int {
    guard var instruction = Instruction(at: rip) else { return 1 }
    let wide = instruction.operandSize
    switch (instruction.map, instruction.opcode) {
    case (0, 0x00...0x3F): return instruction.opcode & 1 == 0 ? 1 : wide
    case (0, 0x63): return 4
    case (0, 0x69), (0, 0x6B): return wide
    case (0, 0x80): return 1
    case (0, 0x81), (0, 0x83): return wide
    case (0, 0x84...0x8B): return instruction.opcode & 1 == 0 ? 1 : wide
    case (0, 0xA4...0xA7), (0, 0xAA...0xAF): return instruction.opcode & 1 == 0 ? 1 : wide
    case (0, 0xC6), (0, 0xF6): return 1
    case (0, 0xC7), (0, 0xF7): return wide
    case (0, 0xFF):
      instruction.readModes()
      return instruction.modes >> 3 & 7 < 2 ? wide : 8
    case (1, 0xB6), (1, 0xBE): return 1
    case (1, 0xB7), (1, 0xBF): return 2
    case (1, 0x40...0x4F), (1, 0xAF): return wide
    case (1, 0x10), (1, 0x11), (1, 0x28), (1, 0x29), (1, 0x6F), (1, 0x7F):
      return vectorSize(instruction)
    default: return 1
    }
  }

  private func vectorSize(_ instruction: Instruction) -> Int {
    let start = UnsafePointer<UInt8>(bitPattern: UInt(rip)).unsafelyUnwrapped
    let isInteger = instruction.opcode & 0x6F == 0x6F
    switch start.pointee {
    case 0xF2 where !isInteger: return 8
    case 0xF3 where !isInteger: return 4
    case 0xF3, 0x66: return 16
    default: return isInteger ? 8 : 16
    }
  }

  // MARK: Steps

  private func hasSteps(_ watch: UnsafeMutablePointer<UserWatch>) -> Bool {
    watch.pointee.stepCount += 1
    return watch.pointee.stepCount <= UserWatch.stepLimit
  }

  private func step(_ address: UInt, _ watch: UnsafeMutablePointer<UserWatch>) -> R3Verdict {
    watch.pointee.opened[watch.pointee.openedCount] = address & ~pageMask
    watch.pointee.openedCount += 1
    fault.pointee.flags |= Judge.trapFlag
    return R3VerdictResume
  }

  private static var trapFlag: UInt64 { 0x100 }

  /// Closes the pages that were open for one instruction; false when none were.
  ///
  /// - Parameter isDone: whether the instruction has come to its end.
  func endUserStep(isDone: Bool) -> Bool {
    guard let watch = UserWatch.of(thread), watch.pointee.openedCount > 0 else { return false }
    for index in 0..<watch.pointee.openedCount {
      let page = watch.pointee.opened[index]
      if page < UserRange.end {
        Process(watch.pointee.process).closePages(page, pageSize)
      } else if let found = machine.state.pointee.hooks.mappingGuard?(
        UnsafeMutableRawPointer(machine.state), page),
        found.assumingMemoryBound(to: MappingGuard.self).pointee.watch == watch
      {
        mprotect(UnsafeMutableRawPointer(bitPattern: page), pageSize, PROT_NONE)
      }
    }
    watch.pointee.openedCount = 0
    if isDone {
      watch.pointee.notedInstruction = 0
      watch.pointee.notedAddress = 0
    }
    fault.pointee.flags &= ~Judge.trapFlag
    return true
  }
}
