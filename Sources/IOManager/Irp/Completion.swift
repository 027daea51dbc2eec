import CDriverKit
import CRing3
import NTTypes
import Machine
import Memory

extension IOManager {
  /// Completes an IRP: walks its stack upward, calls completion routines, and finishes the request.
  package func complete(_ irp: IRPPointer, boost: Int8) {
    if completeQuickly(irp, CurrentThread.pointer) { return }
    completeFully(irp, boost)
  }

  /// The same, the long way.
  @inline(never)
  func completeFully(_ irp: IRPPointer, _ boost: Int8) {
    if !machine.verifier.isEmpty, machine.pool.isGuardedNoMore(irp) { completedAgain(irp) }
    checkCompletion(irp)
    trace(
      .completed, irp, UInt(bitPattern: irp.pointee.AssociatedIrp.SystemBuffer),
      Int(truncatingIfNeeded: irp.pointee.IoStatus.Information), status: irp.pointee.IoStatus.Status
    )
    walkAndFinish(irp, boost)
  }

  /// Goes on with a completion that was held back.
  func goOnCompleting(_ irp: IRPPointer) { walkAndFinish(irp, 0, isHeld: true) }

  private func walkAndFinish(_ irp: IRPPointer, _ boost: Int8, isHeld: Bool = false) {
    if walkUp(irp, isHeld) {
      if !machine.verifier.isEmpty {
        settleBuffers(irp)
        retire(irp)
      }
      finishOrQueue(irp, boost)
    }
  }

  private func checkCompletion(_ irp: IRPPointer) {
    // A freed IRP has no type; one that went all the way up is beyond its topmost location.
    if irp.pointee.Type != 6 || irp.pointee.CurrentLocation > irp.pointee.StackCount + 1 {
      completedAgain(irp)
    }
    let status = irp.pointee.IoStatus.Status
    if status == IOStatus.pending || status == -1 { violation(6, bits(irp)) }
    if irp.pointee.CancelRoutine != nil { violation(7, bits(irp.pointee.CancelRoutine), bits(irp)) }
    if CurrentThread.irql > IRQL.dispatch {
      violation(0xE, UInt64(CurrentThread.irql), bits(irp))
    }
    if !machine.verifier.isEmpty {
      if state.pointee.firstHeld != nil { checkHeld(irp, 0x209, isCompletion: true) }
      if machine.verifier.contains(.invariantMDL) { checkInvarianceAtCompletion(irp) }
      noteCompletion(irp)
    }
  }

  /// Goes up the stack; false when a completion routine took the IRP back.
  @inline(__always)
  private func walkUp(_ irp: IRPPointer, _ wasHeld: Bool) -> Bool {
    let verifies = machine.verifier.contains(.ioVerification)
    let holdsBack = machine.verifier.contains(.forcePendingIO)
    // The location where it was held back.
    var goesOn = wasHeld
    while irp.pointee.CurrentLocation <= irp.pointee.StackCount {
      let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
      if holdsBack, !goesOn, holds(irp, location) { return false }
      goesOn = false
      if verifies { notePassed(irp, location) }
      irp.pointee.PendingReturned = location.pointee.Control & UInt8(SL_PENDING_RETURNED)
      irp.pointee.CurrentLocation += 1
      irp.pointee.Tail.Overlay.CurrentStackLocation = location + 1

      if location.pointee.CompletionRoutine != nil, isInvoked(location, irp) {
        if !invoke(irp, location, verifies) { return false }
        continue
      }
      // Nobody looked: what was pending below is pending above.
      if irp.pointee.PendingReturned != 0, irp.pointee.CurrentLocation <= irp.pointee.StackCount {
        (location + 1).pointee.Control |= UInt8(SL_PENDING_RETURNED)
      }
      clear(location)
    }
    // Nobody may complete it again.
    irp.pointee.CurrentLocation += 1
    return true
  }

  /// Calls the completion routine of a location; false when it took the IRP back.
  @inline(never)
  private func invoke(_ irp: IRPPointer, _ location: StackPointer, _ verifies: Bool) -> Bool {
    guard let routine = location.pointee.CompletionRoutine else { return true }
    let context = location.pointee.Context
    clear(location)
    // The routine gets the device of its own driver: the location above; none for a driver's own IRP.
    let isAbove = irp.pointee.CurrentLocation <= irp.pointee.StackCount
    let device = isAbove ? (location + 1).pointee.DeviceObject : nil
    let wasPending = irp.pointee.PendingReturned != 0
    let level = CurrentThread.irql
    let areAPCsDisabled = CurrentThread.pointer.pointee.apcsDisabled
    let status = Int32(
      truncatingIfNeeded: r3_call3(routine, bits(device), bits(irp), bits(context)))
    if verifies, CurrentThread.irql != level {
      machine.bugCheck(
        0xC4, 0xFA, bits(routine), UInt64(level), UInt64(CurrentThread.irql),
        causes: Causes(.returned, noteRoutine(routine)))
    }
    if verifies, CurrentThread.pointer.pointee.apcsDisabled != areAPCsDisabled {
      machine.bugCheck(
        0xC4, 0xFB, bits(routine), UInt64(CurrentThread.pointer.pointee.apcsDisabled),
        UInt64(areAPCsDisabled), causes: Causes(.returned, noteRoutine(routine)))
    }
    if status == IOStatus.moreProcessingRequired { return false }
    if verifies, wasPending, isAbove,
      (location + 1).pointee.Control & UInt8(SL_PENDING_RETURNED) == 0
    {
      violation(
        0x228, bits(routine), bits(irp), causes: Causes(.returned, noteRoutine(routine)))
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

  /// After the walk: finishes here when the issuing thread waits for that, else in the issuing thread.
  private func finishOrQueue(_ irp: IRPPointer, _ boost: Int8) {
    if irp.pointee.Flags & UInt32(IRP_ASSOCIATED_IRP) != 0 {
      completeAssociated(irp, boost)
      return
    }
    if irp.pointee.Flags & UInt32(IRP_DEFER_IO_COMPLETION) != 0, irp.pointee.PendingReturned == 0,
      let progress = IRPPrefix.of(irp).pointee.progress,
      progress.pointee.thread == CurrentThread.pointer.pointee.currentThread
    {
      // This thread issued the request and does the rest when it is back from the driver.
      r3_store32(&progress.pointee.phase, RequestProgress.completed)
      progress.pointee.signal()
      return
    }
    unlockMdls(of: irp)
    queueFinish(irp)
  }

  /// One part of a master IRP is done; the last part completes the master.
  private func completeAssociated(_ irp: IRPPointer, _ boost: Int8) {
    let master = irp.pointee.AssociatedIrp.MasterIrp
    freeMdls(of: irp)
    freeIRP(irp)
    guard let master else { return }
    // IrpCount of the master lies where other IRPs have their buffer.
    if r3_add32(UnsafeMutableRawPointer(master) + 0x18, ~0) == 1 { complete(master, boost: boost) }
  }
}
