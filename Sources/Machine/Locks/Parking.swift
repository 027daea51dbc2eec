import CDriverKit
import CRing3

/// Threads that wait for a lock which has no room for them: push locks, rundown protection.
///
/// Each entry lies on the kernel stack of its thread and is known by the lock's address.
struct Parking {
  struct Entry {
    let address: UInt
    let isExclusive: Bool
    var event = KEVENT()
    var next: UnsafeMutablePointer<Entry>?
  }

  /// Held by who changes a lock that has waiters.
  var lock = MachineLock()
  private var first: UnsafeMutablePointer<Entry>?

  /// Adds an entry at the end.
  ///
  /// Under the lock.
  mutating func add(_ entry: UnsafeMutablePointer<Entry>) {
    entry.event.initialize(.synchronization, isSet: false)
    guard var last = first else {
      first = entry
      return
    }
    while let next = last.pointee.next { last = next }
    last.pointee.next = entry
  }

  /// The first entry of a lock.
  ///
  /// Under the lock.
  func first(of address: UInt) -> UnsafeMutablePointer<Entry>? {
    var next = first
    while let entry = next, entry.pointee.address != address { next = entry.pointee.next }
    return next
  }

  /// Takes an entry out and lets its thread go on.
  ///
  /// Under the lock.
  mutating func release(_ entry: UnsafeMutablePointer<Entry>) {
    if first == entry {
      first = entry.pointee.next
    } else {
      var before = first
      while let here = before, here.pointee.next != entry { before = here.pointee.next }
      before?.pointee.next = entry.pointee.next
    }
    // Set last: the thread then takes its stack back.
    entry.event.set()
  }
}

extension UnsafeMutablePointer where Pointee == Parking.Entry {
  var event: Event {
    Event(
      (UnsafeMutableRawPointer(self) + MemoryLayout<Parking.Entry>.offset(of: \.event)!)
        .assumingMemoryBound(to: KEVENT.self))
  }
}
