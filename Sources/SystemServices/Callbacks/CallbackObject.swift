import CDriverKit
import CRing3
import Machine
import Memory
import Objects

/// The body of a callback object: the routines that are called when somebody notifies it.
struct CallbackBody {
  var lock = MachineLock()
  var allowsMultiple: Bool
  var first: UnsafeMutablePointer<CallbackRegistration>?
  var last: UnsafeMutablePointer<CallbackRegistration>?

  static var tag: UInt32 { 0x626C_6143 }  // Calb
}

/// One routine that is registered with a callback object; what ExRegisterCallback returns.
struct CallbackRegistration {
  let object: UnsafeMutableRawPointer
  let routine: UnsafeMutableRawPointer
  let context: UnsafeMutableRawPointer?
  /// Calls under way; while there are some the registration stays in its list.
  var callCount = 0
  var isUnregistered = false
  /// Set when the last call of an unregistered routine has returned.
  var idle = KEVENT()
  var previous: UnsafeMutablePointer<CallbackRegistration>?
  var next: UnsafeMutablePointer<CallbackRegistration>?
}

extension ObjectManager {
  /// The names that every system has: nothing here ever notifies them, for there is neither another
  /// power state, nor a new processor, nor another time.
  func makeSystemCallbacks() {
    for path: StaticString in [
      "\\Callback\\PowerState", "\\Callback\\ProcessorAdd", "\\Callback\\SetSystemTime",
    ] {
      guard let body = makeCallback(allowsMultiple: true) else { return }
      header(of: body).pointee.flags |= ObjectFlags.permanent
      withUTF16(path) { _ = insert(body, at: $0) }
    }
  }

  /// An object without routines and name, referenced once.
  func makeCallback(allowsMultiple: Bool) -> UnsafeMutableRawPointer? {
    guard let body = create(.callback, byteCount: MemoryLayout<CallbackBody>.size) else {
      return nil
    }
    body.initializeMemory(
      as: CallbackBody.self, to: CallbackBody(allowsMultiple: allowsMultiple))
    return body
  }
}

extension UnsafeMutablePointer<CallbackBody> {
  /// Appends a registration; false when the object allows one and has it.
  func append(_ registration: UnsafeMutablePointer<CallbackRegistration>) -> Bool {
    pointee.lock.lock()
    let fits = pointee.allowsMultiple || pointee.first == nil
    if fits {
      registration.pointee.previous = pointee.last
      pointee.last?.pointee.next = registration
      if pointee.first == nil { pointee.first = registration }
      pointee.last = registration
    }
    pointee.lock.unlock()
    return fits
  }

  /// The registration after `done` that is to be called, with the call counted; ends the call of `done`.
  func begin(after done: UnsafeMutablePointer<CallbackRegistration>?)
    -> UnsafeMutablePointer<CallbackRegistration>?
  {
    pointee.lock.lock()
    var next = done == nil ? pointee.first : done?.pointee.next
    while let candidate = next, candidate.pointee.isUnregistered { next = candidate.pointee.next }
    next?.pointee.callCount += 1
    var isIdle = false
    if let done {
      done.pointee.callCount -= 1
      isIdle = done.pointee.isUnregistered && done.pointee.callCount == 0
    }
    pointee.lock.unlock()
    if isIdle, let done { done.idleEvent.set() }
    return next
  }

  /// Takes a registration out for good, once its calls have returned.
  func remove(_ registration: UnsafeMutablePointer<CallbackRegistration>) {
    pointee.lock.lock()
    registration.pointee.isUnregistered = true
    let isBusy = registration.pointee.callCount > 0
    pointee.lock.unlock()
    if isBusy { registration.idleEvent.wait() }
    pointee.lock.lock()
    let (previous, next) = (registration.pointee.previous, registration.pointee.next)
    if let previous { previous.pointee.next = next } else { pointee.first = next }
    if let next { next.pointee.previous = previous } else { pointee.last = previous }
    pointee.lock.unlock()
  }
}

extension UnsafeMutablePointer<CallbackRegistration> {
  /// The event that the end of the last call sets.
  var idleEvent: Event {
    Event(
      (UnsafeMutableRawPointer(self) + MemoryLayout<CallbackRegistration>.offset(of: \.idle)!)
        .assumingMemoryBound(to: KEVENT.self))
  }
}
