import CDriverKit
import CRing3
import Machine

/// What lets one callback of a device or queue run at a time.
///
/// At dispatch level it is a spin lock, and callbacks run at DISPATCH_LEVEL; at passive level a
/// mutex that waits. The owner may take it again.
struct CallbackLock {
  private var spinLock: UInt64 = 0
  private var event = KEVENT()
  private var owner: UnsafeMutablePointer<R3Thread>?
  private var depth = 0
  private(set) var isPassive = false
  private var level: UInt8 = 0

  mutating func initialize(isPassive: Bool) {
    self.isPassive = isPassive
    Event(eventAddress).initialize(.synchronization, isSet: true)
  }

  mutating func acquire() {
    let me = CurrentThread.pointer
    if owner == me {
      depth += 1
      return
    }
    if isPassive {
      Event(eventAddress).wait()
    } else {
      let old = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
      SpinLock(spinLockAddress).acquire()
      level = old
    }
    owner = me
    depth = 1
  }

  mutating func release() {
    depth -= 1
    if depth > 0 { return }
    owner = nil
    if isPassive {
      Event(eventAddress).set()
    } else {
      let old = level
      SpinLock(spinLockAddress).release()
      IRQL.lower(to: old)
    }
  }

  /// Whether the running thread has the lock.
  var isMine: Bool { owner == CurrentThread.pointer }

  // The lock lies in an object, which does not move.
  private var spinLockAddress: UnsafeMutablePointer<UInt64> {
    mutating get { withUnsafeMutablePointer(to: &spinLock) { $0 } }
  }

  private var eventAddress: UnsafeMutablePointer<KEVENT> {
    mutating get { withUnsafeMutablePointer(to: &event) { $0 } }
  }
}
