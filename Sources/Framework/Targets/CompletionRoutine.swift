import CDriverKit
import CRing3
import IOManager
import Machine

/// The I/O completion routine of every IRP that the framework sends.
let completedRoutine:
  @convention(c) (DevicePointer?, IRPPointer, UnsafeMutableRawPointer) -> Int32 = {
    _, irp, context in
    let framework = Framework.current
    let request = context.assumingMemoryBound(to: RequestBody.self)
    // A delivered request is marked by its own completion; a driver's IRP has nobody else for that.
    if request.pointee.origin == .fromIrp, request.pointee.send.wait == nil,
      irp.pointee.PendingReturned != 0, irp.pointee.CurrentLocation <= irp.pointee.StackCount
    {
      framework.markPending(irp)
    }
    framework.cameBack(request)
    return FrameworkStatus.moreProcessingRequired
  }

extension Framework {
  /// A request came back from its target: the last of those who hold it finishes the send.
  func cameBack(_ request: UnsafeMutablePointer<RequestBody>) {
    let send = request.sendAddress
    guard let target = send.pointee.target else { return }
    let isTimed = target.withLock {
      send.pointee.flags.insert(.cameBack)
      return send.pointee.flags.contains(.isTimed)
    }
    // A timer that has run out lets go by itself.
    if isTimed, stopTimer(request) { dropHold(request) }
    dropHold(request)
  }

  /// Takes part in holding a sent request; false when it is not sent.
  ///
  /// While somebody holds it the IRP stays, and the send is not finished.
  func takeHold(_ request: UnsafeMutablePointer<RequestBody>) -> Bool {
    let holders = request.holders
    while true {
      let count = r3_load32(holders)
      if count == 0 { return false }
      if r3_cas32(holders, count, count + 1) { return true }
    }
  }

  func dropHold(_ request: UnsafeMutablePointer<RequestBody>) {
    if r3_add32(request.holders, .max) == 1 { finishSend(request) }
  }

  /// The end of a send: takes the request off its target and tells the driver, or who waits.
  private func finishSend(_ request: UnsafeMutablePointer<RequestBody>) {
    let send = request.sendAddress
    let irp = request.packet
    guard let target = send.pointee.target else { return }
    if send.pointee.flags.contains(.isExpired),
      irp.pointee.IoStatus.Status == FrameworkStatus.cancelled
    {
      irp.pointee.IoStatus.Status = FrameworkStatus.ioTimeout
    }
    let isDrained = target.withLock {
      target.removeSent(request)
      send.pointee.flags.subtract([.cameBack, .isExpired, .isTimed, .ignoresState, .isFormatted])
      return noteLeft(target)
    }
    let wait = send.pointee.wait
    let routine = send.pointee.routine
    let context = send.pointee.context
    send.pointee.wait = nil
    send.pointee.routine = nil
    send.pointee.context = nil
    send.pointee.target = nil
    noteCompletion(of: request, irp, copies: wait?.pointee.copies != true)
    if let routine, wait?.pointee.copies != true {
      call(routine, request, target, context, irp)
    }
    if let wait { Event(wait.event).set() }
    leave(target, isDrained: isDrained)
    request.object.release()
  }

  /// Calls EvtRequestCompletionRoutine; the request may be gone or sent again afterwards.
  private func call(
    _ routine: UnsafeMutableRawPointer, _ request: UnsafeMutablePointer<RequestBody>,
    _ target: UnsafeMutablePointer<TargetBody>, _ context: UnsafeMutableRawPointer?,
    _ irp: IRPPointer
  ) {
    var parameters = completionParameters(of: request, irp)
    withUnsafeMutablePointer(to: &parameters) { parameters in
      _ = r3_call4(routine, request.handle, target.handle, bits(parameters), bits(context))
    }
  }

  /// A completion routine has come back.
  private func leave(_ target: UnsafeMutablePointer<TargetBody>, isDrained: Bool) {
    if isDrained { target.drained.set() }
    let isIdle = target.withLock {
      target.pointee.busyCount -= 1
      return target.pointee.busyCount == 0 && target.pointee.isEnding
    }
    if isIdle { target.idle.set() }
  }
}
