import CDriverKit
import CRing3
import IOManager
import Machine

// Cancelling requests that the driver has. The cancel routine of the IRP decides: who takes it away has
// the request. A queue that cancels what its driver has needs the IRP to stay meanwhile: marks are set
// and taken away under the queue's lock.
extension Framework {
  /// Marks a request as cancelable.
  ///
  /// - Parameter refusesCancelled: whether one that is cancelled already stays the driver's to end, with
  ///   STATUS_CANCELLED; else EvtRequestCancel is called.
  fileprivate func mark(
    _ request: UnsafeMutablePointer<RequestBody>, _ routine: UnsafeMutableRawPointer,
    refusesCancelled: Bool
  ) -> Int32 {
    guard isFree(request), request.pointee.origin == .delivered else {
      if verifies, request.isCancelable { misuse(of: request, rule: "MarkCancOnCancReq") }
      return FrameworkStatus.invalidDeviceRequest
    }
    let queue = request.pointee.queue
    queue?.lock.pointee.lock()
    request.pointee.cancelRoutine = routine
    r3_store32(request.cancelState, CancelState.marked)
    let irp = request.packet
    DriverContext.set(irp, request)
    _ = machine.io.swapCancelRoutine(irp, FrameworkRoutines.cancelMarked)
    let isCancelled =
      irp.pointee.Cancel != 0 || (queue?.pointee.state.contains(.cancels) ?? false)
    guard isCancelled, machine.io.swapCancelRoutine(irp, nil) != nil else {
      queue?.lock.pointee.unlock()
      return FrameworkStatus.success
    }
    if refusesCancelled {
      request.pointee.cancelRoutine = nil
      r3_store32(request.cancelState, CancelState.none)
      queue?.lock.pointee.unlock()
      return FrameworkStatus.cancelled
    }
    cancelTaken(request, of: queue)
    return FrameworkStatus.success
  }

  fileprivate func unmark(_ request: UnsafeMutablePointer<RequestBody>) -> Int32 {
    guard request.pointee.state.contains(.driverOwned), request.pointee.irp != nil,
      r3_load32(request.cancelState) != CancelState.none
    else { return FrameworkStatus.invalidDeviceRequest }
    let queue = request.pointee.queue
    queue?.lock.pointee.lock()
    defer { queue?.lock.pointee.unlock() }
    guard request.isCancelable, machine.io.swapCancelRoutine(request.packet, nil) != nil else {
      return FrameworkStatus.cancelled
    }
    request.pointee.cancelRoutine = nil
    r3_store32(request.cancelState, CancelState.none)
    return FrameworkStatus.success
  }

  /// Has EvtRequestCancel called for a request whose cancel routine was taken.
  ///
  /// Called with the lock of its queue, if it has one, returns without.
  fileprivate func cancelTaken(
    _ request: UnsafeMutablePointer<RequestBody>, of queue: UnsafeMutablePointer<QueueBody>?
  ) {
    r3_store32(request.cancelState, CancelState.cancelling)
    guard let queue else {
      guard let routine = request.pointee.cancelRoutine else { return }
      request.pointee.cancelRoutine = nil
      _ = r3_call1(routine, request.handle)
      return
    }
    queue.pointee.activeCount += 1
    tell(request, of: queue)
    queue.pointee.activeCount -= 1
    process(queue)
  }

  /// Cancels every request of a queue that the driver has marked; called with the queue's lock, which is
  /// let go meanwhile.
  func cancelMarked(of queue: UnsafeMutablePointer<QueueBody>) {
    var next = queue.pointee.firstPresented
    while let request = next {
      next = request.pointee.next
      guard request.isCancelable, machine.io.swapCancelRoutine(request.packet, nil) != nil else {
        continue
      }
      r3_store32(request.cancelState, CancelState.cancelling)
      tell(request, of: queue)
      // The list may have changed meanwhile.
      next = queue.pointee.firstPresented
    }
  }
}

/// The cancel routine of requests that a driver marked as cancelable.
let cancelMarkedRoutine: @convention(c) (DevicePointer, IRPPointer) -> Void = { _, irp in
  let framework = Framework.current
  framework.machine.io.releaseCancelLock(irp.pointee.CancelIrql)
  // The driver does not end it before EvtRequestCancel is called.
  guard let request = DriverContext.request(irp) else { return }
  let queue = request.pointee.queue
  queue?.lock.pointee.lock()
  framework.cancelTaken(request, of: queue)
}

@c(r3_WdfRequestMarkCancelable)
package func wdfRequestMarkCancelable(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ routine: UnsafeMutableRawPointer?
) {
  let framework = Framework.current
  let request = framework.request(handle)
  let status = framework.mark(request, framework.require(routine), refusesCancelled: false)
  if status < 0 {
    framework.note("WdfRequestMarkCancelable: the driver does not have the request, or marked it")
  }
}

@c(r3_WdfRequestMarkCancelableEx)
package func wdfRequestMarkCancelableEx(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ routine: UnsafeMutableRawPointer?
) -> Int32 {
  let framework = Framework.current
  let request = framework.request(handle)
  return framework.mark(request, framework.require(routine), refusesCancelled: true)
}

@c(r3_WdfRequestUnmarkCancelable)
package func wdfRequestUnmarkCancelable(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> Int32
{
  let framework = Framework.current
  return framework.unmark(framework.request(handle))
}

/// Only for a request that the driver has and has not marked.
@c(r3_WdfRequestIsCanceled)
package func wdfRequestIsCanceled(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt8 {
  let framework = Framework.current
  let request = framework.request(handle)
  guard framework.isFree(request) else {
    if framework.verifies, request.isCancelable {
      framework.misuse(of: request, rule: "ReqIsCancOnCancReq")
    }
    return 0
  }
  let isCancelled = request.isBeingCancelled || request.packet.pointee.Cancel != 0
  return isCancelled ? 1 : 0
}
