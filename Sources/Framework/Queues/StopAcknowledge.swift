import CDriverKit
import CRing3
import Machine

/// How far the driver has stopped a request of a queue that is held.
enum StopState: UInt8 {
  case running
  /// It was told, and has to acknowledge.
  case told
  case acknowledged
}

/// The driver has stopped a request, and keeps it or gives it back.
@c(r3_WdfRequestStopAcknowledge)
package func wdfRequestStopAcknowledge(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ requeues: UInt32
) {
  let framework = Framework.current
  framework.acknowledge(framework.request(handle), requeues: requeues & 0xFF != 0)
}

extension Framework {
  fileprivate func acknowledge(_ request: UnsafeMutablePointer<RequestBody>, requeues: Bool) {
    guard let queue = request.pointee.queue else { return }
    queue.lock.pointee.lock()
    guard request.pointee.stop == .told else {
      queue.lock.pointee.unlock()
      if verifies { misuse(of: request, rule: "StopAckWithinEvtIoStop") }
      return note("WdfRequestStopAcknowledge: the request is not being stopped")
    }
    guard requeues else {
      request.pointee.stop = .acknowledged
      return process(queue)
    }
    // One that may still be cancelled cannot be given back.
    guard !request.isCancelable else {
      queue.lock.pointee.unlock()
      return note("WdfRequestStopAcknowledge: the request is cancelable")
    }
    request.pointee.stop = .running
    putBack(request, into: queue)
  }
}
