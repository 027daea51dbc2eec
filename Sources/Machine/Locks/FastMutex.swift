import CDriverKit
import CRing3

/// A fast mutex or a guarded mutex: `Count` is 1 when free, and one less for each who waits or has it.
package struct FastMutex {
  package let pointer: UnsafeMutablePointer<FAST_MUTEX>

  @inlinable package init(_ pointer: UnsafeMutablePointer<FAST_MUTEX>) { self.pointer = pointer }

  private var event: Event {
    Event(
      (UnsafeMutableRawPointer(pointer) + MemoryLayout<FAST_MUTEX>.offset(of: \.Event)!)
        .assumingMemoryBound(to: KEVENT.self))
  }

  package func initialize() {
    pointer.pointee = FAST_MUTEX()
    pointer.pointee.Count = 1
    event.initialize(.synchronization, isSet: false)
  }

  /// Takes the mutex and leaves level and regions alone: `ExAcquireFastMutexUnsafe`.
  ///
  /// A mutex that the thread has already is bug check MUTEX_ALREADY_OWNED.
  package func acquire() {
    let me = UnsafeMutableRawPointer(CurrentThread.thread.pointer)
    if r3_add32(pointer, .max) != 1 {
      if pointer.pointee.Owner == me { Machine.current.bugCheck(0xBF, bits(pointer), bits(me)) }
      r3_add32(contention, 1)
      event.wait()
    }
    pointer.pointee.Owner = me
  }

  package func tryAcquire() -> Bool {
    guard r3_cas32(pointer, 1, 0) else { return false }
    pointer.pointee.Owner = UnsafeMutableRawPointer(CurrentThread.thread.pointer)
    return true
  }

  /// Lets the mutex go.
  ///
  /// One that another thread has is bug check THREAD_NOT_MUTEX_OWNER.
  package func release() {
    let me = UnsafeMutableRawPointer(CurrentThread.thread.pointer)
    if pointer.pointee.Owner != me {
      Machine.current.bugCheck(0x11, bits(me), bits(pointer))
    }
    pointer.pointee.Owner = nil
    if Int32(bitPattern: r3_add32(pointer, 1)) < 0 { event.set() }
  }

  private var contention: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(pointer) + MemoryLayout<FAST_MUTEX>.offset(of: \.Contention)!
  }
}

@c(r3_ExAcquireFastMutex)
func exAcquireFastMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  let old = IRQL.raise(to: IRQL.apc)
  FastMutex(mutex).acquire()
  mutex.pointee.OldIrql = UInt32(old)
}

@c(r3_ExTryToAcquireFastMutex)
func exTryToAcquireFastMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) -> UInt8 {
  let old = IRQL.raise(to: IRQL.apc)
  guard FastMutex(mutex).tryAcquire() else {
    IRQL.lower(to: old)
    return 0
  }
  mutex.pointee.OldIrql = UInt32(old)
  return 1
}

@c(r3_ExReleaseFastMutex)
func exReleaseFastMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  let old = UInt8(truncatingIfNeeded: mutex.pointee.OldIrql)
  FastMutex(mutex).release()
  IRQL.lower(to: old)
}

@c(r3_ExAcquireFastMutexUnsafe)
func exAcquireFastMutexUnsafe(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  FastMutex(mutex).acquire()
}

@c(r3_ExReleaseFastMutexUnsafe)
func exReleaseFastMutexUnsafe(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  FastMutex(mutex).release()
}

@c(r3_KeInitializeGuardedMutex)
func keInitializeGuardedMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  FastMutex(mutex).initialize()
}

@c(r3_KeAcquireGuardedMutex)
func keAcquireGuardedMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  CurrentThread.enterGuardedRegion()
  FastMutex(mutex).acquire()
}

@c(r3_KeTryToAcquireGuardedMutex)
func keTryToAcquireGuardedMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) -> UInt8 {
  CurrentThread.enterGuardedRegion()
  if FastMutex(mutex).tryAcquire() { return 1 }
  CurrentThread.leaveGuardedRegion()
  return 0
}

@c(r3_KeReleaseGuardedMutex)
func keReleaseGuardedMutex(_ mutex: UnsafeMutablePointer<FAST_MUTEX>) {
  FastMutex(mutex).release()
  CurrentThread.leaveGuardedRegion()
}
