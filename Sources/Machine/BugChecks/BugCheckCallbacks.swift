import CRing3

/// The routines that drivers want called when the machine bug-checks.
struct BugCheckCallbacks {
  private static let capacity = 64

  private struct Entry {
    var record: UnsafeMutableRawPointer?
    var isCalled = false
  }

  private var lock = MachineLock()
  private let entries: UnsafeMutablePointer<Entry>

  init() {
    entries = .allocate(capacity: Self.capacity)
    entries.initialize(repeating: Entry(), count: Self.capacity)
  }

  func destroy() { entries.deallocate() }

  /// False when the record is registered already, or there is no room.
  mutating func add(_ record: UnsafeMutableRawPointer, isCalled: Bool) -> Bool {
    lock.lock()
    var free: Int?
    var isNew = true
    for index in (0..<Self.capacity).reversed() {
      if entries[index].record == record { isNew = false }
      if entries[index].record == nil { free = index }
    }
    if isNew, let free { entries[free] = Entry(record: record, isCalled: isCalled) }
    lock.unlock()
    return isNew && free != nil
  }

  mutating func remove(_ record: UnsafeMutableRawPointer) -> Bool {
    lock.lock()
    var wasThere = false
    for index in 0..<Self.capacity where entries[index].record == record {
      entries[index] = Entry()
      wasThere = true
    }
    lock.unlock()
    return wasThere
  }

  /// The records of the routines to be called, without the lock: the machine has halted.
  fileprivate func forEachCalled(_ body: (UnsafeMutableRawPointer) -> Void) {
    for index in 0..<Self.capacity {
      if let record = entries[index].record, entries[index].isCalled { body(record) }
    }
  }
}

extension Machine {
  var bugCheckCallbacks: UnsafeMutablePointer<BugCheckCallbacks> {
    system.field(\.bugCheckCallbacks)
  }

  /// Calls the drivers' bug check routines on this thread, at HIGH_LEVEL, after the machine has halted.
  ///
  /// The thread sees the machine as running meanwhile; what goes wrong in a routine ends the thread,
  /// because there is a bug check already.
  func callBugCheckRoutines() {
    guard let thread = r3_current(), thread.pointee.hostStack != 0 else { return }
    bugCheckCallbacks.pointee.forEachCalled { record in
      let words = record.assumingMemoryBound(to: UInt64.self)
      guard let routine = UnsafeRawPointer(bitPattern: UInt(words[2])) else { return }
      thread.pointee.halted = r3_never_halted()
      thread.pointee.irql = IRQL.high
      _ = r3_call2(routine, words[3], words[4] & 0xFFFF_FFFF)
    }
    thread.pointee.halted = UnsafePointer(OpaquePointer(state))
  }
}
