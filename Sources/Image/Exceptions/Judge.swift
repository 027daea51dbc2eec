import CRing3
import Glibc
import Machine

/// Says what becomes of a fault of a kernel thread.
///
/// Runs in a signal handler: allocates nothing.
struct Judge {
  let thread: UnsafeMutablePointer<R3Thread>
  let fault: UnsafeMutablePointer<R3Fault>
  let machine: Machine

  /// Lowest address that belongs to the system.
  static let systemStart: UInt64 = 0x5000_0000_0000
  static let dispatchLevel: UInt8 = 2

  var rip: UInt64 { fault.pointee.registers.rip }
  var exceptions: UnsafeMutablePointer<ExceptionState> { machine.exceptions }

  /// The general registers by number.
  var registers: UnsafeMutablePointer<UInt64> { r3_register(registersPointer, 0) }

  private var registersPointer: UnsafeMutablePointer<R3Registers> {
    // The first field.
    UnsafeMutablePointer(OpaquePointer(fault))
  }

  /// Whether the instruction is one of this program's own.
  var isInHost: Bool {
    fault.pointee.access != R3AccessExecute && CodeKind(of: rip, in: machine) == .host
  }

  func judge() -> R3Verdict {
    if fault.pointee.hasAddress == 0, endUserStep(isDone: true), fault.pointee.trap == 1 {
      return R3VerdictResume
    }
    if fault.pointee.trap == 1, let observe = exceptions.pointee.singleStep, observe(fault) {
      return R3VerdictResume
    }
    switch fault.pointee.signal {
    case SIGSEGV, SIGBUS:
      return fault.pointee.hasAddress != 0 ? judgeAccess() : judgeProtection()
    case SIGFPE:
      return isInHost ? judgeHost(ExceptionCode.integerDivideByZero) : judgeArithmetic()
    case SIGILL:
      return isInHost
        ? judgeHost(ExceptionCode.illegalInstruction) : raise(ExceptionCode.illegalInstruction)
    case SIGTRAP:
      return isInHost ? judgeHost(ExceptionCode.breakpoint) : judgeTrap()
    default:
      return R3VerdictHost
    }
  }

  // MARK: Verdicts

  /// Raises an exception where the fault was.
  ///
  /// A fault in this program is one of the driver that called, if any: it gave the bad pointer.
  func raise(
    _ code: UInt32, count: UInt32 = 0, _ first: UInt64 = 0, _ second: UInt64 = 0
  ) -> R3Verdict {
    // On Windows the level is raised where the lock is held.
    if isInHost, machine.isDispatcherStuck() {
      return bugCheck(0xA, second, UInt64(Judge.dispatchLevel), first, rip)
    }
    var record = R3ExceptionRecord()
    record.code = code
    record.address = rip
    record.parameterCount = count
    record.parameters.0 = first
    record.parameters.1 = second
    fault.pointee.record = record
    return place()
  }

  /// A fault in this program: when a driver in Swift is running, its failed check ends the machine.
  ///
  /// No handler is asked: what the driver's functions hold could not be let go.
  private func judgeHost(_ code: UInt32) -> R3Verdict {
    guard isInSwiftDriver else { return R3VerdictHost }
    return bugCheck(0x1E, UInt64(code), rip, 0, 0, subject: "a driver in Swift stopped itself")
  }

  /// Whether the newest call from outside was one of a driver in Swift.
  private var isInSwiftDriver: Bool {
    guard let frame = thread.pointee.frames, var entry = exceptions.pointee.swiftEntries else {
      return false
    }
    while entry.pointee != 0 {
      if entry.pointee == frame.pointee.target { return true }
      entry += 1
    }
    return false
  }

  /// Ends the machine; no handler is asked.
  func bugCheck(
    _ code: UInt32, _ p1: UInt64 = 0, _ p2: UInt64 = 0, _ p3: UInt64 = 0, _ p4: UInt64 = 0,
    subject: StaticString? = nil
  ) -> R3Verdict {
    fault.pointee.bugCheck = code
    fault.pointee.parameters = (p1, p2, p3, p4)
    fault.pointee.subject = subject.map { bugCheckSubject($0) }
    return place()
  }

  /// Where an exception is raised: at the instruction, or in the driver that called this program.
  private func place() -> R3Verdict {
    if r3_is_entry(rip) { leaveEntry() }
    if r3_is_parked(rip) { unpark() }
    if r3_is_held(rip) { fault.pointee.registers.rbx = fault.pointee.registers.r10 }
    guard isInHost else { return R3VerdictRaise }
    guard let frame = thread.pointee.frames, case .export = LinkedFrame(frame) else {
      return R3VerdictHost
    }
    return R3VerdictRaiseInCaller
  }

  /// Undoes the beginning of an export's entry, whose frame is not linked yet.
  private func leaveEntry() {
    let rsp = fault.pointee.registers.rsp
    guard UInt64(UInt(bitPattern: thread.pointee.frames)) != rsp else { return }
    let call = rsp &+ UInt64(MemoryLayout<R3Frame>.size) &+ 8
    guard FrameWalk.stack(of: thread).contains(call),
      let word = UnsafePointer<UInt64>(bitPattern: UInt(call)), call & 7 == 0
    else { return }
    fault.pointee.registers.rip = word.pointee
    fault.pointee.registers.rsp = call &+ 8
  }

  /// Gives the driver's RDI and RSI back, which a leaf export was using.
  private func unpark() {
    fault.pointee.registers.rdi = fault.pointee.registers.r10
    fault.pointee.registers.rsi = fault.pointee.registers.r11
  }
}

let judgeFault:
  @convention(c) (
    UnsafeMutablePointer<R3Thread>, UnsafeMutablePointer<R3Fault>
  ) -> R3Verdict = { thread, fault in
    guard let machine = machine(of: thread), machine[.exceptions] != nil else {
      return R3VerdictHost
    }
    return Judge(thread: thread, fault: fault, machine: machine).judge()
  }

/// The kernel stack is used up, or the stack pointer points elsewhere: a double fault.
let stackFault:
  @convention(c) (
    UnsafeMutablePointer<R3Thread>, UnsafeMutablePointer<R3Fault>
  ) -> Void = { thread, fault in
    guard let machine = machine(of: thread) else { return }
    let registers = fault.pointee.registers
    let isOverflow = registers.rsp <= thread.pointee.stackBase
    // So that the report has the driver's frames.
    var frame = R3Frame()
    frame.previous = thread.pointee.frames
    frame.rip = registers.rip
    frame.rsp = registers.rsp
    frame.rbx = registers.rbx
    frame.rbp = registers.rbp
    frame.rdi = registers.rdi
    frame.rsi = registers.rsi
    frame.r12 = registers.r12
    frame.r13 = registers.r13
    frame.r14 = registers.r14
    frame.r15 = registers.r15
    frame.target = 3
    withUnsafeMutablePointer(to: &frame) { thread.pointee.frames = $0 }
    machine.recordBugCheck(
      0x7F, 8, registers.rsp, registers.rip, thread.pointee.stackLimit,
      subject: bugCheckSubject(isOverflow ? "kernel stack overflow" : "stack pointer"))
  }
