import CDriverKit
import CRing3

/// A counting semaphore, with the layout of KSEMAPHORE.
package struct Semaphore {
  package let pointer: UnsafeMutablePointer<KSEMAPHORE>

  @inlinable package init(_ pointer: UnsafeMutablePointer<KSEMAPHORE>) { self.pointer = pointer }

  private var object: DispatcherObject { DispatcherObject(pointer) }

  /// The routine `KeInitializeSemaphore`.
  package func initialize(count: Int32, limit: Int32) {
    object.initialize(
      type: DispatcherKind.semaphore, size: MemoryLayout<KSEMAPHORE>.size, signalState: count)
    pointer.pointee.Limit = limit
  }

  /// Adds to the count: `KeReleaseSemaphore`.
  ///
  /// - Returns: the count before, or nil when it would exceed the limit.
  package func release(_ adjustment: Int32) -> Int32? {
    let machine = Machine.current
    machine.lockDispatcher()
    let before = object.signalState
    let (after, overflow) = before.addingReportingOverflow(adjustment)
    let fits = !overflow && after <= pointer.pointee.Limit && after >= before
    if fits {
      object.signalState = after
      if before == 0 { object.satisfyWaiters() }
    }
    machine.unlockDispatcher()
    return fits ? before : nil
  }
}

@c(r3_KeInitializeSemaphore)
package func keInitializeSemaphore(
  _ semaphore: UnsafeMutablePointer<KSEMAPHORE>, _ count: Int32, _ limit: Int32
) {
  Semaphore(semaphore).initialize(count: count, limit: limit)
}

@c(r3_KeReleaseSemaphore)
func keReleaseSemaphore(
  _ semaphore: UnsafeMutablePointer<KSEMAPHORE>, _ increment: Int32, _ adjustment: Int32,
  _ wait: UInt32
) -> Int32 {
  guard let before = Semaphore(semaphore).release(adjustment) else {
    Machine.current.raise(status: 0xC000_0047)  // STATUS_SEMAPHORE_LIMIT_EXCEEDED
  }
  return before
}

@c(r3_KeReadStateSemaphore)
func keReadStateSemaphore(_ semaphore: UnsafeMutablePointer<KSEMAPHORE>) -> Int32 {
  semaphore.pointee.Header.SignalState
}
