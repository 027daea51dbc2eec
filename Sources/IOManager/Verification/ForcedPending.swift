import CDriverKit
import CRing3
import Glibc
import Machine
import NTTypes

/// A request whose completion is held back: the driver that sent it is to see STATUS_PENDING.
struct HeldRequest {
  let irp: IRPPointer
  /// Where the driver sent it; known when IoCallDriver has returned.
  var stack: StackNumber = 0
  var isSent = false
  var next: UnsafeMutablePointer<HeldRequest>?
}

// The class `forcePendingIO`: what a driver sends is completed later, in another thread.
//
// The lower driver runs as ever. Its completion stops at its stack location, which is marked as pending;
// IoCallDriver returns STATUS_PENDING; a worker thread goes on with the completion.
extension IOManager {
  /// How long the sender has for itself before the completion goes on, in microseconds.
  private static var heldMicroseconds: UInt32 { 300 }

  /// Whether the driver that sends a request is to see STATUS_PENDING.
  ///
  /// Drivers may count on it that removals and changes of power are done in order.
  func isForced(_ irp: IRPPointer) -> Bool {
    guard machine.verifier.contains(.forcePendingIO), irp.pointee.CurrentLocation > 1 else {
      return false
    }
    let function = Int32(nextLocation(irp).pointee.MajorFunction)
    return function != IRP_MJ_PNP && function != IRP_MJ_POWER
  }

  /// Whether the completion that comes by a location is to stop there.
  ///
  /// The newest call is the one whose driver completes.
  func holds(_ irp: IRPPointer, _ location: StackPointer) -> Bool {
    var isHeld = false
    state.pointee.callLock.lock()
    var next = state.pointee.firstCall
    while let call = next {
      if call.pointee.irp == irp, call.pointee.location == location, call.pointee.isForced {
        call.pointee.isForced = false
        if !isHeld {
          call.pointee.isHeld = true
          call.pointee.isPassed = true
          call.pointee.control = location.pointee.Control
          call.pointee.status = irp.pointee.IoStatus.Status
        }
        isHeld = true
      }
      next = call.pointee.next
    }
    if isHeld {
      location.pointee.Control |= UInt8(SL_PENDING_RETURNED)
      let held = UnsafeMutablePointer<HeldRequest>.allocate(capacity: 1)
      held.initialize(to: HeldRequest(irp: irp, next: state.pointee.firstHeld))
      state.pointee.firstHeld = held
    }
    state.pointee.callLock.unlock()
    return isHeld
  }

  /// IoCallDriver returns to the sender of a request that is held: a worker may go on with it.
  func releaseHeld(_ irp: IRPPointer) {
    let stack = machine.noteStack()
    state.pointee.callLock.lock()
    var next = state.pointee.firstHeld
    while let held = next, held.pointee.irp != irp || held.pointee.isSent {
      next = held.pointee.next
    }
    next?.pointee.stack = stack
    next?.pointee.isSent = true
    state.pointee.callLock.unlock()
    if let next { machine.workers.queue(goOnWithHeld, UnsafeMutableRawPointer(next)) }
  }

  /// Takes a request out whose completion goes on.
  fileprivate func leaveHeld(_ held: UnsafeMutablePointer<HeldRequest>) {
    state.pointee.callLock.lock()
    if state.pointee.firstHeld == held {
      state.pointee.firstHeld = held.pointee.next
    } else {
      var previous = state.pointee.firstHeld
      while let candidate = previous, candidate.pointee.next != held {
        previous = candidate.pointee.next
      }
      previous?.pointee.next = held.pointee.next
    }
    state.pointee.callLock.unlock()
    held.deallocate()
  }

  /// A driver uses a request that a lower driver still has, as far as it can know.
  func checkHeld(_ irp: IRPPointer, _ rule: UInt64, isCompletion: Bool = false) {
    if state.pointee.firstHeld == nil { return }
    state.pointee.callLock.lock()
    var next = state.pointee.firstHeld
    while let held = next, held.pointee.irp != irp { next = held.pointee.next }
    let held = next?.pointee
    state.pointee.callLock.unlock()
    guard let held else { return }
    // Before the sender has it back, only the driver that completed it can complete it again.
    if isCompletion, !held.isSent { completedAgain(irp) }
    machine.bugCheck(0xC9, rule, bits(irp), causes: Causes(.sent, held.stack))
  }

  fileprivate func goOn(_ held: UnsafeMutablePointer<HeldRequest>) {
    // What the thread needs for requests is not the driver's.
    prepareThread()
    usleep(Self.heldMicroseconds)
    let irp = held.pointee.irp
    leaveHeld(held)
    goOnCompleting(irp)
  }
}

private let goOnWithHeld: Machine.ThreadRoutine = { argument in
  guard let argument else { return }
  Machine.current.io.goOn(argument.assumingMemoryBound(to: HeldRequest.self))
}

@c(r3_verified_IofCallDriver)
func verifiedIofCallDriver(_ device: DevicePointer, _ irp: IRPPointer) -> Int32 {
  let io = Machine.current.io
  return io.callDriverChecked(device, irp, isForced: io.isForced(irp))
}

@c(r3_verified_IoFreeIrp)
func verifiedIoFreeIrp(_ irp: IRPPointer) {
  let io = Machine.current.io
  io.checkHeld(irp, 0x20B)
  io.freeIRP(irp)
}
