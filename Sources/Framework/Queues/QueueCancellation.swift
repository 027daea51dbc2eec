import CDriverKit
import CRing3
import IOManager
import Machine

/// The cancel routine of every request that waits in a queue; called with the cancel spin lock held.
let cancelQueuedRoutine: @convention(c) (DevicePointer, IRPPointer) -> Void = { _, irp in
  let framework = Framework.current
  framework.machine.io.releaseCancelLock(irp.pointee.CancelIrql)
  // Nobody else takes it out of the list: it has no cancel routine any more.
  guard let request = DriverContext.request(irp), let queue = request.pointee.queue else { return }
  queue.lock.pointee.lock()
  queue.remove(request)
  framework.endWaiting(request, of: queue)
  framework.process(queue)
}

extension Framework {
  /// Ends a request that was cancelled while it waited: completes it, or hands it to the driver that
  /// had it before.
  ///
  /// The request is out of the list. Called with the queue's lock, which is let go meanwhile.
  func endWaiting(
    _ request: UnsafeMutablePointer<RequestBody>, of queue: UnsafeMutablePointer<QueueBody>
  ) {
    queue.addPresented(request)
    queue.pointee.activeCount += 1
    request.pointee.state.insert(.driverOwned)
    if request.pointee.state.contains(.wasPresented),
      queue.pointee.config.EvtIoCanceledOnQueue != nil
    {
      tell(request, of: queue)
    } else {
      queue.lock.pointee.unlock()
      complete(request, FrameworkStatus.cancelled)
      queue.lock.pointee.lock()
    }
    queue.pointee.activeCount -= 1
  }

  /// Tells the driver that a request of its is cancelled: now, or when its callbacks may be called.
  ///
  /// Called with the queue's lock, by one of its active threads; the lock is let go meanwhile.
  func tell(
    _ request: UnsafeMutablePointer<RequestBody>, of queue: UnsafeMutablePointer<QueueBody>
  ) {
    guard mustDefer(queue) else {
      queue.lock.pointee.unlock()
      callCancel(request, queue)
      return queue.lock.pointee.lock()
    }
    request.pointee.nextCancelled = nil
    if var last = queue.pointee.firstCancelled {
      while let next = last.pointee.nextCancelled { last = next }
      last.pointee.nextCancelled = request
    } else {
      queue.pointee.firstCancelled = request
    }
    processLater(queue)
    queue.lock.pointee.lock()
  }

  /// Tells what ``tell(_:of:)`` had to put off; called with the queue's lock, which is let go meanwhile.
  func tellCancelled(of queue: UnsafeMutablePointer<QueueBody>) {
    queue.pointee.activeCount += 1
    while let request = queue.pointee.firstCancelled {
      queue.pointee.firstCancelled = request.pointee.nextCancelled
      queue.lock.pointee.unlock()
      callCancel(request, queue)
      queue.lock.pointee.lock()
    }
    queue.pointee.activeCount -= 1
  }

  /// Calls EvtRequestCancel of a request that was marked, else EvtIoCanceledOnQueue.
  private func callCancel(
    _ request: UnsafeMutablePointer<RequestBody>, _ queue: UnsafeMutablePointer<QueueBody>
  ) {
    let lock = queue.callbackLock
    lock?.pointee.acquire()
    if let routine = request.pointee.cancelRoutine {
      request.pointee.cancelRoutine = nil
      _ = r3_call1(routine, request.handle)
    } else if let routine = queue.pointee.config.EvtIoCanceledOnQueue {
      _ = r3_call2(UnsafeRawPointer(routine), queue.handle, request.handle)
    }
    lock?.pointee.release()
  }

  /// Cancels what waits in a queue now, at most `limit` requests; called with its lock, which is let go
  /// meanwhile.
  func cancelWaiting(
    of queue: UnsafeMutablePointer<QueueBody>, file: FilePointer? = nil, limit: UInt32 = .max
  ) {
    var count: UInt32 = 0
    while count < limit {
      let taken =
        file == nil
        ? takeWaiting(of: queue, from: queue.pointee.first) : takeWaiting(of: queue, file: file)
      guard let request = taken else { return }
      endWaiting(request, of: queue)
      count += 1
    }
  }

  /// Takes the first request of a file that is not being cancelled out of the list; under the lock.
  func takeWaiting(of queue: UnsafeMutablePointer<QueueBody>, file: FilePointer?)
    -> UnsafeMutablePointer<RequestBody>?
  {
    var next = queue.pointee.first
    while let request = next {
      next = request.pointee.next
      guard request.location.pointee.FileObject == file,
        machine.io.swapCancelRoutine(request.packet, nil) != nil
      else { continue }
      queue.remove(request)
      return request
    }
    return nil
  }

  /// Cancels what waits in the queues of a device for a file whose last handle was closed.
  func cancelRequests(of file: FilePointer?, on device: UnsafeMutablePointer<DeviceBody>) {
    guard let file else { return }
    forEachQueue(of: device) { queue in
      queue.lock.pointee.lock()
      cancelReserved(of: queue, file: file)
      cancelWaiting(of: queue, file: file)
      process(queue)
    }
  }
}
