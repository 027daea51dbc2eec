import CDriverKit
import CRing3
import Glibc

/// An EX_SPIN_LOCK: many readers or one writer, spinning.
///
/// Bit 31: a writer has it; bit 30: a writer waits, and no new reader comes in; below: the readers.
package struct SharedSpinLock {
  private static let written: UInt32 = 1 << 31
  private static let wanted: UInt32 = 1 << 30

  package let pointer: UnsafeMutablePointer<Int32>

  package init(_ pointer: UnsafeMutablePointer<Int32>) { self.pointer = pointer }

  package func tryAcquireShared() -> Bool {
    let seen = r3_load32(pointer)
    return seen & (Self.written | Self.wanted) == 0 && r3_cas32(pointer, seen, seen + 1)
  }

  package func tryAcquireExclusive() -> Bool {
    let seen = r3_load32(pointer)
    return seen & ~Self.wanted == 0 && r3_cas32(pointer, seen, Self.written)
  }

  package func acquireShared() { spin { tryAcquireShared() } }

  package func acquireExclusive() {
    spin {
      if tryAcquireExclusive() { return true }
      if r3_load32(pointer) & Self.wanted == 0 { r3_or32(pointer, Self.wanted) }
      return false
    }
  }

  /// A reader becomes the writer when it is the only one.
  package func tryConvert() -> Bool {
    let seen = r3_load32(pointer)
    return seen & ~Self.wanted == 1 && r3_cas32(pointer, seen, Self.written | seen & Self.wanted)
  }

  package func releaseShared() {
    if r3_load32(pointer) & ~(Self.written | Self.wanted) == 0 { refuse() }
    r3_add32(pointer, .max)
  }

  package func releaseExclusive() {
    if r3_load32(pointer) & Self.written == 0 { refuse() }
    r3_and32(pointer, ~Self.written)
  }

  @inline(__always)
  private func spin(_ take: () -> Bool) {
    var spins = 0
    while !take() {
      CurrentThread.lookWhileSpinning(bits(pointer))
      spins += 1
      if spins % 100 == 0 { sched_yield() } else { r3_pause() }
    }
  }

  /// SPIN_LOCK_NOT_OWNED.
  private func refuse() -> Never { Machine.current.bugCheck(0x10, bits(pointer)) }
}

@c(r3_ExAcquireSpinLockShared)
func exAcquireSpinLockShared(_ lock: UnsafeMutablePointer<Int32>) -> UInt8 {
  let old = IRQL.raise(to: IRQL.dispatch)
  SharedSpinLock(lock).acquireShared()
  return old
}

@c(r3_ExAcquireSpinLockSharedAtDpcLevel)
func exAcquireSpinLockSharedAtDpcLevel(_ lock: UnsafeMutablePointer<Int32>) {
  SharedSpinLock(lock).acquireShared()
}

@c(r3_ExReleaseSpinLockShared)
func exReleaseSpinLockShared(_ lock: UnsafeMutablePointer<Int32>, _ level: UInt32) {
  SharedSpinLock(lock).releaseShared()
  IRQL.lower(to: UInt8(truncatingIfNeeded: level))
}

@c(r3_ExReleaseSpinLockSharedFromDpcLevel)
func exReleaseSpinLockSharedFromDpcLevel(_ lock: UnsafeMutablePointer<Int32>) {
  SharedSpinLock(lock).releaseShared()
}

@c(r3_ExAcquireSpinLockExclusive)
func exAcquireSpinLockExclusive(_ lock: UnsafeMutablePointer<Int32>) -> UInt8 {
  let old = IRQL.raise(to: IRQL.dispatch)
  SharedSpinLock(lock).acquireExclusive()
  return old
}

@c(r3_ExAcquireSpinLockExclusiveAtDpcLevel)
func exAcquireSpinLockExclusiveAtDpcLevel(_ lock: UnsafeMutablePointer<Int32>) {
  SharedSpinLock(lock).acquireExclusive()
}

@c(r3_ExReleaseSpinLockExclusive)
func exReleaseSpinLockExclusive(_ lock: UnsafeMutablePointer<Int32>, _ level: UInt32) {
  SharedSpinLock(lock).releaseExclusive()
  IRQL.lower(to: UInt8(truncatingIfNeeded: level))
}

@c(r3_ExReleaseSpinLockExclusiveFromDpcLevel)
func exReleaseSpinLockExclusiveFromDpcLevel(_ lock: UnsafeMutablePointer<Int32>) {
  SharedSpinLock(lock).releaseExclusive()
}

@c(r3_ExTryConvertSharedSpinLockExclusive)
func exTryConvertSharedSpinLockExclusive(_ lock: UnsafeMutablePointer<Int32>) -> UInt32 {
  SharedSpinLock(lock).tryConvert() ? 1 : 0
}

@c(r3_ExTryAcquireSpinLockSharedAtDpcLevel)
func exTryAcquireSpinLockSharedAtDpcLevel(_ lock: UnsafeMutablePointer<Int32>) -> UInt32 {
  SharedSpinLock(lock).tryAcquireShared() ? 1 : 0
}

@c(r3_ExTryAcquireSpinLockExclusiveAtDpcLevel)
func exTryAcquireSpinLockExclusiveAtDpcLevel(_ lock: UnsafeMutablePointer<Int32>) -> UInt32 {
  SharedSpinLock(lock).tryAcquireExclusive() ? 1 : 0
}
