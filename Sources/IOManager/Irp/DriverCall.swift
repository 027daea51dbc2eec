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
  let routine: UInt64
  let thread = CurrentThread.thread
  var next: UnsafeMutablePointer<DriverCall>?
  /// Whether the location was passed on the way up, and what its `Control` was then.
  var isPassed = false
  var control: UInt8 = 0
  /// The status of the request as its location was passed.
  var status: Int32 = 0
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
    guard var watch = userWatch(irp, device) else {
      return callDispatch(device, irp, isForced: isForced)
    }
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
    let before = Surroundings(machine)
    var call = DriverCall(
      irp: irp, location: location,
      routine: bits(routine(of: device, location.pointee.MajorFunction)), isForced: isForced)
    var status: Int32 = 0
    withUnsafeMutablePointer(to: &call) { call in
      push(call)
      status = callRoutine(device, irp, location.pointee.MajorFunction)
      pop(call)
    }
    checkSpinLocks(before, device)
    if machine.verifier.contains(.ioVerification) {
      checkSurroundings(before, device, call)
      checkAfterCall(call, status, wasMarked: wasMarked)
    }
    guard call.isHeld else { return status }
    releaseHeld(irp)
    return IOStatus.pending
  }

  private func checkBeforeCall(_ device: DevicePointer, _ irp: IRPPointer) {
    checkHeld(irp, 0x205)
    if machine.verifier.contains(.invariantMDL) { checkInvariance(irp) }
    guard machine.verifier.contains(.ioVerification) else { return }
    if irp.pointee.Type != 6 { violation(0x03, bits(irp)) }
    if device.pointee.Type != 3 { violation(0x04, bits(device)) }
    if CurrentThread.irql > IRQL.dispatch {
      violation(0x10, bits(device), UInt64(CurrentThread.irql), bits(irp))
    }
    if irp.pointee.CancelRoutine != nil { violation(0x203, bits(irp)) }
    let both = UInt32(DO_BUFFERED_IO | DO_DIRECT_IO)
    if device.pointee.Flags & both == both { violation(0x245, bits(device)) }
    let left = irp.pointee.CurrentLocation - 1
    // Without any left, NO_MORE_IRP_STACK_LOCATIONS says so.
    if left > 0, left < device.pointee.StackSize {
      violation(0x208, bits(irp), bits(device), UInt64(left))
    }
    checkPassedOn(irp, device)
  }

  private func checkAfterCall(_ call: DriverCall, _ status: Int32, wasMarked: Bool) {
    let isMarked = call.control & UInt8(SL_PENDING_RETURNED) != 0
    if status == IOStatus.pending {
      // A driver that passed the request on leaves the mark to its completion routine.
      if !isMarked, call.isPassed || !call.wasForwarded {
        violation(0x23D, bits(call.irp), causes: causes(of: call))
      }
      return
    }
    if isMarked, !wasMarked {
      violation(
        0x23E, bits(call.irp), UInt64(UInt32(bitPattern: status)), causes: causes(of: call))
    }
    if !call.isPassed, !call.wasForwarded, status != IOStatus.moreProcessingRequired {
      violation(
        0x226, bits(call.irp), UInt64(UInt32(bitPattern: status)), causes: causes(of: call))
    }
    checkStatus(call, status)
  }

  /// What is told of a routine that is over: its name.
  func causes(of call: DriverCall) -> Causes { machine.causes(.returned, by: call.routine) }

  /// Notes that a location is passed on the way up; before anybody else may free the IRP.
  func notePassed(_ irp: IRPPointer, _ location: StackPointer) {
    state.pointee.callLock.lock()
    var next = state.pointee.firstCall
    while let call = next {
      if call.pointee.irp == irp, call.pointee.location == location {
        call.pointee.isPassed = true
        call.pointee.control = location.pointee.Control
        call.pointee.status = irp.pointee.IoStatus.Status
      }
      next = call.pointee.next
    }
    state.pointee.callLock.unlock()
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
    state.pointee.callLock.unlock()
  }

  @inline(never)
  func violation(
    _ rule: UInt64, _ p2: UInt64 = 0, _ p3: UInt64 = 0, _ p4: UInt64 = 0, causes: Causes = .none
  ) -> Never {
    machine.bugCheck(0xC9, rule, p2, p3, p4, causes: causes)
  }
}
