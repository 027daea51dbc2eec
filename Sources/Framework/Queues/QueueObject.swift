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
  /// Whether the driver fetches the requests itself.
  let isManual: Bool
  let isPowerManaged: Bool
  var state: QueueState = [.accepts, .dispatches]
  var power = QueuePower.on
  /// Guards the lists, counts, notices, `state` and `power`.
  var lock = MachineLock()
  /// Requests that wait, oldest first.
  var first: UnsafeMutablePointer<RequestBody>?
  var last: UnsafeMutablePointer<RequestBody>?
  var waitingCount: UInt32 = 0
  /// Requests that the driver has.
  var firstPresented: UnsafeMutablePointer<RequestBody>?
  var presentedCount: UInt32 = 0
  /// Threads that call callbacks of the queue now.
  var activeCount: UInt32 = 0
  /// Serializes callbacks, when the synchronization scope is the queue.
  var callbackLock = CallbackLock()
  /// Who wants to know when the driver has no request any more, when all are gone, and when the first
  /// one comes.
  var stopped = QueueNotice()
  var purged = QueueNotice()
  var ready = QueueNotice()
  /// Cancelled requests whose driver is told by a worker thread; linked by `nextCancelled`.
  var firstCancelled: UnsafeMutablePointer<RequestBody>?
  /// The threads that hold the queue for power, and that delete it, while they wait.
  var powerWatcher: UnsafeMutablePointer<KEVENT>?
  var endWatcher: UnsafeMutablePointer<KEVENT>?
  /// Requests that are kept for when there is no memory; nil for none.
  var reserve: UnsafeMutablePointer<RequestReserve>?
  /// Whether the queue keeps its device in D0: it has requests, and the device goes down when idle.
  var isPowerReferenced = false
  /// Neighbour in the device's list of all its queues, and whether it is in; under the device's lock.
  var next: UnsafeMutablePointer<QueueBody>?
  var isListed = false
}

struct QueueState: OptionSet {
  let rawValue: UInt32
  /// New requests are taken: else they are completed with STATUS_INVALID_DEVICE_STATE.
  static let accepts = QueueState(rawValue: 1 << 0)
  /// Requests are presented.
  static let dispatches = QueueState(rawValue: 1 << 1)
  /// The device is being removed: WdfIoQueueStart does not make the queue accept requests.
  static let shutDown = QueueState(rawValue: 1 << 2)
  /// The driver's requests are being cancelled: one that is marked as cancelable now is cancelled.
  static let cancels = QueueState(rawValue: 1 << 3)
  /// A worker thread is going to present requests.
  static let isDeferred = QueueState(rawValue: 1 << 4)
  /// The first request came, and the driver has not been told.
  static let becameReady = QueueState(rawValue: 1 << 5)
  /// There is a notice; set together with `stopped`, `purged` or `ready`.
  static let hasNotice = QueueState(rawValue: 1 << 6)
  /// The device goes to a low state when its queues have nothing.
  static let watchesIdle = QueueState(rawValue: 1 << 7)
  /// The driver was told that there is nothing, as all that waited was being cancelled: the next request
  /// counts as the first.
  static let tellsOfNext = QueueState(rawValue: 1 << 8)
}

/// Whether the device lets a power-managed queue present requests.
enum QueuePower: UInt8 {
  case on
  /// The driver is being told to stop its requests.
  case leaving
  case off
}

/// Who is to be told of a state of a queue, once: a callback of the driver, or a thread that waits.
struct QueueNotice {
  var routine: UnsafeMutableRawPointer?
  var context: UInt64 = 0
  var event: UnsafeMutablePointer<KEVENT>?

  var isSet: Bool { routine != nil || event != nil }
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

  /// Whether the driver may get another request; under the lock.
  @inline(__always)
  var canPresent: Bool {
    pointee.state.contains(.dispatches) && pointee.power == .on
      && pointee.presentedCount < pointee.limit
  }
}

extension Framework {
  static let queueClass = ObjectClass(
    dispose: { address in
      let queue = address.assumingMemoryBound(to: QueueBody.self)
      Framework.current.close(queue)
      Framework.current.endReserve(of: queue)
    }, isPassive: true)

  func queue(_ handle: UInt64) -> UnsafeMutablePointer<QueueBody> {
    body(handle, .queue, as: QueueBody.self)
  }
}
