import CDriverKit
import CRing3

/// Rundown protection: bit 0 says that it is being run down, the rest counts users.
package struct RundownProtection {
  private static let active: UInt64 = 1

  package let pointer: UnsafeMutablePointer<UInt64>

  package init(_ pointer: UnsafeMutableRawPointer) {
    self.pointer = pointer.assumingMemoryBound(to: UInt64.self)
  }

  package func initialize() { r3_store64(pointer, 0) }

  /// Takes protection so many times; false when it is being run down.
  package func acquire(_ count: UInt32 = 1) -> Bool {
    var seen = r3_load64(pointer)
    while seen & Self.active == 0 {
      if r3_cas64(pointer, seen, seen + 2 * UInt64(count)) { return true }
      seen = r3_load64(pointer)
    }
    return false
  }

  package func release(_ count: UInt32 = 1) {
    let share = 2 * UInt64(count)
    let before = r3_add64(pointer, 0 &- share)
    // RESOURCE_NOT_OWNED
    if before < share { Machine.current.bugCheck(0xE3, bits(pointer)) }
    if before - share == Self.active { wakeWaiter() }
  }

  /// Lets nobody in any more, and waits until all are out.
  package func wait() {
    var seen = r3_load64(pointer)
    while seen & Self.active == 0, !r3_cas64(pointer, seen, seen | Self.active) {
      seen = r3_load64(pointer)
    }
    var entry = Parking.Entry(address: UInt(bitPattern: pointer), isExclusive: true)
    withUnsafeMutablePointer(to: &entry) { entry in
      if park(entry) { entry.event.wait() }
    }
  }

  /// Leaves it as run down, for an object that ended without a wait.
  package func complete() { r3_store64(pointer, Self.active) }

  private func park(_ entry: UnsafeMutablePointer<Parking.Entry>) -> Bool {
    let state = Machine.current.state
    state.pointee.dispatcher.parking.lock.lock()
    let mustWait = r3_load64(pointer) != Self.active
    if mustWait { state.pointee.dispatcher.parking.add(entry) }
    state.pointee.dispatcher.parking.lock.unlock()
    return mustWait
  }

  private func wakeWaiter() {
    let state = Machine.current.state
    state.pointee.dispatcher.parking.lock.lock()
    while let entry = state.pointee.dispatcher.parking.first(of: UInt(bitPattern: pointer)) {
      state.pointee.dispatcher.parking.release(entry)
    }
    state.pointee.dispatcher.parking.lock.unlock()
  }
}

@c(r3_ExInitializeRundownProtection)
func exInitializeRundownProtection(_ reference: UnsafeMutableRawPointer) {
  RundownProtection(reference).initialize()
}

@c(r3_ExReInitializeRundownProtection)
func exReInitializeRundownProtection(_ reference: UnsafeMutableRawPointer) {
  RundownProtection(reference).initialize()
}

@c(r3_ExAcquireRundownProtection)
func exAcquireRundownProtection(_ reference: UnsafeMutableRawPointer) -> UInt8 {
  RundownProtection(reference).acquire() ? 1 : 0
}

@c(r3_ExAcquireRundownProtectionEx)
func exAcquireRundownProtectionEx(_ reference: UnsafeMutableRawPointer, _ count: UInt32) -> UInt8 {
  RundownProtection(reference).acquire(count) ? 1 : 0
}

@c(r3_ExReleaseRundownProtection)
func exReleaseRundownProtection(_ reference: UnsafeMutableRawPointer) {
  RundownProtection(reference).release()
}

@c(r3_ExReleaseRundownProtectionEx)
func exReleaseRundownProtectionEx(_ reference: UnsafeMutableRawPointer, _ count: UInt32) {
  RundownProtection(reference).release(count)
}

@c(r3_ExWaitForRundownProtectionRelease)
func exWaitForRundownProtectionRelease(_ reference: UnsafeMutableRawPointer) {
  RundownProtection(reference).wait()
}

@c(r3_ExRundownCompleted)
func exRundownCompleted(_ reference: UnsafeMutableRawPointer) {
  RundownProtection(reference).complete()
}

// The cache-aware form is the plain one in a cache line of its own.

@c(r3_ExSizeOfRundownProtectionCacheAware)
func exSizeOfRundownProtectionCacheAware() -> UInt64 { 64 }

@c(r3_ExInitializeRundownProtectionCacheAware)
func exInitializeRundownProtectionCacheAware(_ reference: UnsafeMutableRawPointer, _ size: UInt64) {
  RundownProtection(reference).initialize()
}
