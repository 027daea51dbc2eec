import CDriverKit
import CRing3
import Machine
import Memory

extension IOManager {
  /// Completes an IRP: walks its stack upward, calls completion routines, and finishes the request.
  package func complete(_ irp: IRPPointer, boost: Int8) {
    checkCompletion(irp)
    trace(
      .completed, irp, UInt(bitPattern: irp.pointee.AssociatedIrp.SystemBuffer),
      Int(truncatingIfNeeded: irp.pointee.IoStatus.Information), status: irp.pointee.IoStatus.Status
    )
    if walkUp(irp) { finishOrQueue(irp) }
  }

  private func checkCompletion(_ irp: IRPPointer) {
    if irp.pointee.Type != 6 || irp.pointee.CurrentLocation > irp.pointee.StackCount + 1 {
      machine.bugCheck(0x44, UInt64(UInt(bitPattern: irp)), 0, 0, 0)
    }
    if irp.pointee.IoStatus.Status == IOStatus.pending {
      machine.bugCheck(0xC9, 6, UInt64(UInt(bitPattern: irp)), 0, 0)
    }
    if irp.pointee.CancelRoutine != nil {
      machine.bugCheck(
        0xC9, 7, address(of: irp.pointee.CancelRoutine), UInt64(UInt(bitPattern: irp)), 0)
    }
    if CurrentThread.irql > 2 {
      machine.bugCheck(0xC9, 0xE, UInt64(CurrentThread.irql), UInt64(UInt(bitPattern: irp)), 0)
    }
  }

  /// Goes up the stack; false when a completion routine took the IRP back.
  private func walkUp(_ irp: IRPPointer) -> Bool {
    while irp.pointee.CurrentLocation <= irp.pointee.StackCount {
      let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
      irp.pointee.PendingReturned = location.pointee.Control & UInt8(SL_PENDING_RETURNED)
      irp.pointee.CurrentLocation += 1
      irp.pointee.Tail.Overlay.CurrentStackLocation = location + 1

      guard let routine = location.pointee.CompletionRoutine, isInvoked(location, irp) else {
        // Nobody looked: what was pending below is pending above.
        if irp.pointee.PendingReturned != 0,
          irp.pointee.CurrentLocation <= irp.pointee.StackCount
        {
          (location + 1).pointee.Control |= UInt8(SL_PENDING_RETURNED)
        }
        clear(location)
        continue
      }
      let context = location.pointee.Context
      clear(location)
      // The routine gets the device of its own driver: the location above; none for a driver's own IRP.
      let isAbove = irp.pointee.CurrentLocation <= irp.pointee.StackCount
      let device = isAbove ? (location + 1).pointee.DeviceObject : nil
      let status = Int32(
        truncatingIfNeeded: r3_call3(
          routine, UInt64(UInt(bitPattern: device)), UInt64(UInt(bitPattern: irp)),
          UInt64(UInt(bitPattern: context))))
      if status == IOStatus.moreProcessingRequired { return false }
    }
    return true
  }

  private func isInvoked(_ location: StackPointer, _ irp: IRPPointer) -> Bool {
    let control = location.pointee.Control
    let succeeded = irp.pointee.IoStatus.Status >= 0
    return (succeeded && control & UInt8(SL_INVOKE_ON_SUCCESS) != 0)
      || (!succeeded && control & UInt8(SL_INVOKE_ON_ERROR) != 0)
      || (irp.pointee.Cancel != 0 && control & UInt8(SL_INVOKE_ON_CANCEL) != 0)
  }

  /// Empties a location that has been passed, so that nothing of it is used twice.
  private func clear(_ location: StackPointer) {
    location.pointee.MinorFunction = 0
    location.pointee.Flags = 0
    location.pointee.Control &= UInt8(SL_ERROR_RETURNED)
    location.pointee.CompletionRoutine = nil
    location.pointee.Context = nil
  }

  func address(of pointer: UnsafeMutableRawPointer?) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }

  /// After the walk: finishes here when the issuing thread waits for that, else in the issuing thread.
  private func finishOrQueue(_ irp: IRPPointer) {
    if irp.pointee.Flags & UInt32(IRP_ASSOCIATED_IRP) != 0 {
      completeAssociated(irp)
      return
    }
    if irp.pointee.Flags & UInt32(IRP_DEFER_IO_COMPLETION) != 0, irp.pointee.PendingReturned == 0,
      let progress = IRPPrefix.of(irp).pointee.progress, thread(of: irp) == CurrentThread.thread
    {
      // This thread issued the request and does the rest when it is back from the driver.
      r3_store32(&progress.pointee.phase, RequestProgress.completed)
      progress.pointee.signal()
      return
    }
    queueFinish(irp)
  }

  /// One part of a master IRP is done; the last part completes the master.
  private func completeAssociated(_ irp: IRPPointer) {
    let master = irp.pointee.AssociatedIrp.MasterIrp
    freeMdls(of: irp)
    freeIRP(irp)
    guard let master else { return }
    let count = UnsafeMutableRawPointer(master) + 0x18
    if r3_add32(count, ~0) == 1 { complete(master, boost: 0) }
  }
}
