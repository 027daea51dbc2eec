import CDriverKit
import CRing3
import Machine

// Starting, stopping, purging and draining.
extension Framework {
  fileprivate func start(_ queue: UnsafeMutablePointer<QueueBody>) {
    queue.lock.pointee.lock()
    queue.pointee.state.insert(.dispatches)
    queue.pointee.state.remove(.cancels)
    if !queue.pointee.state.contains(.shutDown) { queue.pointee.state.insert(.accepts) }
    if queue.pointee.first != nil { queue.noteReady() }
    process(queue)
  }

  /// Stops presenting; with `cancels` what the queue and the driver have now is cancelled.
  func stop(_ queue: UnsafeMutablePointer<QueueBody>, cancels: Bool, _ notice: QueueNotice) {
    queue.lock.pointee.lock()
    if notice.isSet {
      if queue.pointee.stopped.isSet { refuseNotice(queue) }
      queue.pointee.stopped = notice
      queue.updateNotice()
    }
    queue.pointee.state.remove(.dispatches)
    if !queue.pointee.state.contains(.shutDown) { queue.pointee.state.insert(.accepts) }
    if cancels {
      queue.pointee.state.insert(.cancels)
      // Requests that come meanwhile stay.
      cancelAll(of: queue, limit: queue.pointee.waitingCount)
    }
    process(queue)
  }

  /// Takes nothing any more; with `cancels` what the queue and the driver have is cancelled.
  func purge(_ queue: UnsafeMutablePointer<QueueBody>, cancels: Bool, _ notice: QueueNotice) {
    queue.lock.pointee.lock()
    if notice.isSet {
      if queue.pointee.purged.isSet { refuseNotice(queue) }
      queue.pointee.purged = notice
      queue.updateNotice()
    }
    queue.pointee.state.remove(.accepts)
    if cancels {
      // Drivers before KMDF 1.11 do not expect it of requests that they mark later.
      if queue.pointee.head.globals.pointee.minorVersion >= 11 {
        queue.pointee.state.insert(.cancels)
      }
      cancelAll(of: queue, limit: .max)
    }
    process(queue)
  }

  private func cancelAll(of queue: UnsafeMutablePointer<QueueBody>, limit: UInt32) {
    queue.pointee.activeCount += 1
    // Without a limit the queue is purged, and takes no IRP any more.
    if limit == .max { cancelReserved(of: queue) }
    cancelWaiting(of: queue, limit: limit)
    cancelMarked(of: queue)
    queue.pointee.activeCount -= 1
  }

  /// One callback at a time: another one is the driver's error.
  private func refuseNotice(_ queue: UnsafeMutablePointer<QueueBody>) -> Never {
    violation(
      .queueFatal, queue.handle, 0, UInt64(UInt32(bitPattern: FrameworkStatus.invalidDeviceRequest))
    )
  }

  /// Waits until what `begin` starts has come to its end; at PASSIVE_LEVEL.
  fileprivate func waiting(
    _ queue: UnsafeMutablePointer<QueueBody>, _ begin: (QueueNotice) -> Void
  ) {
    guard isLevel(atMost: IRQL.passive) else { return }
    var event = KEVENT()
    withUnsafeMutablePointer(to: &event) { event in
      Event(event).initialize(.notification, isSet: false)
      begin(QueueNotice(event: event))
      Event(event).wait()
    }
    // Whoever set the event has let the queue go by then.
    queue.lock.pointee.lock()
    queue.lock.pointee.unlock()
  }

  fileprivate func notice(_ routine: UnsafeMutableRawPointer?, _ context: UInt64) -> QueueNotice {
    QueueNotice(routine: routine, context: context)
  }
}

@c(r3_WdfIoQueueStart)
package func wdfIoQueueStart(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  framework.start(framework.queue(handle))
}

@c(r3_WdfIoQueueStop)
package func wdfIoQueueStop(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ routine: UnsafeMutableRawPointer?,
  _ context: UInt64
) {
  let framework = Framework.current
  framework.stop(framework.queue(handle), cancels: false, framework.notice(routine, context))
}

@c(r3_WdfIoQueueStopSynchronously)
package func wdfIoQueueStopSynchronously(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let queue = framework.queue(handle)
  framework.waiting(queue) { framework.stop(queue, cancels: false, $0) }
}

@c(r3_WdfIoQueueStopAndPurge)
package func wdfIoQueueStopAndPurge(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ routine: UnsafeMutableRawPointer?,
  _ context: UInt64
) {
  let framework = Framework.current
  framework.stop(framework.queue(handle), cancels: true, framework.notice(routine, context))
}

@c(r3_WdfIoQueueStopAndPurgeSynchronously)
package func wdfIoQueueStopAndPurgeSynchronously(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) {
  let framework = Framework.current
  let queue = framework.queue(handle)
  framework.waiting(queue) { framework.stop(queue, cancels: true, $0) }
}

@c(r3_WdfIoQueuePurge)
package func wdfIoQueuePurge(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ routine: UnsafeMutableRawPointer?,
  _ context: UInt64
) {
  let framework = Framework.current
  framework.purge(framework.queue(handle), cancels: true, framework.notice(routine, context))
}

@c(r3_WdfIoQueuePurgeSynchronously)
package func wdfIoQueuePurgeSynchronously(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let queue = framework.queue(handle)
  framework.waiting(queue) { framework.purge(queue, cancels: true, $0) }
}

@c(r3_WdfIoQueueDrain)
package func wdfIoQueueDrain(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ routine: UnsafeMutableRawPointer?,
  _ context: UInt64
) {
  let framework = Framework.current
  framework.purge(framework.queue(handle), cancels: false, framework.notice(routine, context))
}

@c(r3_WdfIoQueueDrainSynchronously)
package func wdfIoQueueDrainSynchronously(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let queue = framework.queue(handle)
  framework.waiting(queue) { framework.purge(queue, cancels: false, $0) }
}
