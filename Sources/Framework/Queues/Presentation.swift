import CDriverKit
import CRing3
import IOManager
import Machine

// How requests reach the driver. A thread that presents runs ``run(_:_:)``: it calls handlers as long
// as the driver may get another request. A request that is completed in its handler does not present
// the next one from there: the loop does, when the handler has returned.
extension Framework {
  /// Does what a change of the queue makes possible.
  ///
  /// Called with the queue's lock, returns without; the queue may be gone then.
  func process(_ queue: UnsafeMutablePointer<QueueBody>) {
    let mayPresent = queue.pointee.first != nil && !queue.pointee.isManual && queue.canPresent
    guard mayPresent || queue.pointee.state.contains(.hasNotice) else {
      return leave(queue)
    }
    if isPresenting(queue) { return queue.lock.pointee.unlock() }
    if mustDefer(queue) { return processLater(queue) }
    run(queue, nil)
  }

  /// Whether callbacks of the queue must not be called from here: the level is too high for them, or
  /// one that excludes them is running further up the stack.
  @inline(__always)
  func mustDefer(_ queue: UnsafeMutablePointer<QueueBody>) -> Bool {
    if queue.pointee.head.executionLevel == .passive, CurrentThread.irql > IRQL.passive {
      return true
    }
    guard let lock = queue.callbackLock else { return false }
    return lock.pointee.isMine
  }

  /// Has a worker thread process the queue; called with its lock, returns without.
  func processLater(_ queue: UnsafeMutablePointer<QueueBody>) {
    let isFirst = !queue.pointee.state.contains(.isDeferred)
    if isFirst {
      queue.pointee.state.insert(.isDeferred)
      queue.object.reference()
    }
    queue.lock.pointee.unlock()
    guard isFirst else { return }
    machine.workers.queue(
      { context in
        guard let context else { return }
        let framework = Framework.current
        let queue = context.assumingMemoryBound(to: QueueBody.self)
        queue.lock.pointee.lock()
        queue.pointee.state.remove(.isDeferred)
        framework.tellCancelled(of: queue)
        framework.process(queue)
        queue.object.release()
      }, UnsafeMutableRawPointer(queue))
  }

  /// Presents `new`, which is noted as presented already, and what else there is to present.
  ///
  /// Called with the queue's lock, returns without.
  func run(
    _ queue: UnsafeMutablePointer<QueueBody>, _ new: UnsafeMutablePointer<RequestBody>?
  ) {
    queue.pointee.activeCount += 1
    withPresentation(of: queue) {
      var next = new
      while true {
        if let request = next ?? takePresentable(of: queue) {
          next = nil
          queue.lock.pointee.unlock()
          present(request, of: queue)
          queue.lock.pointee.lock()
        } else if !serveNotice(of: queue) {
          break
        }
      }
    }
    queue.pointee.activeCount -= 1
    leave(queue)
  }

  /// Lets go of the queue's lock, and tells who waits for what the queue has come to.
  @inline(__always)
  private func leave(_ queue: UnsafeMutablePointer<QueueBody>) {
    if queue.pointee.powerWatcher != nil || queue.pointee.endWatcher != nil {
      queue.wakeWatchers()
    }
    guard queue.pointee.isPowerReferenced else { return queue.lock.pointee.unlock() }
    leaveIdle(queue)
  }

  /// Takes the oldest request that is not being cancelled and notes it as presented; under the lock.
  @inline(__always)
  private func takePresentable(of queue: UnsafeMutablePointer<QueueBody>)
    -> UnsafeMutablePointer<RequestBody>?
  {
    guard queue.pointee.first != nil, !queue.pointee.isManual, queue.canPresent,
      let request = takeWaiting(of: queue, from: queue.pointee.first)
    else { return nil }
    queue.addPresented(request)
    return request
  }

  /// Takes the first request from `start` on that is not being cancelled out of the list; under the lock.
  func takeWaiting(
    of queue: UnsafeMutablePointer<QueueBody>, from start: UnsafeMutablePointer<RequestBody>?
  ) -> UnsafeMutablePointer<RequestBody>? {
    var next = start
    while let request = next {
      next = request.pointee.next
      // Without a cancel routine somebody is cancelling it, and waits for the lock.
      guard machine.io.swapCancelRoutine(request.packet, nil) != nil else { continue }
      queue.remove(request)
      return request
    }
    return nil
  }

  /// A request that the driver had is completed or went elsewhere: the next ones may come.
  func requestLeft(
    _ queue: UnsafeMutablePointer<QueueBody>, _ request: UnsafeMutablePointer<RequestBody>
  ) {
    queue.lock.pointee.lock()
    queue.removePresented(request)
    process(queue)
  }
}
