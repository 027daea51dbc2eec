import CDriverKit
import CRing3

/// An EX_PUSH_LOCK: readers and writers that sleep, in one word.
///
/// Bit 0: a writer has it; bit 1: somebody waits, and the word only changes under the parking lock;
/// from bit 4 on the number of readers. Who waits gets the lock in order.
package struct PushLock {
  private static let written: UInt64 = 1
  private static let awaited: UInt64 = 2
  private static let reader: UInt64 = 16

  package let pointer: UnsafeMutablePointer<UInt64>

  package init(_ pointer: UnsafeMutablePointer<UInt64>) { self.pointer = pointer }

  package func tryAcquireExclusive() -> Bool { r3_cas64(pointer, 0, Self.written) }

  package func tryAcquireShared() -> Bool {
    var seen = r3_load64(pointer)
    while seen & (Self.written | Self.awaited) == 0 {
      if r3_cas64(pointer, seen, seen + Self.reader) { return true }
      seen = r3_load64(pointer)
    }
    return false
  }

  package func acquireExclusive() {
    if !tryAcquireExclusive() { wait(isExclusive: true) }
  }

  package func acquireShared() {
    if !tryAcquireShared() { wait(isExclusive: false) }
  }

  package func releaseExclusive() {
    if !r3_cas64(pointer, Self.written, 0) { releaseSlowly(Self.written) }
  }

  package func releaseShared() {
    var seen = r3_load64(pointer)
    while seen & Self.awaited == 0, seen >= Self.reader {
      if r3_cas64(pointer, seen, seen - Self.reader) { return }
      seen = r3_load64(pointer)
    }
    releaseSlowly(Self.reader)
  }

  /// Releases either way: `ExfReleasePushLock`.
  package func release() {
    if r3_load64(pointer) & Self.written != 0 { releaseExclusive() } else { releaseShared() }
  }

  private func wait(isExclusive: Bool) {
    var entry = Parking.Entry(address: UInt(bitPattern: pointer), isExclusive: isExclusive)
    withUnsafeMutablePointer(to: &entry) { entry in
      if park(entry) { entry.event.wait() }
    }
  }

  /// Enters the thread as one that waits, unless it gets the lock now.
  private func park(_ entry: UnsafeMutablePointer<Parking.Entry>) -> Bool {
    let state = Machine.current.state
    state.pointee.dispatcher.parking.lock.lock()
    while true {
      if entry.pointee.isExclusive ? tryAcquireExclusive() : tryAcquireShared() {
        state.pointee.dispatcher.parking.lock.unlock()
        return false
      }
      let seen = r3_load64(pointer)
      // A free word is taken at the next attempt.
      if seen & Self.awaited != 0 { break }
      if seen != 0, r3_cas64(pointer, seen, seen | Self.awaited) { break }
    }
    state.pointee.dispatcher.parking.add(entry)
    state.pointee.dispatcher.parking.lock.unlock()
    return true
  }

  @inline(never)
  private func releaseSlowly(_ share: UInt64) {
    let state = Machine.current.state
    state.pointee.dispatcher.parking.lock.lock()
    let word = r3_load64(pointer)
    let isHeld = share == Self.written ? word & Self.written != 0 : word >= Self.reader
    if word & Self.awaited == 0 || !isHeld {
      state.pointee.dispatcher.parking.lock.unlock()
      // RESOURCE_NOT_OWNED
      if !isHeld { Machine.current.bugCheck(0xE3, bits(pointer)) }
      if share == Self.written { releaseExclusive() } else { releaseShared() }
      return
    }
    let left = word - share
    if left == Self.awaited { grant(state) } else { r3_store64(pointer, left) }
    state.pointee.dispatcher.parking.lock.unlock()
  }

  /// Gives the free lock to the first who waits, and to the readers right after a reader.
  private func grant(_ state: UnsafeMutablePointer<MachineState>) {
    let address = UInt(bitPattern: pointer)
    var word: UInt64 = 0
    while let entry = state.pointee.dispatcher.parking.first(of: address) {
      if entry.pointee.isExclusive && word != 0 { break }
      word = entry.pointee.isExclusive ? Self.written : word + Self.reader
      let isLast = entry.pointee.isExclusive
      // The word is right before the thread can run.
      r3_store64(pointer, word | Self.awaited)
      state.pointee.dispatcher.parking.release(entry)
      if isLast { break }
    }
    let isAwaited = state.pointee.dispatcher.parking.first(of: address) != nil
    if !isAwaited { r3_store64(pointer, r3_load64(pointer) & ~Self.awaited) }
  }
}
