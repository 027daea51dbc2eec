import CDriverKit
import CRing3

/// A kernel mutex, with the layout of KMUTANT.
package struct Mutant {
  package let pointer: UnsafeMutablePointer<KMUTANT>

  @inlinable package init(_ pointer: UnsafeMutablePointer<KMUTANT>) { self.pointer = pointer }

  var object: DispatcherObject { DispatcherObject(pointer) }

  private var listEntry: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(pointer) + MemoryLayout<KMUTANT>.offset(of: \.MutantListEntry)!)
      .assumingMemoryBound(to: LIST_ENTRY.self)
  }

  /// The mutex that a thread was given last and has still; nil when it has none.
  static func newest(of thread: Thread) -> Mutant? {
    let head = thread.mutants
    guard let entry = head.pointee.Blink, entry != head else { return nil }
    return Mutant(of: entry)
  }

  private init(of entry: UnsafeMutablePointer<LIST_ENTRY>) {
    let offset = MemoryLayout<KMUTANT>.offset(of: \.MutantListEntry)!
    self.init((UnsafeMutableRawPointer(entry) - offset).assumingMemoryBound(to: KMUTANT.self))
  }

  var owner: Thread? { Thread(pointer.pointee.OwnerThread) }

  /// Makes a free mutex.
  ///
  /// - Parameter disablesAPCs: its owner gets no normal kernel APCs: a mutex of the kernel, not of
  ///   a user process.
  package func initialize(disablesAPCs: Bool) {
    object.initialize(
      type: DispatcherKind.mutant, size: MemoryLayout<KMUTANT>.size, signalState: 1)
    listEntry.initializeHead()
    pointer.pointee.OwnerThread = nil
    pointer.pointee.MutantFlags = 0
    pointer.pointee.ApcDisable = disablesAPCs ? 1 : 0
  }

  /// Gives the mutex, which is free or already the thread's own.
  ///
  /// Under the dispatcher's lock.
  func grant(to thread: Thread) -> Int32 {
    object.signalState -= 1
    if object.signalState != 0 { return 0 }
    pointer.pointee.OwnerThread = UnsafeMutableRawPointer(thread.pointer)
    thread.mutants.insertTail(listEntry)
    if pointer.pointee.ApcDisable != 0 { thread.addAPCDisable(-1) }
    if pointer.pointee.MutantFlags & 1 == 0 { return 0 }
    pointer.pointee.MutantFlags &= ~1
    return WaitStatus.abandoned
  }

  package enum ReleaseError: Error {
    case notOwned
    case abandoned
  }

  /// Releases the mutex once: `KeReleaseMutex`.
  ///
  /// - Returns: the signal state before: 0 when this was the last release, else negative.
  @discardableResult
  package func release() throws(ReleaseError) -> Int32 {
    let machine = Machine.current
    let thread = CurrentThread.thread
    machine.lockDispatcher()
    let before = object.signalState
    guard owner == thread, before <= 0 else {
      let wasAbandoned = pointer.pointee.MutantFlags & 1 != 0
      machine.unlockDispatcher()
      throw wasAbandoned ? .abandoned : .notOwned
    }
    object.signalState = before + 1
    let enablesAPCs = before == 0 && pointer.pointee.ApcDisable != 0
    if before == 0 { letGo(thread) }
    machine.unlockDispatcher()
    if enablesAPCs { APC.deliverIfPossible() }
    return before
  }

  private func letGo(_ thread: Thread) {
    listEntry.unlink()
    listEntry.initializeHead()
    pointer.pointee.OwnerThread = nil
    if pointer.pointee.ApcDisable != 0 { thread.addAPCDisable(1) }
    object.satisfyWaiters()
  }

  /// Frees the mutexes of a thread that ends.
  ///
  /// A mutex of the kernel is bug check THREAD_TERMINATE_HELD_MUTEX.
  static func abandonAll(of thread: Thread) {
    let machine = thread.machine
    machine.lockDispatcher()
    while let entry = thread.mutants.removeHead() {
      let mutant = Mutant(of: entry)
      if mutant.pointer.pointee.ApcDisable != 0 {
        machine.unlockDispatcher()
        machine.bugCheck(
          0x4000_008A, UInt64(UInt(bitPattern: thread.pointer)),
          UInt64(UInt(bitPattern: mutant.pointer)),
          causes: machine.causes(ofHeld: mutant, by: thread))
      }
      mutant.abandon()
    }
    machine.unlockDispatcher()
  }

  private func abandon() {
    listEntry.initializeHead()
    pointer.pointee.OwnerThread = nil
    pointer.pointee.MutantFlags |= 1
    object.signalState = 1
    object.satisfyWaiters()
  }
}
