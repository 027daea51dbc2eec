import CDriverKit
import CRing3
import IOManager
import Machine

// What changes of power mean for the queues of a device.
extension Framework {
  /// Presents what waited in the power-managed queues while the device was not in D0.
  func releaseQueues(of device: UnsafeMutablePointer<DeviceBody>) {
    forEachQueue(of: device) { queue in
      guard queue.pointee.isPowerManaged else { return }
      queue.withLock { _ = queue.pointee.state.remove(.held) }
      presentWaiting(of: queue)
    }
  }

  /// Stops presenting requests of the power-managed queues.
  func holdQueues(of device: UnsafeMutablePointer<DeviceBody>) {
    forEachQueue(of: device) { queue in
      guard queue.pointee.isPowerManaged else { return }
      queue.withLock { _ = queue.pointee.state.insert(.held) }
    }
  }

  /// Completes what waits in the queues of a device that is gone.
  func purgeQueues(of device: UnsafeMutablePointer<DeviceBody>, powerManaged: Bool) {
    forEachQueue(of: device) { queue in
      guard queue.pointee.isPowerManaged == powerManaged else { return }
      queue.withLock { _ = queue.pointee.state.remove(.accepts) }
      while true {
        queue.lock.pointee.lock()
        let request = takeWaiting(of: queue, from: queue.pointee.first)
        queue.lock.pointee.unlock()
        guard let request else { break }
        request.pointee.state.insert(.driverOwned)
        complete(request, FrameworkStatus.cancelled)
      }
    }
  }

  /// Calls `body` with every queue of a device.
  private func forEachQueue(
    of device: UnsafeMutablePointer<DeviceBody>, _ body: (UnsafeMutablePointer<QueueBody>) -> Void
  ) {
    let lock = device.object.lockAddress
    lock.pointee.lock()
    var next = device.pointee.head.firstChild
    if let next { FrameworkObject(next).reference() }
    lock.pointee.unlock()
    while let child = next {
      let object = FrameworkObject(child)
      if object.kind == .queue { body(object.body(as: QueueBody.self)) }
      lock.pointee.lock()
      next = child.pointee.nextSibling
      if let next { FrameworkObject(next).reference() }
      lock.pointee.unlock()
      object.release()
    }
  }
}
