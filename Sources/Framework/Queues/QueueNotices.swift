import CDriverKit
import CRing3
import Machine

// What is told when a queue reaches a state. All of it happens under the queue's lock, which is let go
// round a driver's callback.
extension Framework {
  /// Tells of one state that was waited for and has come; false when there is none.
  ///
  /// The caller is one of the queue's active threads.
  func serveNotice(of queue: UnsafeMutablePointer<QueueBody>) -> Bool {
    guard queue.pointee.state.contains(.hasNotice) else { return false }
    if queue.pointee.ready.isSet, queue.pointee.state.contains(.becameReady), queue.canPresent {
      queue.pointee.state.remove(.becameReady)
      give(queue.pointee.ready, of: queue)
      return true
    }
    // Not while another thread is in a callback.
    guard queue.pointee.presentedCount == 0, queue.pointee.activeCount == 1 else { return false }
    if queue.pointee.stopped.isSet {
      let notice = queue.pointee.stopped
      queue.pointee.stopped = QueueNotice()
      finish(notice, of: queue)
      return true
    }
    if queue.pointee.purged.isSet, queue.pointee.waitingCount == 0 {
      let notice = queue.pointee.purged
      queue.pointee.purged = QueueNotice()
      finish(notice, of: queue)
      return true
    }
    return false
  }

  private func finish(_ notice: QueueNotice, of queue: UnsafeMutablePointer<QueueBody>) {
    queue.pointee.state.remove(.cancels)
    queue.updateNotice()
    give(notice, of: queue)
  }

  private func give(_ notice: QueueNotice, of queue: UnsafeMutablePointer<QueueBody>) {
    // The waiting thread takes the lock before it goes on, so its event is still there.
    if let event = notice.event {
      Event(event).set()
      return
    }
    guard let routine = notice.routine else { return }
    queue.lock.pointee.unlock()
    let lock = queue.callbackLock
    lock?.pointee.acquire()
    _ = r3_call2(routine, queue.handle, notice.context)
    lock?.pointee.release()
    queue.lock.pointee.lock()
  }
}

extension UnsafeMutablePointer where Pointee == QueueBody {
  /// Brings the mark that there is a notice up to date; under the lock.
  func updateNotice() {
    if pointee.stopped.isSet || pointee.purged.isSet || pointee.ready.isSet {
      pointee.state.insert(.hasNotice)
    } else {
      pointee.state.remove(.hasNotice)
    }
  }
}
