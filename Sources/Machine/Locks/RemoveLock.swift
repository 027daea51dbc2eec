import CDriverKit
import CRing3

/// A remove lock: requests hold it, and the removal of the device waits for them.
package struct RemoveLock {
  package let pointer: UnsafeMutablePointer<IO_REMOVE_LOCK>

  package init(_ pointer: UnsafeMutablePointer<IO_REMOVE_LOCK>) { self.pointer = pointer }

  private var count: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(pointer) + MemoryLayout<IO_REMOVE_LOCK>.offset(of: \.Common.IoCount)!
  }

  private var event: Event {
    Event(
      (UnsafeMutableRawPointer(pointer)
        + MemoryLayout<IO_REMOVE_LOCK>.offset(of: \.Common.RemoveEvent)!)
        .assumingMemoryBound(to: KEVENT.self))
  }

  package func initialize() {
    pointer.pointee.Common.Removed = 0
    r3_store32(count, 1)
    event.initialize(.synchronization, isSet: false)
  }

  /// Takes the lock; false when the device is being removed.
  package func acquire() -> Bool {
    r3_add32(count, 1)
    if pointer.pointee.Common.Removed == 0 { return true }
    release()
    return false
  }

  /// Lets the lock go.
  ///
  /// One release too many is bug check DRIVER_VERIFIER_DETECTED_VIOLATION.
  package func release() {
    switch Int32(bitPattern: r3_add32(count, .max)) {
    case 1: event.set()
    case ..<1: Machine.current.bugCheck(0xC4, 0xD5, bits(pointer))
    default: break
    }
  }

  /// Marks the device as removed, lets the lock go and waits until all others have.
  package func releaseAndWait() {
    pointer.pointee.Common.Removed = 1
    release()
    if r3_add32(count, .max) != 1 { event.wait() }
  }
}

// The tracking block of a checked driver is left alone. A verified machine looks at tags, none at times.

@c(r3_IoInitializeRemoveLockEx)
func ioInitializeRemoveLockEx(
  _ lock: UnsafeMutablePointer<IO_REMOVE_LOCK>, _ tag: UInt32, _ minutes: UInt32,
  _ highWatermark: UInt32, _ size: UInt32
) {
  RemoveLock(lock).initialize()
}

@c(r3_IoAcquireRemoveLockEx)
func ioAcquireRemoveLockEx(
  _ lock: UnsafeMutablePointer<IO_REMOVE_LOCK>, _ tag: UnsafeMutableRawPointer?,
  _ file: UnsafePointer<CChar>?, _ line: UInt32, _ size: UInt32
) -> Int32 {
  RemoveLock(lock).acquire() ? 0 : Int32(bitPattern: 0xC000_0056)  // STATUS_DELETE_PENDING
}

@c(r3_IoReleaseRemoveLockEx)
func ioReleaseRemoveLockEx(
  _ lock: UnsafeMutablePointer<IO_REMOVE_LOCK>, _ tag: UnsafeMutableRawPointer?, _ size: UInt32
) {
  RemoveLock(lock).release()
}

@c(r3_IoReleaseRemoveLockAndWaitEx)
func ioReleaseRemoveLockAndWaitEx(
  _ lock: UnsafeMutablePointer<IO_REMOVE_LOCK>, _ tag: UnsafeMutableRawPointer?, _ size: UInt32
) {
  RemoveLock(lock).releaseAndWait()
}
