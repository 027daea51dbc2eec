import CRing3
import Glibc

/// A lock inside a machine, taken for short, bounded work that touches no driver memory.
///
/// It lies in the machine's own memory. A thread that waits for it leaves the kernel when the
/// machine has bug-checked, so a holder that was abandoned blocks nobody.
public struct MachineLock {
  @usableFromInline var word: UInt32 = 0

  @inlinable public init() {}

  @inlinable public mutating func lock() {
    if !r3_cas32(&word, 0, 1) { lockSlowly() }
  }

  @inlinable public mutating func unlock() {
    if r3_swap32(&word, 0) == 2 { wakeOne() }
  }

  /// Whether a thread holds the lock now.
  package var isHeld: Bool { mutating get { r3_load32(&word) != 0 } }

  @inlinable public mutating func withLock<R>(_ body: () -> R) -> R {
    lock()
    let result = body()
    unlock()
    return result
  }

  /// Takes the lock without ever leaving the kernel: for locks whose holders never leave either, so
  /// that none is abandoned.
  @inlinable public mutating func lockStaying() {
    if !r3_cas32(&word, 0, 1) { lockSlowlyStaying() }
  }

  @usableFromInline mutating func lockSlowlyStaying() {
    for _ in 0..<200 {
      r3_pause()
      if r3_cas32(&word, 0, 1) { return }
    }
    while r3_swap32(&word, 2) != 0 { _ = r3_futex_wait(&word, 2, 10_000_000) }
  }

  @usableFromInline mutating func lockSlowly() {
    for _ in 0..<200 {
      r3_pause()
      if r3_cas32(&word, 0, 1) { return }
    }
    while r3_swap32(&word, 2) != 0 {
      CurrentThread.leaveIfHalted()
      if CurrentThread.yieldForMachineLock() { continue }
      // Bounded: a holder that a bug check abandoned never wakes anybody.
      _ = r3_futex_wait(&word, 2, 10_000_000)
    }
  }

  @usableFromInline mutating func wakeOne() { r3_futex_wake(&word, 1) }
}

/// A lock for a few instructions, cheaper to let go than a ``MachineLock``: who waits for it looks again
/// and again.
///
/// Taken below DISPATCH_LEVEL and above, for work that neither waits nor touches a driver's memory.
public struct BriefLock {
  @usableFromInline var word: UInt32 = 0

  @inlinable public init() {}

  @inlinable public mutating func lock() {
    if !r3_cas32(&word, 0, 1) { lockSlowly() }
  }

  @inlinable public mutating func unlock() { r3_store32(&word, 0) }

  @usableFromInline mutating func lockSlowly() {
    var rounds = 0
    while !r3_cas32(&word, 0, 1) {
      rounds += 1
      if rounds < 200 {
        r3_pause()
        continue
      }
      // The holder does not run just now, or a bug check abandoned it.
      CurrentThread.leaveIfHalted()
      if !CurrentThread.yieldForMachineLock() { sched_yield() }
    }
  }
}
