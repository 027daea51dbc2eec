import CDriverKit
import CRing3
import Glibc
import Machine
import NTTypes

/// A request whose completion is held back: the driver that sent it is to see STATUS_PENDING.
struct HeldRequest {
  let irp: IRPPointer
  /// Where the driver sent it, and the thread that did; known when IoCallDriver has returned.
  var stack: StackNumber = 0
  var sender: Thread?
  var isSent = false
  /// 1 when the sender has begun to wait, or is back from its dispatch routines: a word of the host's.
  var isLetGo: UInt32 = 0
  var next: UnsafeMutablePointer<HeldRequest>?
}

// The class `forcePendingIO`: what a driver sends is completed later, in another thread.
//
// The lower driver runs as ever. Its completion stops at its stack location, which is marked as pending;
// IoCallDriver returns STATUS_PENDING; a worker thread goes on with the completion.
extension IOManager {
  /// How long the sender has for itself at most before the completion goes on, in units of 100
  /// nanoseconds; and when it runs in no dispatch routine.
  private static var longestHold: UInt64 { 1_000_000 }
  private static var shortHold: UInt64 { 3000 }

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
    next?.pointee.sender = CurrentThread.thread
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

  /// The sender goes on until it waits, or is back from its dispatch routines.
  ///
  /// By the time of the host: a driver may spin while the machine's stands still.
  private func letSenderGoOn(_ held: UnsafeMutablePointer<HeldRequest>) {
    guard let sender = held.pointee.sender, machine.schedule == nil else { return }
    let isWaiting = isWaitingInDispatch(sender)
    if isWaiting == true { return }
    let end =
      Clock.host(CLOCK_MONOTONIC) + (isWaiting == nil ? Self.shortHold : Self.longestHold)
    while r3_load32(held.isLetGo) == 0 {
      let now = Clock.host(CLOCK_MONOTONIC)
      guard now < end else { return }
      _ = r3_futex_wait(held.isLetGo, 0, Int64(end - now) * 100)
    }
  }

  /// The running thread has begun to wait: what it sent may go on.
  fileprivate func letGo() {
    if state.pointee.firstHeld == nil { return }
    state.pointee.callLock.lock()
    letGo(by: CurrentThread.thread)
    state.pointee.callLock.unlock()
  }

  /// Lets the requests go on that a thread sent; under the lock of the calls.
  func letGo(by thread: Thread) {
    var next = state.pointee.firstHeld
    while let held = next {
      if held.pointee.sender?.pointer == thread.pointer {
        r3_store32(held.isLetGo, 1)
        r3_futex_wake(held.isLetGo, 1)
      }
      next = held.pointee.next
    }
  }

  /// Whether a thread waits in a dispatch routine; nil when it runs in none.
  private func isWaitingInDispatch(_ thread: Thread) -> Bool? {
    state.pointee.callLock.lock()
    var next = state.pointee.firstCall
    while let call = next, call.pointee.thread.pointer != thread.pointer {
      next = call.pointee.next
    }
    let result = next?.pointee.thread.isWaiting
    state.pointee.callLock.unlock()
    return result
  }

  fileprivate func goOn(_ held: UnsafeMutablePointer<HeldRequest>) {
    // What the thread needs for requests is not the driver's.
    prepareThread()
    letSenderGoOn(held)
    let irp = held.pointee.irp
    leaveHeld(held)
    goOnCompleting(irp)
  }
}

extension UnsafeMutablePointer where Pointee == HeldRequest {
  fileprivate var isLetGo: UnsafeMutablePointer<UInt32> {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<HeldRequest>.offset(of: \.isLetGo).unsafelyUnwrapped)
      .assumingMemoryBound(to: UInt32.self)
  }
}

/// The hook of a machine that forces requests to be pending.
let letGoOfHeld: @convention(c) () -> Void = { Machine.current.io.letGo() }

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
