import CRing3
import Machine

// What drivers and their language handlers call. Each is reached through an export entry: the newest
// frame is the caller.

/// Raises a status in the driver that called the running export; comes back when there is none.
let raiseStatusInCaller: @convention(c) (UInt32) -> Void = { status in
  guard let thread = r3_current(), let frame = thread.pointee.frames,
    case .export = LinkedFrame(frame)
  else { return }
  var record = R3ExceptionRecord()
  record.code = status
  record.flags = ExceptionFlag.noncontinuable
  record.address = frame.pointee.rip
  r3_raise_in_caller(thread, &record)
}

/// The frame of the export that is running.
private var callerFrame: UnsafeMutablePointer<R3Frame> {
  CurrentThread.pointer.pointee.frames.unsafelyUnwrapped
}

// MARK: Raising

@c(r3_ExRaiseStatus)
func exRaiseStatus(_ status: UInt32) { Machine.current.raise(status: status) }

@c(r3_ExRaiseAccessViolation)
func exRaiseAccessViolation() { Machine.current.raise(status: ExceptionCode.accessViolation) }

@c(r3_ExRaiseDatatypeMisalignment)
func exRaiseDatatypeMisalignment() {
  Machine.current.raise(status: ExceptionCode.datatypeMisalignment)
}

@c(r3_RtlRaiseException)
func rtlRaiseException(_ record: UnsafeMutablePointer<R3ExceptionRecord>) {
  record.pointee.address = callerFrame.pointee.rip
  r3_raise_in_caller(CurrentThread.pointer, record)
}

// MARK: Handling

@c(r3___C_specific_handler)
func specificHandler(
  _ record: UnsafeMutablePointer<R3ExceptionRecord>, _ establisher: UInt64,
  _ context: UnsafeMutablePointer<R3Context>,
  _ dispatcher: UnsafeMutablePointer<R3DispatcherContext>
) -> Int32 {
  let handler = SpecificHandler(
    record: record, establisher: establisher, context: context, dispatcher: dispatcher)
  return handler.run().rawValue
}

@c(r3_RtlUnwindEx)
func rtlUnwindEx(
  _ frame: UInt64, _ target: UInt64, _ record: UnsafeMutablePointer<R3ExceptionRecord>?,
  _ value: UInt64, _ context: UnsafeMutablePointer<R3Context>?,
  _ history: UnsafeMutableRawPointer?
) {
  r3_unwind(CurrentThread.pointer, frame, target, record, value)
}

@c(r3_RtlUnwind)
func rtlUnwind(
  _ frame: UInt64, _ target: UInt64, _ record: UnsafeMutablePointer<R3ExceptionRecord>?,
  _ value: UInt64
) {
  r3_unwind(CurrentThread.pointer, frame, target, record, value)
}

@c(r3__local_unwind)
func localUnwind(_ frame: UInt64, _ target: UInt64) {
  r3_unwind(CurrentThread.pointer, frame, target, nil, 0)
}

@c(r3_longjmp)
func longjmp(_ jump: UnsafeMutablePointer<R3JumpBuffer>, _ value: Int32) {
  var record = R3ExceptionRecord()
  record.code = ExceptionCode.longJump
  record.address = callerFrame.pointee.rip
  record.parameterCount = 1
  record.parameters.0 = UInt64(UInt(bitPattern: jump))
  withUnsafeMutablePointer(to: &record) {
    r3_unwind(
      CurrentThread.pointer, jump.pointee.frame, jump.pointee.rip, $0,
      value == 0 ? 1 : UInt64(UInt32(bitPattern: value)))
  }
}

@c(r3_RtlRestoreContext)
func rtlRestoreContext(
  _ context: UnsafeMutablePointer<R3Context>, _ record: UnsafeMutablePointer<R3ExceptionRecord>?
) {
  // A copy: the driver's may lie where the landing writes.
  var copy = context.pointee
  withUnsafeMutablePointer(to: &copy) { restore($0, record, on: CurrentThread.pointer) }
}

// MARK: Looking

@c(r3_RtlLookupFunctionEntry)
func rtlLookupFunctionEntry(
  _ pc: UInt64, _ base: UnsafeMutablePointer<UInt64>, _ history: UnsafeMutableRawPointer?
) -> UnsafePointer<R3RuntimeFunction>? {
  guard let image = Machine.current.exceptions.pointee.code.image(containing: pc) else {
    return nil
  }
  base.pointee = image.base
  return image.function(at: pc)
}

@c(r3_RtlPcToFileHeader)
func rtlPcToFileHeader(_ pc: UInt64, _ base: UnsafeMutablePointer<UInt64>) -> UInt64 {
  base.pointee = Machine.current.exceptions.pointee.code.image(containing: pc)?.base ?? 0
  return base.pointee
}

@c(r3_RtlVirtualUnwind)
func rtlVirtualUnwind(
  _ kind: UInt32, _ base: UInt64, _ pc: UInt64, _ function: UnsafePointer<R3RuntimeFunction>?,
  _ context: UnsafeMutablePointer<R3Context>, _ data: UnsafeMutablePointer<UInt64>,
  _ establisher: UnsafeMutablePointer<UInt64>, _ places: UnsafeMutablePointer<UInt64>?
) -> UInt64 {
  let unwinder = Unwinder(
    stack: FrameWalk.stack(of: CurrentThread.pointer), context: context, places: places)
  guard let function, let image = Machine.current.exceptions.pointee.code.image(containing: base)
  else {
    establisher.pointee = context.pointee.registers.rsp
    _ = unwinder.unwindLeaf()
    return 0
  }
  let wanted: Unwinder.HandlerKind =
    kind & 1 != 0 ? .exception : kind & 2 != 0 ? .termination : .none
  guard let frame = unwinder.unwind(function.pointee, at: pc, in: image, handler: wanted) else {
    Machine.current.raise(status: ExceptionCode.badStack)
  }
  establisher.pointee = frame.establisher
  if frame.handler != 0 { data.pointee = frame.handlerData }
  return frame.handler
}

@c(r3_RtlCaptureStackBackTrace)
func rtlCaptureStackBackTrace(
  _ skip: UInt32, _ count: UInt32, _ addresses: UnsafeMutablePointer<UInt64>,
  _ hash: UnsafeMutablePointer<UInt32>?
) -> UInt16 {
  let found = StackCapture.capture(
    CurrentThread.pointer, into: addresses, capacity: Int(min(count, 0xFFFF)), skip: Int(skip))
  if let hash {
    var sum: UInt32 = 0
    for index in 0..<found { sum &+= UInt32(truncatingIfNeeded: addresses[index]) }
    hash.pointee = sum
  }
  return UInt16(found)
}
