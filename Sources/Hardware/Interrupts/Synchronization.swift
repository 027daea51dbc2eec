import CRing3
import Machine

// Code that must not run beside a service routine.
extension Hardware {
  /// Runs `body` at the level of an interrupt and under its lock; pending interrupts follow.
  ///
  /// From below that level. `interrupt` is what ``connect(_:_:context:_:)`` gave.
  package func synchronize<R>(_ interrupt: UnsafeMutableRawPointer, _ body: () -> R) -> R {
    let old = acquire(interrupt)
    let result = body()
    release(interrupt, old)
    return result
  }

  /// Raises to the level of an interrupt and takes its lock; gives the old level.
  package func acquire(_ interrupt: UnsafeMutableRawPointer) -> UInt8 {
    let object = object(interrupt, name("KeAcquireInterruptSpinLock"))
    let old = IRQL.raise(to: object.pointee.synchronizeIrql)
    SpinLock(object.pointee.lock).acquire()
    return old
  }

  /// Lets the lock of an interrupt go and lowers.
  package func release(_ interrupt: UnsafeMutableRawPointer, _ old: UInt8) {
    let object = object(interrupt, name("KeReleaseInterruptSpinLock"))
    let line = object.pointee.line
    SpinLock(object.pointee.lock).release()
    lower(to: old, after: line)
  }

  /// What came for the line meanwhile interrupts as soon as the level is below its own, before DPCs.
  private func lower(to old: UInt8, after line: UnsafeMutablePointer<InterruptLine>) {
    let between = max(old, min(IRQL.dispatch, CurrentThread.irql))
    IRQL.lower(to: between)
    deliver(line)
    // Another processor may have been faster, and waited for the lock.
    while old <= IRQL.dispatch, line.isPending || r3_load32(line.busy) != 0 {
      CurrentThread.lookWhileSpinning()
      r3_pause()
      deliver(line)
    }
    IRQL.lower(to: old)
  }
}

@c(r3_KeSynchronizeExecution)
func keSynchronizeExecution(
  _ interrupt: UnsafeMutableRawPointer, _ routine: UnsafeMutableRawPointer,
  _ context: UnsafeMutableRawPointer?
) -> UInt8 {
  Machine.current.hardware.synchronize(interrupt) {
    UInt8(truncatingIfNeeded: r3_call1(routine, bits(context)))
  }
}

@c(r3_KeAcquireInterruptSpinLock)
func keAcquireInterruptSpinLock(_ interrupt: UnsafeMutableRawPointer) -> UInt8 {
  Machine.current.hardware.acquire(interrupt)
}

@c(r3_KeReleaseInterruptSpinLock)
func keReleaseInterruptSpinLock(_ interrupt: UnsafeMutableRawPointer, _ level: UInt32) {
  Machine.current.hardware.release(interrupt, UInt8(truncatingIfNeeded: level))
}
