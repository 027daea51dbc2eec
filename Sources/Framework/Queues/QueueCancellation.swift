import CDriverKit
import CRing3
import IOManager
import Machine

/// The cancel routine of every request that waits in a queue; called with the cancel spin lock held.
let cancelQueuedRoutine: @convention(c) (DevicePointer, IRPPointer) -> Void = { _, irp in
  let framework = Framework.current
  framework.machine.io.releaseCancelLock(irp.pointee.CancelIrql)
  guard let request = DriverContext.request(irp), let queue = request.pointee.queue else { return }
  framework.cancelWaiting(request, of: queue)
}

extension Framework {
  /// Completes a waiting request as cancelled, or hands it to the driver that had it before.
  func cancelWaiting(
    _ request: UnsafeMutablePointer<RequestBody>, of queue: UnsafeMutablePointer<QueueBody>
  ) {
    queue.withLock {
      queue.remove(request)
      queue.addPresented(request)
    }
    request.pointee.state.insert(.driverOwned)
    if request.pointee.state.contains(.wasPresented),
      let routine = queue.pointee.config.EvtIoCanceledOnQueue
    {
      _ = r3_call2(UnsafeRawPointer(routine), queue.handle, request.handle)
      return
    }
    complete(request, FrameworkStatus.cancelled)
  }

  /// Cancels what waits in the queues of a device for a file whose last handle was closed.
  func cancelRequests(of file: FilePointer?, on device: UnsafeMutablePointer<DeviceBody>) {
    guard let file else { return }
    if let queue = device.pointee.defaultQueue { cancelRequests(of: file, in: queue) }
    for index in 0..<28 {
      if let queue = device.pointee.queues[index], queue != device.pointee.defaultQueue {
        cancelRequests(of: file, in: queue)
      }
    }
  }

  private func cancelRequests(of file: FilePointer, in queue: UnsafeMutablePointer<QueueBody>) {
    while let request = takeWaiting(of: file, in: queue) { cancelTaken(request, of: queue) }
  }

  private func takeWaiting(of file: FilePointer, in queue: UnsafeMutablePointer<QueueBody>)
    -> UnsafeMutablePointer<RequestBody>?
  {
    queue.lock.pointee.lock()
    var next = queue.pointee.first
    var found: UnsafeMutablePointer<RequestBody>?
    while let request = next, found == nil {
      next = request.pointee.next
      guard request.location.pointee.FileObject == file,
        machine.io.swapCancelRoutine(request.packet, nil) != nil
      else { continue }
      queue.remove(request)
      queue.addPresented(request)
      found = request
    }
    queue.lock.pointee.unlock()
    return found
  }

  private func cancelTaken(
    _ request: UnsafeMutablePointer<RequestBody>, of queue: UnsafeMutablePointer<QueueBody>
  ) {
    request.pointee.state.insert(.driverOwned)
    if request.pointee.state.contains(.wasPresented),
      let routine = queue.pointee.config.EvtIoCanceledOnQueue
    {
      _ = r3_call2(UnsafeRawPointer(routine), queue.handle, request.handle)
      return
    }
    complete(request, FrameworkStatus.cancelled)
  }
}

/// The cancel routine of requests that a driver marked as cancelable.
let cancelMarkedRoutine: @convention(c) (DevicePointer, IRPPointer) -> Void = { _, irp in
  let framework = Framework.current
  framework.machine.io.releaseCancelLock(irp.pointee.CancelIrql)
  guard let request = DriverContext.request(irp) else { return }
  framework.cancelMarked(request)
}
