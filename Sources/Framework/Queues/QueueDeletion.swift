import CDriverKit
import CRing3
import Machine

// A queue among those of its device, and its end.
extension Framework {
  /// Puts a new queue into the list of its device.
  func join(_ queue: UnsafeMutablePointer<QueueBody>) {
    let device = queue.pointee.device
    let lock = device.object.lockAddress
    lock.pointee.lock()
    queue.pointee.next = device.pointee.firstQueue
    device.pointee.firstQueue = queue
    queue.pointee.isListed = true
    if device.pointee.queuesAreHeld, queue.pointee.isPowerManaged { queue.pointee.power = .off }
    if queue.pointee.isPowerManaged, device.pnp?.pointee.idle.isPrepared == true {
      queue.pointee.state.insert(.watchesIdle)
    }
    lock.pointee.unlock()
  }

  /// Calls `body` with each queue of a device, with some twice when one is deleted meanwhile; a queue is
  /// not freed meanwhile.
  func forEachQueue(
    of device: UnsafeMutablePointer<DeviceBody>,
    _ body: (UnsafeMutablePointer<QueueBody>) -> Void
  ) {
    let lock = device.object.lockAddress
    lock.pointee.lock()
    var next = device.pointee.firstQueue
    next?.object.reference()
    lock.pointee.unlock()
    while let queue = next {
      body(queue)
      lock.pointee.lock()
      // One that has left the list meanwhile does not know what follows.
      next = queue.pointee.isListed ? queue.pointee.next : device.pointee.firstQueue
      next?.object.reference()
      lock.pointee.unlock()
      queue.object.release()
    }
  }

  /// Ends a queue that is being deleted: cancels what it has and waits for what the driver has.
  ///
  /// A driver that does not give a request back in time is bug check 0x10D, which names it.
  func close(_ queue: UnsafeMutablePointer<QueueBody>) {
    // Called from a handler of the queue, it would wait for itself.
    if isPresenting(queue) { violation(.queueFatal, queue.handle) }
    purge(queue, cancels: true, QueueNotice())
    withdraw(queue)
    var event = KEVENT()
    withUnsafeMutablePointer(to: &event) { event in
      Event(event).initialize(.synchronization, isSet: false)
      queue.lock.pointee.lock()
      queue.pointee.endWatcher = event
      let seconds = machine.state.pointee.configuration.cancelSeconds
      let deadline = Deadline.after(milliseconds: UInt64(max(0, seconds) * 1000))
      while !queue.isAtRest {
        let request = queue.pointee.firstPresented
        queue.lock.pointee.unlock()
        if Event(event).wait(WaitOptions(deadline: deadline)) == WaitStatus.timeout {
          violation(.queueFatal, queue.handle, request?.handle ?? 0)
        }
        queue.lock.pointee.lock()
      }
      queue.pointee.endWatcher = nil
      queue.lock.pointee.unlock()
    }
  }

  /// Takes a queue out of its device's tables.
  private func withdraw(_ queue: UnsafeMutablePointer<QueueBody>) {
    let device = queue.pointee.device
    let lock = device.object.lockAddress
    lock.pointee.lock()
    if device.pointee.defaultQueue == queue { device.pointee.defaultQueue = nil }
    for index in 0..<28 where device.pointee.queues[index] == queue {
      device.pointee.queues[index] = nil
    }
    guard queue.pointee.isListed else { return lock.pointee.unlock() }
    queue.pointee.isListed = false
    if device.pointee.firstQueue == queue {
      device.pointee.firstQueue = queue.pointee.next
    } else {
      var previous = device.pointee.firstQueue
      while let other = previous, other.pointee.next != queue { previous = other.pointee.next }
      previous?.pointee.next = queue.pointee.next
    }
    lock.pointee.unlock()
  }
}

extension UnsafeMutablePointer where Pointee == QueueBody {
  /// Whether the queue has no request and nobody is in its callbacks; under the lock.
  fileprivate var isAtRest: Bool {
    pointee.activeCount == 0 && pointee.presentedCount == 0 && pointee.waitingCount == 0
      && pointee.reserve?.pointee.first == nil
  }
}
