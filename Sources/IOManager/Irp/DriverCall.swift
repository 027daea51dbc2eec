import CDriverKit
import CRing3
import NTTypes
import Machine

/// A dispatch routine that is running, on the kernel stack of its caller; only in a checked machine.
///
/// It says what became of the stack location that the routine got, which may be gone when the
/// routine returns.
struct DriverCall {
  let irp: IRPPointer
  let location: StackPointer
  /// The dispatch routine.
  let routine: UnsafeMutableRawPointer?
  let thread = CurrentThread.thread
  var next: UnsafeMutablePointer<DriverCall>?
  /// Whether the location was passed on the way up, and what its `Control` was then.
  var isPassed = false
  var control: UInt8 = 0
  /// The status of the request as its location was passed.
  var status: Int32 = 0
  /// Who completed the request, once the location is passed.
  var completer: StackNumber = 0
  /// Whether the request was passed on to a lower driver meanwhile.
  var wasForwarded = false
  /// Whether the driver that called is to see STATUS_PENDING, and whether the completion was held back.
  var isForced = false
  var isHeld = false
}

// What Driver Verifier checks around IoCallDriver: DRIVER_VERIFIER_IOMANAGER_VIOLATION.
extension IOManager {
  @inline(never)
  func callDriverChecked(
    _ device: DevicePointer, _ irp: IRPPointer, isForced: Bool = false
  ) -> Int32 {
    checkBeforeCall(device, irp)
    guard irp.pointee.CurrentLocation == irp.pointee.StackCount + 1 else {
      return callDispatch(device, irp, isForced: isForced)
    }
    watchBuffers(irp, device)
    guard isUserWatched(irp) else { return callDispatch(device, irp, isForced: isForced) }
    var watch = UserWatch(process: CurrentThread.process, irp: UInt(bitPattern: irp))
    prepare(&watch, irp, device)
    return withUnsafeMutablePointer(to: &watch) { watch in
      guard watch.pointee.isStepping else { return callWatched(device, irp, watch) }
      return withUnsafeTemporaryAllocation(
        of: UserWatch.Fetch.self, capacity: UserWatch.fetchCapacity
      ) { fetches in
        watch.pointee.fetches = fetches.baseAddress
        return callWatched(device, irp, watch)
      }
    }
  }

  /// Calls the dispatch routine, with what is checked around it.
  func callDispatch(_ device: DevicePointer, _ irp: IRPPointer, isForced: Bool) -> Int32 {
    let location = take(irp, for: device)
    // A driver that gives its own location on may have marked it before.
    let wasMarked = location.pointee.Control & UInt8(SL_PENDING_RETURNED) != 0
    let before = Surroundings(isAnyLockHeld ? machine.heldSpinLocks().count : 0)
    let routine = dispatchRoutine(of: device, location.pointee.MajorFunction)
    var call = DriverCall(irp: irp, location: location, routine: routine, isForced: isForced)
    return withUnsafeMutablePointer(to: &call) { call in
      push(call)
      let status = callRoutine(device, irp, location.pointee.MajorFunction)
      pop(call)
      if isAnyLockHeld { checkSpinLocks(before, device, routine) }
      if machine.verifier.contains(.ioVerification) {
        checkSurroundings(before, device, routine)
        checkAfterCall(call, status, wasMarked: wasMarked)
      }
      guard call.pointee.isHeld else { return status }
      releaseHeld(irp)
      return IOStatus.pending
    }
  }

  private func checkBeforeCall(_ device: DevicePointer, _ irp: IRPPointer) {
    if state.pointee.firstHeld != nil { checkHeld(irp, 0x205) }
    if machine.verifier.contains(.invariantMDL) { checkInvariance(irp) }
    guard machine.verifier.contains(.ioVerification) else { return }
    if irp.pointee.Type != 6 { violation(0x03, bits(irp)) }
    if device.pointee.Type != 3 { violation(0x04, bits(device)) }
    if CurrentThread.irql > IRQL.dispatch {
      violation(0x10, UInt64(CurrentThread.irql), bits(device), bits(irp))
    }
    if CurrentThread.pointer.pointee.interruptsOff != 0 {
      machine.bugCheck(0xC4, 0xC0, bits(irp))
    }
    if irp.pointee.CancelRoutine != nil { violation(0x203, bits(irp)) }
    let both = UInt32(DO_BUFFERED_IO | DO_DIRECT_IO)
    if device.pointee.Flags & both == both {
      violation(0x245, bits(device), causes: Causes(.allocated, deviceRecord(device).pointee.maker))
    }
    let left = irp.pointee.CurrentLocation - 1
    // Without any left, NO_MORE_IRP_STACK_LOCATIONS says so.
    if left > 0, left < device.pointee.StackSize {
      violation(0x208, bits(irp), bits(device), UInt64(left))
    }
    checkPassedOn(irp, device)
  }

  private func checkAfterCall(
    _ call: UnsafeMutablePointer<DriverCall>, _ status: Int32, wasMarked: Bool
  ) {
    let isMarked = call.pointee.control & UInt8(SL_PENDING_RETURNED) != 0
    if status == IOStatus.pending {
      // A driver that passed the request on leaves the mark to its completion routine.
      if !isMarked, call.pointee.isPassed || !call.pointee.wasForwarded {
        violation(0x23D, call.pointee, status)
      }
      return
    }
    if isMarked, !wasMarked { violation(0x23E, call.pointee, status) }
    if !call.pointee.isPassed, !call.pointee.wasForwarded, status != IOStatus.moreProcessingRequired
    {
      violation(0x226, call.pointee, status)
    }
    checkStatus(call, status)
  }

  /// Notes that a location is passed on the way up; before anybody else may free the IRP.
  func notePassed(_ irp: IRPPointer, _ location: StackPointer) {
    if notePassedByOwn(irp, location) { return }
    state.pointee.callLock.lock()
    var next = state.pointee.firstCall
    while let call = next {
      notePassed(call, irp, location)
      next = call.pointee.next
    }
    state.pointee.callLock.unlock()
  }

  /// The same without the lock, when all dispatch routines that run are the thread's own, as most often;
  /// false when they are not.
  ///
  /// Who has the IRP is the only one that can make more of them for it. They are told by their address,
  /// because another thread's may be gone.
  @inline(__always)
  private func notePassedByOwn(_ irp: IRPPointer, _ location: StackPointer) -> Bool {
    let thread = CurrentThread.pointer
    let stack = UInt(thread.pointee.stackLimit)..<UInt(thread.pointee.stackBase)
    var next = state.pointee.firstCall
    while let call = next {
      guard stack.contains(UInt(bitPattern: call)) else { return false }
      notePassed(call, irp, location)
      next = call.pointee.next
    }
    return true
  }

  @inline(__always)
  private func notePassed(
    _ call: UnsafeMutablePointer<DriverCall>, _ irp: IRPPointer, _ location: StackPointer
  ) {
    guard call.pointee.irp == irp, call.pointee.location == location else { return }
    call.pointee.isPassed = true
    call.pointee.control = location.pointee.Control
    call.pointee.status = irp.pointee.IoStatus.Status
    call.pointee.completer = ledger.pointee.completionStack(UInt(bitPattern: irp))
  }

  private func push(_ call: UnsafeMutablePointer<DriverCall>) {
    state.pointee.callLock.lock()
    var outer = state.pointee.firstCall
    while let other = outer {
      if other.pointee.irp == call.pointee.irp { other.pointee.wasForwarded = true }
      outer = other.pointee.next
    }
    call.pointee.next = state.pointee.firstCall
    state.pointee.firstCall = call
    state.pointee.callLock.unlock()
  }

  /// Takes a call out; a location that nobody has passed is still there to be looked at.
  private func pop(_ call: UnsafeMutablePointer<DriverCall>) {
    state.pointee.callLock.lock()
    if state.pointee.firstCall == call {
      state.pointee.firstCall = call.pointee.next
    } else {
      var previous = state.pointee.firstCall
      while let candidate = previous, candidate.pointee.next != call {
        previous = candidate.pointee.next
      }
      previous?.pointee.next = call.pointee.next
    }
    if !call.pointee.isPassed { call.pointee.control = call.pointee.location.pointee.Control }
    if state.pointee.firstHeld != nil { leaveDispatch(call.pointee.thread) }
    state.pointee.callLock.unlock()
  }

  /// A thread is back from a dispatch routine: from its last one, what it sent may go on.
  ///
  /// Under the lock of the calls.
  private func leaveDispatch(_ thread: Thread) {
    var next = state.pointee.firstCall
    while let call = next {
      if call.pointee.thread.pointer == thread.pointer { return }
      next = call.pointee.next
    }
    letGo(by: thread)
  }

  @inline(never)
  func violation(
    _ rule: UInt64, _ p2: UInt64 = 0, _ p3: UInt64 = 0, _ p4: UInt64 = 0, causes: Causes = .none
  ) -> Never {
    machine.bugCheck(0xC9, rule, p2, p3, p4, causes: causes)
  }

  /// What a dispatch routine did wrong that has returned.
  @inline(never)
  func violation(_ rule: UInt64, _ call: DriverCall, _ status: Int32) -> Never {
    violation(
      rule, bits(call.routine), bits(call.irp), UInt64(UInt32(bitPattern: status)),
      causes: Causes(.completed, call.completer).and(.returned, noteRoutine(call.routine)))
  }
}
