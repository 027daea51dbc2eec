import CDriverKit
import CRing3
import IOManager
import Machine
import Objects

typealias RegistrationPointer = UnsafeMutablePointer<Registration>

/// Somebody who wants to be told of changes; plain memory.
///
/// Its address is the entry that drivers keep.
struct Registration {
  var next: RegistrationPointer?
  let number: UInt64
  let category: UInt32
  /// The class of interfaces that is watched.
  let guid: GUID
  /// The file through which a device is watched, and the number of its node.
  let file: FilePointer?
  let node: UInt64
  let driver: DriverPointer
  let routine: UnsafeMutableRawPointer
  let context: UnsafeMutableRawPointer?
  var isRemoved = false
  /// Calls of the routine that are under way, and the thread that makes the last of them.
  var busyCount = 0
  var thread: UnsafeMutableRawPointer?
}

extension PlugAndPlay {
  /// Adds a registration behind the others.
  func add(_ registration: Registration) -> RegistrationPointer {
    let memory = RegistrationPointer.allocate(capacity: 1)
    memory.initialize(to: registration)
    locked {
      guard var last = state.pointee.firstRegistration else {
        state.pointee.firstRegistration = memory
        return
      }
      while let next = last.pointee.next { last = next }
      last.pointee.next = memory
    }
    return memory
  }

  /// Ends a registration; no new call of its routine begins.
  ///
  /// - Parameter waits: whether to wait for a call that another thread is in.
  func unregister(_ entry: RegistrationPointer, waits: Bool) -> Int32 {
    let wasKnown = locked {
      guard isKnown(entry), !entry.pointee.isRemoved else { return false }
      entry.pointee.isRemoved = true
      if entry.pointee.busyCount == 0 { unlink(entry) }
      return true
    }
    guard wasKnown else { return PnpStatus.invalidParameter }
    while waits, isCalled(entry) { pause() }
    return PnpStatus.success
  }

  /// Waits a little.
  private func pause() {
    var event = KEVENT()
    withUnsafeMutablePointer(to: &event) { event in
      Event(event).initialize(.notification, isSet: false)
      _ = Wait.forObject(event, WaitOptions(deadline: .after(milliseconds: 1)))
    }
  }

  private func isKnown(_ entry: RegistrationPointer) -> Bool {
    var next = state.pointee.firstRegistration
    while let registration = next {
      if registration == entry { return true }
      next = registration.pointee.next
    }
    return false
  }

  /// Whether another thread is in the routine of an entry that is to go.
  private func isCalled(_ entry: RegistrationPointer) -> Bool {
    locked {
      isKnown(entry) && entry.pointee.isRemoved
        && entry.pointee.thread != CurrentThread.pointer.pointee.currentThread
    }
  }

  private func unlink(_ entry: RegistrationPointer) {
    if state.pointee.firstRegistration == entry {
      state.pointee.firstRegistration = entry.pointee.next
    } else {
      var previous = state.pointee.firstRegistration
      while let candidate = previous, candidate.pointee.next != entry {
        previous = candidate.pointee.next
      }
      previous?.pointee.next = entry.pointee.next
    }
    entry.deallocate()
  }

  /// Calls the routines of those that `isMeant` picks, oldest first, until one answers with an error.
  ///
  /// - Returns: the error, or success.
  func tell(
    _ structure: UnsafeMutableRawPointer, stopsAtError: Bool = false,
    _ isMeant: (RegistrationPointer) -> Bool
  ) -> Int32 {
    var last: UInt64 = 0
    // Who registers in a routine that is called here is not told of what was before.
    let end = locked { state.pointee.nextNodeNumber }
    while let entry = locked({ take(after: last) { $0.pointee.number < end && isMeant($0) } }) {
      last = entry.pointee.number
      if let file = entry.pointee.file {
        structure.storeBytes(of: file, toByteOffset: 24, as: FilePointer.self)
      }
      let status = Int32(
        truncatingIfNeeded: r3_call2(
          entry.pointee.routine, bits(structure), bits(entry.pointee.context)))
      locked {
        entry.pointee.busyCount -= 1
        entry.pointee.thread = nil
        if entry.pointee.isRemoved, entry.pointee.busyCount == 0 { unlink(entry) }
      }
      if stopsAtError, status < 0 { return status }
    }
    return PnpStatus.success
  }

  private func take(after number: UInt64, _ isMeant: (RegistrationPointer) -> Bool)
    -> RegistrationPointer?
  {
    var next = state.pointee.firstRegistration
    while let entry = next {
      if entry.pointee.number > number, !entry.pointee.isRemoved, isMeant(entry) {
        entry.pointee.busyCount += 1
        entry.pointee.thread = CurrentThread.pointer.pointee.currentThread
        return entry
      }
      next = entry.pointee.next
    }
    return nil
  }
}
