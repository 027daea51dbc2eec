import CRing3
import Glibc
import Machine

/// A lock in an object's head, for a few instructions that touch no driver memory.
///
/// Letting it go is a plain store, which makes it half as dear as a ``MachineLock``: who waits, spins.
/// A child's lock may be taken while its parent's is held, never the other way.
struct ObjectLock {
  private var word: UInt32 = 0

  @inline(__always)
  mutating func lock() {
    if !r3_cas32(&word, 0, 1) { lockSlowly() }
  }

  @inline(__always)
  mutating func unlock() { r3_store32(&word, 0) }

  /// Waits until whoever holds it now has let go.
  @inline(__always)
  mutating func pass() {
    if r3_load32(&word) != 0 {
      lock()
      unlock()
    }
  }

  @inline(never)
  private mutating func lockSlowly() {
    var turns = 0
    while !r3_cas32(&word, 0, 1) {
      turns += 1
      if turns < 100 {
        r3_pause()
      } else {
        // A holder that a bug check abandoned never lets go.
        CurrentThread.leaveIfHalted()
        sched_yield()
      }
    }
  }
}
