import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

/// A WDFIOTARGET: where a driver sends requests.
package struct TargetBody {
  var head: ObjectHead
  let role: TargetRole
  let device: UnsafeMutablePointer<DeviceBody>
  /// The device that requests are sent to; nil while the target is closed.
  var wdmDevice: DevicePointer?
  /// The physical device of the target's stack; a remote target holds a reference.
  var physicalDevice: DevicePointer?
  /// The open file of a remote target, referenced, and its handle when the framework opened it.
  var file: FilePointer?
  var fileHandle: HandleValue = 0
  /// Stack locations that a request to the target needs; 0 while it is closed.
  var stackCount = 0
  var state: TargetState
  /// Guards the lists, counts and states here, and the flags of requests that are here.
  var lock = MachineLock()
  /// Requests that the lower drivers have, newest first.
  var firstSent: UnsafeMutablePointer<RequestBody>?
  /// Of those, the ones that the state counts for, and the ones that were sent whatever the state.
  var sentCount: UInt32 = 0
  var ignoringCount: UInt32 = 0
  /// Requests that wait for the target to be started, oldest first.
  var firstPended: UnsafeMutablePointer<RequestBody>?
  var lastPended: UnsafeMutablePointer<RequestBody>?
  /// Requests whose completion routine has not come back.
  var busyCount: UInt32 = 0
  /// Who waits until the lower drivers have nothing left, and for what.
  var wait = TargetWait.none
  var drained = KEVENT()
  /// The last completion routine has come back; waited for at the end of the target.
  var idle = KEVENT()
  var isEnding = false
  /// The queue that requests to the device itself go to; nil: by their type.
  var queue: UnsafeMutablePointer<QueueBody>?
  /// What a remote target was opened with.
  var opening = TargetOpening()
}

/// Which way a target leads.
enum TargetRole: UInt8 {
  /// To the next lower driver.
  case local
  /// To a device that the driver opens.
  case remote
  /// Back to the queues of the driver's own device.
  case own
}

/// `WDF_IO_TARGET_STATE`.
enum TargetState: UInt32 {
  case undefined, started, stopped, closedForQueryRemove, closed, deleted, purged

  /// Whether the target leads nowhere any more.
  var isClosed: Bool { self == .closedForQueryRemove || self == .closed || self == .deleted }
}

/// What a thread that stops, purges or closes a target waits for.
enum TargetWait: UInt8 {
  case none
  /// No request that the state counts for is left.
  case sent
  /// No request at all is left.
  case all
}

extension UnsafeMutablePointer where Pointee == TargetBody {
  var object: FrameworkObject { FrameworkObject(self) }
  var handle: UInt64 { pointee.head.handle }

  @inline(__always)
  func withLock<R>(_ body: () -> R) -> R {
    let lock = field(\.lock)
    lock.pointee.lock()
    let result = body()
    lock.pointee.unlock()
    return result
  }

  func field<T>(_ path: WritableKeyPath<TargetBody, T>) -> UnsafeMutablePointer<T> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<TargetBody>.offset(of: path).unsafelyUnwrapped)
      .assumingMemoryBound(to: T.self)
  }

  var drained: Event { Event(field(\.drained)) }
  var idle: Event { Event(field(\.idle)) }
}

extension Framework {
  /// A target goes only when nothing is under way on it.
  static let targetClass = ObjectClass(
    dispose: { address in
      Framework.current.end(address.assumingMemoryBound(to: TargetBody.self))
    },
    destroy: { address in
      let target = address.assumingMemoryBound(to: TargetBody.self)
      target.pointee.opening.free()
      let device = target.pointee.device
      if device.pointee.target == target.object.head { device.pointee.target = nil }
      if device.pointee.selfTarget == target.object.head { device.pointee.selfTarget = nil }
    }, isPassive: true)

  func target(_ handle: UInt64) -> UnsafeMutablePointer<TargetBody> {
    let object = object(handle)
    switch object.kind {
    // A USB device and a pipe begin with a target.
    case .ioTarget, .usbDevice, .usbPipe: return object.body(as: TargetBody.self)
    default: refuseHandle(handle, .ioTarget)
    }
  }

  /// A target that has to be one that the driver opens; another kind is bug check 0x10D.
  func remoteTarget(_ handle: UInt64) -> UnsafeMutablePointer<TargetBody> {
    let target = target(handle)
    guard target.pointee.role == .remote else { refuseHandle(handle, .ioTarget) }
    return target
  }
}
