import CDriverKit
import CRing3
import NTTypes
import Machine
import Memory

// What the verifier looks at as a request is sent, completed and released.
extension IOManager {
  /// A driver completes a request: the stack is the cause if it is completed again.
  func noteCompletion(_ irp: IRPPointer) {
    guard machine.verifier.contains(.ioVerification) else { return }
    let stack = machine.noteStack()
    ledger.pointee.lock.lock()
    ledger.pointee.prepare()
    ledger.pointee.noteCompletion(UInt(bitPattern: irp), stack)
    ledger.pointee.lock.unlock()
    checkReportedCount(irp)
  }

  /// The second completion of an IRP.
  @inline(never)
  func completedAgain(_ irp: IRPPointer) -> Never {
    let stack =
      machine.verifier.isEmpty ? 0 : ledger.pointee.completionStack(UInt(bitPattern: irp))
    machine.bugCheck(0x44, bits(irp), 0, 0, 0, causes: Causes(.completed, stack))
  }

  /// A transfer cannot move more bytes than were asked for, whatever kind its buffer has.
  private func checkReportedCount(_ irp: IRPPointer) {
    guard irp.pointee.CurrentLocation == irp.pointee.StackCount, irp.pointee.IoStatus.Status == 0
    else { return }
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    let information = UInt64(irp.pointee.IoStatus.Information)
    switch Int32(location.pointee.MajorFunction) {
    case IRP_MJ_READ, IRP_MJ_WRITE:
      let count = UInt64(location.pointee.Parameters.Read.Length)
      if information > count { violation(0x312, bits(irp), information, count) }
    default: break
    }
  }

  /// The block of a released IRP stays out of use for a while, so that its next completion is found.
  @inline(never)
  func quarantine(_ block: UnsafeMutableRawPointer) {
    ledger.pointee.lock.lock()
    ledger.pointee.prepare()
    let old = ledger.pointee.keep(block)
    ledger.pointee.lock.unlock()
    if let old { machine.pool.free(old, tag: Self.irpTag) }
  }

  /// Releases what stays out of use, before a driver's pool is counted.
  package func emptyQuarantine() {
    guard !machine.verifier.isEmpty, ledger.pointee.quarantine != nil else { return }
    for _ in 0..<RequestLedger.quarantineCount {
      ledger.pointee.lock.lock()
      let place = ledger.pointee.quarantine + 0
      var index = 0
      while index < RequestLedger.quarantineCount, place[index] == nil { index += 1 }
      let block = index < RequestLedger.quarantineCount ? place[index] : nil
      if block != nil { place[index] = nil }
      ledger.pointee.lock.unlock()
      guard let block else { return }
      machine.pool.free(block, tag: Self.irpTag)
    }
  }

  // MARK: Passing on

  /// A request is passed on with what belongs to the driver above, or with an event that is set.
  func checkPassedOn(_ irp: IRPPointer, _ device: DevicePointer) {
    let next = nextLocation(irp)
    if irp.pointee.CurrentLocation > irp.pointee.StackCount {
      checkEvent(irp, device)
      return
    }
    guard irp.pointee.CurrentLocation > 1 else { return }
    let current = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    if let routine = next.pointee.CompletionRoutine, routine == current.pointee.CompletionRoutine,
      next.pointee.Context == current.pointee.Context,
      let driver = current.pointee.DeviceObject?.pointee.DriverObject,
      !owns(driver, routine)
    {
      violation(0x207, bits(irp), bits(device), bits(routine))
    }
    let mark = UInt8(SL_PENDING_RETURNED)
    if next.pointee.Control & current.pointee.Control & mark != 0, !isRunning(irp, next) {
      violation(0x206, bits(irp), bits(device))
    }
  }

  /// Whether a routine lies in a driver's image.
  private func owns(_ driver: DriverPointer, _ routine: UnsafeMutableRawPointer) -> Bool {
    let start = UInt(bitPattern: driver.pointee.DriverStart)
    return UInt(bitPattern: routine) &- start < UInt(driver.pointee.DriverSize)
  }

  /// Whether a location is that of a dispatch routine which runs: the driver skipped its own.
  private func isRunning(_ irp: IRPPointer, _ location: StackPointer) -> Bool {
    state.pointee.callLock.lock()
    var next = state.pointee.firstCall
    while let call = next, call.pointee.irp != irp || call.pointee.location != location {
      next = call.pointee.next
    }
    state.pointee.callLock.unlock()
    return next != nil
  }

  /// An event that a request is to set must not be set as it is sent.
  private func checkEvent(_ irp: IRPPointer, _ device: DevicePointer) {
    guard irp.pointee.AllocationFlags & IRPAllocation.prefixed != 0,
      IRPPrefix.of(irp).pointee.progress == nil, let event = irp.pointee.UserEvent,
      event.pointee.Header.SignalState != 0
    else { return }
    violation(0x307, bits(irp), bits(device), bits(event))
  }

  // MARK: On return

  /// What a dispatch routine must leave as it found it.
  struct Surroundings {
    let level = CurrentThread.irql
    let areAPCsDisabled = CurrentThread.pointer.pointee.apcsDisabled
    let areInterruptsOff = CurrentThread.pointer.pointee.interruptsOff
    let spinLockCount: Int

    init(_ machine: Machine) { spinLockCount = machine.heldSpinLocks().count }
  }

  /// A dispatch routine lets every spin lock go that it took.
  func checkSpinLocks(_ before: Surroundings, _ device: DevicePointer) {
    let held = machine.heldSpinLocks()
    guard held.count > before.spinLockCount, machine.verifier.contains(.ddiCompliance) else {
      return
    }
    machine.bugCheck(
      0xC4, 0x0004_0009, UInt64(held.newest), bits(device), causes: Causes(.acquired, held.stack))
  }

  func checkSurroundings(_ before: Surroundings, _ device: DevicePointer, _ call: DriverCall) {
    let thread = CurrentThread.pointer
    if thread.pointee.irql != before.level {
      violation(
        0x05, bits(device), UInt64(before.level), UInt64(thread.pointee.irql),
        causes: causes(of: call))
    }
    if thread.pointee.apcsDisabled != before.areAPCsDisabled {
      machine.bugCheck(
        0xC4, 0xC5, bits(device), UInt64(before.areAPCsDisabled),
        UInt64(thread.pointee.apcsDisabled), causes: causes(of: call))
    }
    if thread.pointee.interruptsOff != 0, before.areInterruptsOff == 0 {
      machine.bugCheck(0xC4, 0xC1, bits(device), causes: causes(of: call))
    }
  }

  /// The status that a routine returns is the one that it completed the request with.
  func checkStatus(_ call: DriverCall, _ status: Int32) {
    if call.isPassed, !call.wasForwarded, call.status != status {
      violation(
        0x224, bits(call.irp), UInt64(UInt32(bitPattern: status)),
        UInt64(UInt32(bitPattern: call.status)), causes: causes(of: call))
    }
  }

  /// A request that was cancelled stays with its driver for longer than may be.
  func cancelledTooLong(_ irp: IRPPointer) {
    if machine.verifier.contains(.ioVerification) {
      let seconds = machine.state.pointee.configuration.cancelSeconds
      machine.report(0xC4, 0x135, bits(irp), UInt64(max(0, seconds) * 1000))
    }
  }
}
