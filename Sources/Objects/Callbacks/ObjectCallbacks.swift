import CDriverKit
import CRing3
import Machine
import Memory

/// Routines of drivers that see, and may curb, the handles that are opened to processes and threads.
struct ObjectCallbacks {
  /// Most registrations of a machine.
  static let capacity = 32

  var lock = MachineLock()
  /// By falling altitude.
  var first: UnsafeMutablePointer<ObjectCallbackRegistration>?
  var count = 0
}

/// One registration of a driver, in pool; its operations lie behind it.
struct ObjectCallbackRegistration {
  var next: UnsafeMutablePointer<ObjectCallbackRegistration>?
  let altitude: Altitude
  let context: UnsafeMutableRawPointer?
  let operationCount: Int
  /// Handles being opened whose callbacks are under way.
  var callCount = 0
  var isUnregistered = false
  /// Set when the last call of an unregistered driver has returned.
  var idle = KEVENT()

  static var tag: UInt32 { 0x6243_624F }  // ObCb

  /// What a driver wants to see of one type of object.
  struct Operation {
    let type: UnsafeMutableRawPointer
    let kinds: UInt32
    let before: UnsafeMutableRawPointer?
    let after: UnsafeMutableRawPointer?
  }
}

extension UnsafeMutablePointer<ObjectCallbackRegistration> {
  var operations: UnsafeMutablePointer<ObjectCallbackRegistration.Operation> {
    UnsafeMutableRawPointer(self + 1)
      .assumingMemoryBound(to: ObjectCallbackRegistration.Operation.self)
  }

  var idleEvent: Event {
    Event(
      (UnsafeMutableRawPointer(self)
        + MemoryLayout<ObjectCallbackRegistration>.offset(of: \.idle)!)
        .assumingMemoryBound(to: KEVENT.self))
  }
}

extension ObjectManager {
  private var callbacks: UnsafeMutablePointer<ObjectCallbacks> {
    (UnsafeMutableRawPointer(state) + MemoryLayout<ObjectManagerState>.offset(of: \.callbacks)!)
      .assumingMemoryBound(to: ObjectCallbacks.self)
  }

  var hasCallbacks: Bool { callbacks.pointee.first != nil }

  /// Enters a registration at its altitude; the status says why not.
  func insert(_ registration: UnsafeMutablePointer<ObjectCallbackRegistration>) -> UInt32 {
    let list = callbacks
    list.pointee.lock.lock()
    defer { list.pointee.lock.unlock() }
    guard list.pointee.count < ObjectCallbacks.capacity else {
      return NameStatus.insufficientResources
    }
    var previous: UnsafeMutablePointer<ObjectCallbackRegistration>?
    var next = list.pointee.first
    while let other = next, other.pointee.altitude > registration.pointee.altitude {
      previous = other
      next = other.pointee.next
    }
    if let next, next.pointee.altitude == registration.pointee.altitude {
      return 0xC01C_0011  // STATUS_FLT_INSTANCE_ALTITUDE_COLLISION
    }
    registration.pointee.next = next
    if let previous {
      previous.pointee.next = registration
    } else {
      list.pointee.first = registration
    }
    list.pointee.count += 1
    return NameStatus.success
  }

  /// Takes a registration out, and waits for calls under way.
  func remove(_ registration: UnsafeMutablePointer<ObjectCallbackRegistration>) {
    let list = callbacks
    list.pointee.lock.lock()
    if list.pointee.first == registration {
      list.pointee.first = registration.pointee.next
    } else {
      var previous = list.pointee.first
      while let other = previous, other.pointee.next != registration {
        previous = other.pointee.next
      }
      previous?.pointee.next = registration.pointee.next
    }
    list.pointee.count -= 1
    registration.pointee.isUnregistered = true
    let isBusy = registration.pointee.callCount > 0
    list.pointee.lock.unlock()
    if isBusy { registration.idleEvent.wait() }
  }

  /// The callbacks for one handle, counted as under way; the caller finishes them.
  func beginCallbacks(
    _ type: UnsafeMutableRawPointer?, _ kind: UInt32, _ calls: inout HandleCallbacks
  ) {
    let list = callbacks
    list.pointee.lock.lock()
    var next = list.pointee.first
    while let registration = next {
      let operations = registration.operations
      for index in 0..<registration.pointee.operationCount
      where operations[index].type == type && operations[index].kinds & kind != 0 {
        registration.pointee.callCount += 1
        calls.append(registration, operations + index)
        break
      }
      next = registration.pointee.next
    }
    list.pointee.lock.unlock()
  }

  func finishCallback(_ registration: UnsafeMutablePointer<ObjectCallbackRegistration>) {
    let list = callbacks
    list.pointee.lock.lock()
    registration.pointee.callCount -= 1
    let isIdle = registration.pointee.isUnregistered && registration.pointee.callCount == 0
    list.pointee.lock.unlock()
    if isIdle { registration.idleEvent.set() }
  }
}
