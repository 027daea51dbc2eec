import CDriverKit
import CRing3
import Machine
import Memory

// Completion routines that the I/O manager itself sets.
extension IOManager {
  private static var routineTag: UInt32 { 0x7243_6F49 }  // IoCr

  /// Sets the completion routine of the next location.
  package func setCompletion(
    _ irp: IRPPointer, _ routine: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?,
    control: Int32
  ) {
    let location = nextLocation(irp)
    location.pointee.CompletionRoutine = routine
    location.pointee.Context = context
    location.pointee.Control = UInt8(truncatingIfNeeded: control)
  }

  /// When a routine set with all three flags is called.
  package static var always: Int32 {
    SL_INVOKE_ON_SUCCESS | SL_INVOKE_ON_ERROR | SL_INVOKE_ON_CANCEL
  }

  /// Passes a request down and has it back when the lower drivers are done.
  ///
  /// - Returns: false when there is no stack location left; the request was not sent.
  package func forwardSynchronously(_ irp: IRPPointer, to device: DevicePointer) -> Bool {
    guard irp.pointee.CurrentLocation > 1, irp.pointee.StackCount > 0 else { return false }
    let current = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    nextLocation(irp).pointee = current.pointee
    var event = KEVENT()
    withUnsafeMutablePointer(to: &event) { event in
      Event(event).initialize(.notification, isSet: false)
      setCompletion(
        irp, DriverRoutines.wakeForwarder, UnsafeMutableRawPointer(event), control: Self.always)
      if callDriver(device, irp) == IOStatus.pending { Event(event).wait() }
    }
    return true
  }

  /// Sets a completion routine in memory of its own: `IoSetCompletionRoutineEx`.
  func setCompletionEx(
    _ device: DevicePointer, _ irp: IRPPointer, _ routine: UnsafeMutableRawPointer?,
    _ context: UnsafeMutableRawPointer?, control: Int32
  ) -> Int32 {
    guard
      let block = machine.pool.allocate(
        MemoryLayout<CompletionRecord>.size, kind: .nonpaged, tag: Self.routineTag)
    else { return IOStatus.insufficientResources }
    block.storeBytes(
      of: CompletionRecord(device: device, routine: routine, context: context),
      as: CompletionRecord.self)
    setCompletion(irp, DriverRoutines.completeEx, block, control: control)
    return IOStatus.success
  }

  fileprivate func takeRecord(_ block: UnsafeMutableRawPointer) -> CompletionRecord {
    let record = block.load(as: CompletionRecord.self)
    machine.pool.free(block, tag: Self.routineTag)
    return record
  }
}

private struct CompletionRecord {
  let device: DevicePointer
  let routine: UnsafeMutableRawPointer?
  let context: UnsafeMutableRawPointer?
}

/// The completion routine of ``IOManager/forwardSynchronously(_:to:)``.
let wakeForwarderRoutine:
  @convention(c) (UInt64, IRPPointer, UnsafeMutablePointer<KEVENT>) -> UInt64 = { _, irp, event in
    if irp.pointee.PendingReturned != 0 { Event(event).set() }
    return UInt64(UInt32(bitPattern: IOStatus.moreProcessingRequired))
  }

/// The completion routine that stands before one set with IoSetCompletionRoutineEx.
let completeExRoutine: @convention(c) (UInt64, IRPPointer, UnsafeMutableRawPointer) -> UInt64 = {
  device, irp, block in
  let record = Machine.current.io.takeRecord(block)
  guard let routine = record.routine else { return 0 }
  return r3_call3(routine, device, bits(irp), bits(record.context))
}

@c(r3_IoForwardIrpSynchronously)
func ioForwardIrpSynchronously(_ device: DevicePointer, _ irp: IRPPointer) -> UInt8 {
  Machine.current.io.forwardSynchronously(irp, to: device) ? 1 : 0
}

@c(r3_IoSetCompletionRoutineEx)
func ioSetCompletionRoutineEx(
  _ device: DevicePointer, _ irp: IRPPointer, _ routine: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?, _ onSuccess: UInt32, _ onError: UInt32, _ onCancel: UInt32
) -> Int32 {
  var control: Int32 = 0
  if onSuccess & 0xFF != 0 { control |= SL_INVOKE_ON_SUCCESS }
  if onError & 0xFF != 0 { control |= SL_INVOKE_ON_ERROR }
  if onCancel & 0xFF != 0 { control |= SL_INVOKE_ON_CANCEL }
  return Machine.current.io.setCompletionEx(device, irp, routine, context, control: control)
}
