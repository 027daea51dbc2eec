import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// A WDFQUEUE: where requests wait, and how they are presented to the driver.
package struct QueueBody {
  var head: ObjectHead
  let device: UnsafeMutablePointer<DeviceBody>
  let config: WDF_IO_QUEUE_CONFIG
  /// Most requests that the driver has at once.
  let limit: UInt32
  let isPowerManaged: Bool
  var state: QueueState = [.accepts, .dispatches]
  /// Guards the lists, counts and `state`.
  var lock = MachineLock()
  /// Requests that wait, oldest first.
  var first: UnsafeMutablePointer<RequestBody>?
  var last: UnsafeMutablePointer<RequestBody>?
  var waitingCount: UInt32 = 0
  /// Requests that the driver has.
  var firstPresented: UnsafeMutablePointer<RequestBody>?
  var presentedCount: UInt32 = 0
  /// Threads that are presenting requests of this queue now.
  var presenters = InlineArray<8, UnsafeMutablePointer<R3Thread>?>(repeating: nil)
  /// Serializes callbacks, when the synchronization scope is the queue.
  var callbackLock = CallbackLock()
  /// EvtIoQueueState callbacks of WdfIoQueueReadyNotify.
  var readyRoutine: UnsafeMutableRawPointer?
  var readyContext: UnsafeMutableRawPointer?
}

struct QueueState: OptionSet {
  let rawValue: UInt32
  /// New requests are taken: else they are completed with STATUS_INVALID_DEVICE_STATE.
  static let accepts = QueueState(rawValue: 1)
  /// Requests are presented.
  static let dispatches = QueueState(rawValue: 2)
  /// Held back because the device is not in its working state.
  static let held = QueueState(rawValue: 4)
}

extension UnsafeMutablePointer where Pointee == QueueBody {
  var object: FrameworkObject { FrameworkObject(self) }
  var handle: UInt64 { pointee.head.handle }

  @inline(__always)
  func withLock<R>(_ body: () -> R) -> R {
    lock.pointee.lock()
    let result = body()
    lock.pointee.unlock()
    return result
  }

  var lock: UnsafeMutablePointer<MachineLock> {
    field(MemoryLayout<QueueBody>.offset(of: \.lock))
  }

  /// The lock that the synchronization scope names; nil for none.
  var callbackLock: UnsafeMutablePointer<CallbackLock>? {
    switch pointee.head.synchronizationScope {
    case .device: pointee.device.lockAddress()
    case .queue: field(MemoryLayout<QueueBody>.offset(of: \.callbackLock))
    case .inherit, .none: nil
    }
  }

  private func field<T>(_ offset: Int?) -> UnsafeMutablePointer<T> {
    (UnsafeMutableRawPointer(self) + offset.unsafelyUnwrapped).assumingMemoryBound(to: T.self)
  }

  /// Puts a request at the end of those that wait; under the lock.
  func append(_ request: UnsafeMutablePointer<RequestBody>) {
    request.pointee.next = nil
    request.pointee.previous = pointee.last
    if let last = pointee.last { last.pointee.next = request } else { pointee.first = request }
    pointee.last = request
    pointee.waitingCount += 1
    request.pointee.state.insert(.queued)
  }

  /// Puts a request before those that wait; under the lock.
  func prepend(_ request: UnsafeMutablePointer<RequestBody>) {
    request.pointee.previous = nil
    request.pointee.next = pointee.first
    if let first = pointee.first {
      first.pointee.previous = request
    } else {
      pointee.last = request
    }
    pointee.first = request
    pointee.waitingCount += 1
    request.pointee.state.insert(.queued)
  }

  /// Takes a request out of those that wait; under the lock.
  func remove(_ request: UnsafeMutablePointer<RequestBody>) {
    let next = request.pointee.next
    let previous = request.pointee.previous
    if let previous { previous.pointee.next = next } else { pointee.first = next }
    if let next { next.pointee.previous = previous } else { pointee.last = previous }
    request.pointee.next = nil
    request.pointee.previous = nil
    pointee.waitingCount -= 1
    request.pointee.state.remove(.queued)
  }

  /// Notes that the driver has a request; under the lock.
  func addPresented(_ request: UnsafeMutablePointer<RequestBody>) {
    request.pointee.previous = nil
    request.pointee.next = pointee.firstPresented
    pointee.firstPresented?.pointee.previous = request
    pointee.firstPresented = request
    pointee.presentedCount += 1
  }

  /// Notes that the driver no longer has a request; under the lock.
  func removePresented(_ request: UnsafeMutablePointer<RequestBody>) {
    let next = request.pointee.next
    let previous = request.pointee.previous
    if let previous {
      previous.pointee.next = next
    } else {
      pointee.firstPresented = next
    }
    next?.pointee.previous = previous
    request.pointee.next = nil
    request.pointee.previous = nil
    pointee.presentedCount -= 1
  }
}

extension Framework {
  static let queueClass = ObjectClass(isPassive: true)

  func queue(_ handle: UInt64) -> UnsafeMutablePointer<QueueBody> {
    body(handle, .queue, as: QueueBody.self)
  }
}
