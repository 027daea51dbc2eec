/// Where threads of a verified machine were given the mutexes (KMUTEX) that they have.
///
/// Of two mutexes that share a place, the newer one is known.
struct MutexNotes {
  private struct Note {
    var mutex: UInt = 0
    var thread: UInt = 0
    var stack: StackNumber = 0
  }

  private static let capacity = 256

  private var lock = MachineLock()
  private var notes: InlineArray<256, Note> = .init(repeating: Note())

  private func place(of mutex: UInt) -> Int { Int(mutex >> 4 ^ mutex >> 12) & (Self.capacity - 1) }

  /// Notes where a thread was given a mutex.
  mutating func note(_ mutex: UInt, _ thread: UInt, _ stack: StackNumber) {
    lock.lock()
    notes[place(of: mutex)] = Note(mutex: mutex, thread: thread, stack: stack)
    lock.unlock()
  }

  /// The stack with which a thread was given a mutex; 0 when that is not known.
  mutating func stack(of mutex: UInt, _ thread: UInt) -> StackNumber {
    lock.lock()
    defer { lock.unlock() }
    let note = notes[place(of: mutex)]
    return note.mutex == mutex && note.thread == thread ? note.stack : 0
  }
}

extension Machine {
  /// Does a wait of the running thread, and notes the stack when the wait gave it a mutex.
  ///
  /// Of several mutexes of one wait the last one is noted.
  @inline(__always)
  func notingMutex(_ wait: () -> Int32) -> Int32 {
    let before = Mutant.newest(of: CurrentThread.thread)
    let status = wait()
    let thread = CurrentThread.thread
    if let mutant = Mutant.newest(of: thread), mutant.pointer != before?.pointer,
      let state = verifierState
    {
      state.pointee.mutexes.note(
        UInt(bitPattern: mutant.pointer), UInt(bitPattern: thread.pointer), noteStack())
    }
    return status
  }

  /// What led to a thread's end with a mutex: where it was given the mutex, and its routine when that
  /// has returned.
  func causes(ofHeld mutant: Mutant, by thread: Thread) -> Causes {
    guard let state = verifierState else { return .none }
    let stack = state.pointee.mutexes.stack(
      of: UInt(bitPattern: mutant.pointer), UInt(bitPattern: thread.pointer))
    let start = thread.pointer.pointee.start
    let hasReturned = noteStack() == 0 && !start.isHost
    return Causes(.acquired, stack).and(.returned, hasReturned ? noteRoutine(start.routine) : 0)
  }
}
