import CRing3
import Machine

/// Leaves driver frames up to a target, running their termination handlers, and goes on there.
struct UnwindRun {
  let unwind: UnsafeMutablePointer<R3Unwind>
  let machine: Machine
  var walk: FrameWalk
  let record: UnsafeMutablePointer<R3ExceptionRecord>

  init(_ thread: UnsafeMutablePointer<R3Thread>, _ unwind: UnsafeMutablePointer<R3Unwind>) {
    self.unwind = unwind
    machine = Machine.current
    walk = FrameWalk(thread, machine, r3_unwind_context(unwind), isAtFault: false)
    if let given = unwind.pointee.given {
      record = given
    } else {
      record = r3_unwind_record(unwind)
      record.initialize(to: R3ExceptionRecord())
      record.pointee.code = ExceptionCode.unwind
      record.pointee.address = unwind.pointee.context.registers.rip
    }
    record.pointee.flags |= ExceptionFlag.unwinding
    if unwind.pointee.targetFrame == 0 { record.pointee.flags |= ExceptionFlag.exitUnwind }
  }

  private var context: UnsafeMutablePointer<R3Context> { r3_unwind_context(unwind) }
  private var next: UnsafeMutablePointer<R3Context> { r3_unwind_next(unwind) }
  private var dispatcher: UnsafeMutablePointer<R3DispatcherContext> {
    r3_unwind_dispatcher(unwind)
  }
  private var target: UInt64 { unwind.pointee.targetFrame }

  mutating func run() -> Never {
    while walk.isOnStack {
      switch walk.place() {
      case .function(let frame):
        leave(frame)
      case .leaf:
        let unwinder = Unwinder(stack: walk.stack, context: context)
        guard unwinder.unwindLeaf() else { fail(ExceptionCode.badStack) }
        walk.isAtFault = false
      case .host:
        cross()
      }
    }
    fail(ExceptionCode.badStack)
  }

  /// Runs the handler of a driver frame and goes on to its caller, or lands in it.
  private mutating func leave(_ driver: FrameWalk.DriverFrame) {
    next.copyRegisters(from: context)
    let unwinder = Unwinder(stack: walk.stack, context: next)
    guard
      let frame = unwinder.unwind(
        driver.function.pointee, at: driver.pc, in: driver.image, handler: .termination),
      frame.establisher & 7 == 0, walk.stack.contains(frame.establisher)
    else { fail(ExceptionCode.badStack) }
    // A frame above the target: the target does not exist.
    if target != 0, !isLongJump, frame.establisher > target {
      fail(ExceptionCode.invalidUnwindTarget)
    }
    dispatcher.pointee = R3DispatcherContext(
      controlPc: driver.pc, imageBase: driver.image.base, functionEntry: driver.function,
      establisherFrame: frame.establisher, targetIp: unwind.pointee.targetIp, context: context,
      languageHandler: frame.handler,
      handlerData: UnsafeMutableRawPointer(bitPattern: UInt(frame.handlerData)), historyTable: nil,
      scopeIndex: 0, fill: 0)
    finish()
  }

  private var isLongJump: Bool { record.jump != nil }

  /// Whether the frame at `context` is the one to land in.
  ///
  /// Compilers do not agree on what they give setjmp for a frame; its stack pointer is certain.
  private var isAtTarget: Bool {
    guard let jump = record.jump else { return dispatcher.pointee.establisherFrame == target }
    return jump.pointee.rsp >= context.pointee.registers.rsp
      && jump.pointee.rsp < next.pointee.registers.rsp
  }

  /// Calls the handler in `dispatcher`, then lands or goes to the caller.
  private mutating func finish() {
    let isTarget = isAtTarget
    if dispatcher.pointee.languageHandler != 0 {
      if isTarget { record.pointee.flags |= ExceptionFlag.targetUnwind }
      context.pointee.registers.rax = unwind.pointee.value
      callHandler()
      record.pointee.flags &= ~(ExceptionFlag.targetUnwind | ExceptionFlag.collidedUnwind)
    }
    if isTarget { land() }
    context.copyRegisters(from: next)
    walk.isAtFault = false
  }

  private func callHandler() {
    let disposition = r3_call4(
      UnsafeRawPointer(bitPattern: UInt(dispatcher.pointee.languageHandler)).unsafelyUnwrapped,
      UInt64(UInt(bitPattern: record)), dispatcher.pointee.establisherFrame,
      UInt64(UInt(bitPattern: context)), UInt64(UInt(bitPattern: dispatcher)))
    guard Disposition(rawValue: Int32(truncatingIfNeeded: disposition)) == .continueSearch else {
      fail(ExceptionCode.invalidDisposition)
    }
  }

  private func land() -> Never {
    context.pointee.registers.rax = unwind.pointee.value
    if record.pointee.code != ExceptionCode.unwindConsolidate {
      context.pointee.registers.rip = unwind.pointee.targetIp
    }
    restore(context, record, on: walk.thread)
  }

  /// Takes the walk from host code to the driver code that called it.
  private mutating func cross() {
    guard let frame = walk.nextFrame() else { fail(ExceptionCode.invalidUnwindTarget) }
    switch LinkedFrame(frame) {
    case .export(let frame):
      r3_context_from_frame(context, frame)
    case .dispatch(let outer):
      context.copyRegisters(from: r3_dispatch_context(outer))
      walk.isAtFault = outer.isAtFault
    case .unwind(let outer):
      // That unwind ends here; this one does the rest of its way.
      dispatcher.pointee = outer.pointee.dispatcher
      dispatcher.pointee.context = context
      dispatcher.pointee.targetIp = unwind.pointee.targetIp
      context.copyRegisters(from: r3_unwind_context(outer))
      next.copyRegisters(from: r3_unwind_next(outer))
      record.pointee.flags |= ExceptionFlag.collidedUnwind
      finish()
    }
    if walk.rsp <= UInt64(UInt(bitPattern: frame)) { fail(ExceptionCode.badStack) }
  }

  private func fail(_ code: UInt32) -> Never {
    machine.bugCheck(
      0x1E, UInt64(code), context.pointee.registers.rip, target, unwind.pointee.targetIp,
      subject: bugCheckSubject("RtlUnwindEx"))
  }
}

/// Does an unwind that `r3_unwind` has set up.
let performUnwind:
  @convention(c) (
    UnsafeMutablePointer<R3Thread>, UnsafeMutablePointer<R3Unwind>
  ) -> Void = { thread, unwind in
    var run = UnwindRun(thread, unwind)
    run.run()
  }

/// Goes on with a context, after what the kind of unwind asks for.
func restore(
  _ context: UnsafeMutablePointer<R3Context>, _ record: UnsafeMutablePointer<R3ExceptionRecord>?,
  on thread: UnsafeMutablePointer<R3Thread>
) -> Never {
  if let jump = record?.jump { r3_context_from_jump(context, jump) }
  if let record, record.pointee.code == ExceptionCode.unwindConsolidate,
    record.pointee.parameterCount > 0,
    let callback = UnsafeRawPointer(bitPattern: UInt(record.pointee.parameters.0))
  {
    context.pointee.registers.rip = r3_call1(callback, UInt64(UInt(bitPattern: record)))
  }
  if FrameWalk.stack(of: thread).contains(context.pointee.registers.rsp) {
    // The frames that are left do not take their marks back themselves.
    ShadowMemory.clear(UInt(thread.pointee.stackLimit)..<UInt(context.pointee.registers.rsp))
    r3_resume(thread, context)
  }
  Machine.current.bugCheck(
    0x1E, UInt64(ExceptionCode.badStack), context.pointee.registers.rip,
    context.pointee.registers.rsp, 0, subject: bugCheckSubject("RtlRestoreContext"))
}

extension UnsafeMutablePointer<R3ExceptionRecord> {
  /// The buffer of the longjmp that this record stands for.
  var jump: UnsafeMutablePointer<R3JumpBuffer>? {
    guard pointee.code == ExceptionCode.longJump, pointee.parameterCount > 0 else { return nil }
    return UnsafeMutablePointer<R3JumpBuffer>(bitPattern: UInt(pointee.parameters.0))
  }
}
