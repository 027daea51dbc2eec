import CRing3
import Machine

/// Looks for a handler of an exception, newest frame first.
///
/// The handlers are the drivers' own language handlers, called as Windows calls them. One that takes
/// the exception unwinds to itself and does not come back.
struct Dispatcher {
  let dispatch: UnsafeMutablePointer<R3Dispatch>
  let machine: Machine
  var walk: FrameWalk

  init(_ thread: UnsafeMutablePointer<R3Thread>, _ dispatch: UnsafeMutablePointer<R3Dispatch>) {
    self.dispatch = dispatch
    machine = Machine.current
    let context = r3_dispatch_walk(dispatch)
    context.copyRegisters(from: r3_dispatch_context(dispatch))
    walk = FrameWalk(thread, machine, context, isAtFault: dispatch.isAtFault)
  }

  private var record: UnsafeMutablePointer<R3ExceptionRecord> { r3_dispatch_record(dispatch) }
  private var dispatcher: UnsafeMutablePointer<R3DispatcherContext> {
    r3_dispatch_dispatcher(dispatch)
  }

  mutating func run() -> Never {
    while walk.isOnStack, step() {}
    unhandled(record, dispatch, machine)
  }

  /// Goes up by one frame; false at the end.
  private mutating func step() -> Bool {
    switch walk.place() {
    case .function(let frame):
      walk.isAtFault = false
      return ask(frame)
    case .leaf:
      walk.isAtFault = false
      return unwinder.unwindLeaf()
    case .host:
      return cross()
    }
  }

  private var unwinder: Unwinder { Unwinder(stack: walk.stack, context: walk.context) }

  /// Takes the walk out of a driver frame and asks the frame's handler, if any; false when the frame
  /// cannot be unwound.
  private func ask(_ driver: FrameWalk.DriverFrame) -> Bool {
    guard
      let frame = unwinder.unwind(
        driver.function.pointee, at: driver.pc, in: driver.image, handler: .exception)
    else { return false }
    guard frame.handler != 0 else { return true }
    guard frame.establisher & 7 == 0, walk.stack.contains(frame.establisher) else { return false }
    dispatcher.pointee = R3DispatcherContext(
      controlPc: driver.pc, imageBase: driver.image.base, functionEntry: driver.function,
      establisherFrame: frame.establisher, targetIp: 0, context: walk.context,
      languageHandler: frame.handler,
      handlerData: UnsafeMutableRawPointer(bitPattern: UInt(frame.handlerData)), historyTable: nil,
      scopeIndex: 0, fill: 0)
    callHandler()
    return true
  }

  /// Calls the handler in `dispatcher`; comes back when it does not want the exception.
  private func callHandler() {
    let disposition = r3_call4(
      UnsafeRawPointer(bitPattern: UInt(dispatcher.pointee.languageHandler)).unsafelyUnwrapped,
      UInt64(UInt(bitPattern: record)), dispatcher.pointee.establisherFrame,
      UInt64(UInt(bitPattern: r3_dispatch_context(dispatch))),
      UInt64(UInt(bitPattern: dispatcher)))
    switch Disposition(rawValue: Int32(truncatingIfNeeded: disposition)) {
    case .continueSearch: return
    case .continueExecution: goOn()
    case .nestedException, .collidedUnwind, nil: raise(ExceptionCode.invalidDisposition)
    }
  }

  /// Goes on where the exception happened, with what the handler made of the registers.
  private func goOn() {
    if record.pointee.flags & ExceptionFlag.noncontinuable != 0 {
      raise(ExceptionCode.noncontinuable)
    }
    let context = r3_dispatch_context(dispatch)
    guard walk.stack.contains(context.pointee.registers.rsp) else {
      unhandled(record, dispatch, machine)
    }
    r3_resume(walk.thread, context)
  }

  /// Raises another exception, about the handling of this one.
  private func raise(_ code: UInt32) {
    var other = R3ExceptionRecord()
    other.code = code
    other.flags = ExceptionFlag.noncontinuable
    other.nested = record
    other.address = record.pointee.address
    machine.bugCheck(
      0x1E, UInt64(code), other.address, UInt64(record.pointee.code), 0,
      subject: bugCheckSubject("exception handler"))
  }

  /// Takes the walk from host code to the driver code that called it; false at the end of the stack.
  private mutating func cross() -> Bool {
    guard let frame = walk.nextFrame() else { return false }
    switch LinkedFrame(frame) {
    case .export(let frame):
      r3_context_from_frame(walk.context, frame)
    case .dispatch(let outer):
      // This exception happened in a handler that was asked about `outer`.
      record.pointee.flags |= ExceptionFlag.nestedCall
      walk.context.copyRegisters(from: r3_dispatch_context(outer))
      walk.isAtFault = outer.isAtFault
    case .unwind(let outer):
      // It happened in a handler that an unwind called. The frames up to there are gone already.
      dispatcher.pointee = outer.pointee.dispatcher
      dispatcher.pointee.context = walk.context
      dispatcher.pointee.targetIp = 0
      walk.context.copyRegisters(from: r3_unwind_next(outer))
      walk.isAtFault = false
      callHandler()
    }
    return walk.rsp > UInt64(UInt(bitPattern: frame))
  }
}

/// Finds a handler for an exception, or ends the machine.
let dispatchException:
  @convention(c) (
    UnsafeMutablePointer<R3Thread>, UnsafeMutablePointer<R3Dispatch>
  ) -> Void = { thread, dispatch in
    let fault = dispatch.pointee.fault
    if fault.bugCheck != 0 {
      Machine.current.bugCheck(
        fault.bugCheck, fault.parameters.0, fault.parameters.1, fault.parameters.2,
        fault.parameters.3, subject: fault.subject,
        rule: Machine.current.verifierState?.pointee.faultRule,
        causes: GuardedFault.causes(of: fault, in: Machine.current))
    }
    var dispatcher = Dispatcher(thread, dispatch)
    dispatcher.run()
  }

/// Ends the machine: no handler took the exception.
func unhandled(
  _ record: UnsafeMutablePointer<R3ExceptionRecord>, _ dispatch: UnsafeMutablePointer<R3Dispatch>,
  _ machine: Machine
) -> Never {
  let code = UInt64(record.pointee.code)
  let rule = StrayPointer(record)?.unhandledRule(in: machine)
  if CurrentThread.thread.pointer.pointee.isSystem {
    machine.bugCheck(
      0x7E, code, record.pointee.address, UInt64(UInt(bitPattern: record)),
      UInt64(UInt(bitPattern: r3_dispatch_context(dispatch))), rule: rule)
  }
  machine.bugCheck(
    0x1E, code, record.pointee.address,
    record.pointee.parameterCount > 0 ? record.pointee.parameters.0 : 0,
    record.pointee.parameterCount > 1 ? record.pointee.parameters.1 : 0, rule: rule)
}

/// A name for a bug check report: of a string in this program, which outlives every machine.
func bugCheckSubject(_ name: StaticString) -> UnsafePointer<CChar> {
  UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
}
