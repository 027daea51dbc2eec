import CDriverKit
import CRing3
import Machine

// Queues of a device that leaves its working state, comes back to it, or is removed. For Plug and
// Play and power; all at PASSIVE_LEVEL, and not from a callback of one of the queues.
extension Framework {
  /// Holds the power-managed queues of a device: nothing is presented, and the driver has stopped or
  /// ended what it has when this returns.
  ///
  /// Queues that are made from now on begin held.
  func holdQueues(of device: UnsafeMutablePointer<DeviceBody>) {
    device.pointee.queuesAreHeld = true
    // First all of them stop presenting, then each driver's requests are looked after.
    forEachQueue(of: device) { queue in
      guard queue.pointee.isPowerManaged else { return }
      queue.lock.pointee.lock()
      if queue.pointee.power == .on { queue.pointee.power = .leaving }
      queue.lock.pointee.unlock()
    }
    forEachQueue(of: device) { queue in
      if queue.pointee.isPowerManaged { hold(queue) }
    }
  }

  /// Lets the power-managed queues of a device present again; EvtIoResume for what the driver has.
  func releaseQueues(of device: UnsafeMutablePointer<DeviceBody>) {
    device.pointee.queuesAreHeld = false
    forEachQueue(of: device) { queue in
      if queue.pointee.isPowerManaged { release(queue) }
    }
  }

  /// Purges queues of a device that is being removed, and has the driver end what it has.
  ///
  /// - Parameter powerManaged: the power-managed queues, or the others.
  func purgeQueues(of device: UnsafeMutablePointer<DeviceBody>, powerManaged: Bool) {
    forEachQueue(of: device) { queue in
      guard queue.pointee.isPowerManaged == powerManaged else { return }
      queue.withLock { _ = queue.pointee.state.insert(.shutDown) }
      purge(queue, cancels: true, QueueNotice())
      quiet(queue, WdfRequestStopActionPurge)
    }
  }

  /// Opens the queues of a device that was removed and is started again.
  func reopenQueues(of device: UnsafeMutablePointer<DeviceBody>) {
    forEachQueue(of: device) { queue in
      queue.withLock {
        queue.pointee.state.remove(.shutDown)
        queue.pointee.state.insert(.accepts)
        if !queue.pointee.isPowerManaged { queue.pointee.power = .on }
      }
    }
  }

  /// Holds one queue.
  func hold(_ queue: UnsafeMutablePointer<QueueBody>) { quiet(queue, WdfRequestStopActionSuspend) }

  /// Lets one queue present again.
  func release(_ queue: UnsafeMutablePointer<QueueBody>) {
    queue.lock.pointee.lock()
    guard queue.pointee.power != .on else { return queue.lock.pointee.unlock() }
    queue.pointee.activeCount += 1
    while let request = nextToTell(of: queue, from: .acknowledged) {
      request.pointee.stop = .running
      guard let routine = queue.pointee.config.EvtIoResume else { continue }
      callHeld(request, queue) {
        _ = r3_call2(UnsafeRawPointer(routine), queue.handle, request.handle)
      }
    }
    queue.pointee.activeCount -= 1
    queue.pointee.power = .on
    // A driver that was told when it could fetch nothing any more is told again.
    if queue.pointee.first != nil { queue.noteReady() }
    process(queue)
  }

  /// Stops presenting, tells the driver of each request that it has, and waits until it has ended,
  /// given back or acknowledged all of them.
  private func quiet(
    _ queue: UnsafeMutablePointer<QueueBody>, _ action: WDF_REQUEST_STOP_ACTION_FLAGS
  ) {
    var event = KEVENT()
    withUnsafeMutablePointer(to: &event) { event in
      Event(event).initialize(.synchronization, isSet: false)
      queue.lock.pointee.lock()
      queue.pointee.power = .leaving
      queue.pointee.powerWatcher = event
      waitUntil(queue, event) { queue.pointee.activeCount == 0 }
      // A driver that is being removed is told again of what it only keeps.
      if action == WdfRequestStopActionPurge { resetStops(of: queue) }
      while nextToTell(of: queue, from: .running) != nil {
        tellStops(of: queue, action)
        waitUntil(queue, event) {
          queue.pointee.activeCount == 0 && nextToTell(of: queue, from: .told) == nil
        }
      }
      queue.pointee.powerWatcher = nil
      queue.pointee.power = .off
      queue.lock.pointee.unlock()
    }
  }

  private func resetStops(of queue: UnsafeMutablePointer<QueueBody>) {
    while let request = nextToTell(of: queue, from: .acknowledged) {
      request.pointee.stop = .running
    }
  }

  /// Tells the driver of every request that it has not been told of; called with the queue's lock,
  /// which is let go meanwhile.
  private func tellStops(
    of queue: UnsafeMutablePointer<QueueBody>, _ action: WDF_REQUEST_STOP_ACTION_FLAGS
  ) {
    queue.pointee.activeCount += 1
    while let request = nextToTell(of: queue, from: .running) {
      request.pointee.stop = .told
      tellStop(request, of: queue, action)
    }
    queue.pointee.activeCount -= 1
  }

  /// Waits for a condition; called with the queue's lock, which is let go meanwhile.
  func waitUntil(
    _ queue: UnsafeMutablePointer<QueueBody>, _ event: UnsafeMutablePointer<KEVENT>,
    _ condition: () -> Bool
  ) {
    while !condition() {
      queue.lock.pointee.unlock()
      Event(event).wait()
      queue.lock.pointee.lock()
    }
  }

  private func nextToTell(of queue: UnsafeMutablePointer<QueueBody>, from state: StopState)
    -> UnsafeMutablePointer<RequestBody>?
  {
    var next = queue.pointee.firstPresented
    while let request = next, request.pointee.stop != state { next = request.pointee.next }
    return next
  }

  private func tellStop(
    _ request: UnsafeMutablePointer<RequestBody>, of queue: UnsafeMutablePointer<QueueBody>,
    _ action: WDF_REQUEST_STOP_ACTION_FLAGS
  ) {
    // Without the callback the driver has to end the request of its own accord.
    guard let routine = queue.pointee.config.EvtIoStop, !request.isBeingCancelled else { return }
    var flags = UInt64(action.rawValue)
    if request.isCancelable { flags |= UInt64(WdfRequestStopRequestCancelable.rawValue) }
    callHeld(request, queue) {
      _ = r3_call3(UnsafeRawPointer(routine), queue.handle, request.handle, flags)
    }
  }

  /// Calls the driver about a request that it may end meanwhile; called with the queue's lock, which is
  /// let go meanwhile.
  private func callHeld(
    _ request: UnsafeMutablePointer<RequestBody>, _ queue: UnsafeMutablePointer<QueueBody>,
    _ body: () -> Void
  ) {
    request.object.reference()
    queue.lock.pointee.unlock()
    let lock = queue.callbackLock
    lock?.pointee.acquire()
    body()
    lock?.pointee.release()
    request.object.release()
    queue.lock.pointee.lock()
  }
}
