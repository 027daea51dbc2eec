import CDriverKit
import CRing3
import Glibc

/// A spin lock in driver memory: one word, 0 when free, else the owner's thread block with bit 0 set.
package struct SpinLock {
  package let pointer: UnsafeMutablePointer<UInt64>

  @inlinable package init(_ pointer: UnsafeMutablePointer<UInt64>) { self.pointer = pointer }

  @inline(__always)
  private static var mine: UInt64 { UInt64(UInt(bitPattern: r3_current())) | 1 }

  /// Takes the lock at the current level: `KeAcquireSpinLockAtDpcLevel`.
  @inline(__always)
  package func acquire() {
    if !r3_cas64(pointer, 0, Self.mine) { acquireSlowly() }
  }

  /// Takes the lock if it is free.
  package func tryAcquire() -> Bool { r3_cas64(pointer, 0, Self.mine) }

  /// `KeTestSpinLock` is false for it.
  package var isHeld: Bool { r3_load64(pointer) != 0 }

  /// Lets the lock go at the current level.
  ///
  /// A lock that the thread does not own is bug check SPIN_LOCK_NOT_OWNED.
  @inline(__always)
  package func release() {
    if r3_load64(pointer) != Self.mine { refuseRelease() }
    r3_store64(pointer, 0)
  }

  /// Raises to DISPATCH_LEVEL and takes the lock; returns the old level: `KeAcquireSpinLockRaiseToDpc`.
  package func acquireRaising() -> UInt8 {
    let old = IRQL.raise(to: IRQL.dispatch)
    acquire()
    return old
  }

  /// Lets the lock go and lowers: `KeReleaseSpinLock`.
  package func release(lowerTo level: UInt8) {
    release()
    IRQL.lower(to: level)
  }

  /// A lock that the thread owns already would never come free: SPIN_LOCK_ALREADY_OWNED.
  @inline(never)
  private func acquireSlowly() {
    let mine = Self.mine
    var spins = 0
    while !r3_cas64(pointer, 0, mine) {
      if r3_load64(pointer) == mine { Machine.current.bugCheck(0xF, bits(pointer)) }
      CurrentThread.lookWhileSpinning(bits(pointer))
      spins += 1
      if spins % 100 == 0 { sched_yield() } else { r3_pause() }
    }
  }

  @inline(never)
  private func refuseRelease() -> Never { Machine.current.bugCheck(0x10, bits(pointer)) }
}
