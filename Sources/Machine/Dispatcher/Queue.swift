import CDriverKit
import CRing3

/// A queue of work and of the threads that serve it, with the layout of KQUEUE.
///
/// A thread serves the queue that it last took an entry from. As many of a queue's threads as
/// `MaximumCount` may run; one that waits for something else makes room for another. `CurrentCount`
/// counts the threads that run. All of this is under the dispatcher's lock.
package struct Queue {
  package let pointer: UnsafeMutablePointer<KQUEUE>

  @inlinable package init(_ pointer: UnsafeMutablePointer<KQUEUE>) { self.pointer = pointer }

  private var object: DispatcherObject { DispatcherObject(pointer) }

  private var entries: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(pointer) + MemoryLayout<KQUEUE>.offset(of: \.EntryListHead)!)
      .assumingMemoryBound(to: LIST_ENTRY.self)
  }

  private var threads: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(pointer) + MemoryLayout<KQUEUE>.offset(of: \.ThreadListHead)!)
      .assumingMemoryBound(to: LIST_ENTRY.self)
  }

  /// The routine `KeInitializeQueue`; 0 lets as many threads run as there are processors.
  package func initialize(maximumCount: UInt32, in machine: Machine) {
    object.initialize(type: DispatcherKind.queue, size: MemoryLayout<KQUEUE>.size)
    entries.initializeHead()
    threads.initializeHead()
    pointer.pointee.CurrentCount = 0
    pointer.pointee.MaximumCount =
      maximumCount == 0 ? UInt32(machine.state.pointee.processors.count) : maximumCount
  }

  /// Number of entries.
  package var count: Int32 { object.signalState }

  /// Whether one more thread may run.
  var hasRoom: Bool { pointer.pointee.CurrentCount < pointer.pointee.MaximumCount }

  /// Takes the first entry for a thread whose wait ends.
  func grant(to thread: Thread) {
    thread.wait.pointee.queueEntry = entries.removeHead()
    object.signalState -= 1
  }

  /// A thread of the queue begins to wait.
  func threadSleeps() {
    pointer.pointee.CurrentCount -= 1
    object.satisfyWaiters()
  }

  /// The wait of a thread of the queue ends.
  func threadRuns() { pointer.pointee.CurrentCount += 1 }

  // MARK: Entries

  /// Adds an entry; gives the number of entries before.
  package func insert(_ entry: UnsafeMutablePointer<LIST_ENTRY>, atHead: Bool) -> Int32 {
    let machine = Machine.current
    machine.lockDispatcher()
    let before = object.signalState
    if atHead { entries.insertHead(entry) } else { entries.insertTail(entry) }
    object.signalState = before + 1
    object.satisfyWaiters()
    machine.unlockDispatcher()
    return before
  }

  /// How a wait for an entry ended.
  package enum Removal {
    case entry(UnsafeMutablePointer<LIST_ENTRY>)
    /// A ``WaitStatus``.
    case status(Int32)
  }

  /// Waits for an entry and takes it; the current thread serves this queue from here on.
  package func remove(_ options: WaitOptions) -> Removal {
    let thread = CurrentThread.thread
    while true {
      let status = begin(thread, options)
      if status == WaitStatus.success { return taken(thread) }
      if status != WaitStatus.mustSleep { return .status(status) }
      switch Wait.sleep(thread, until: options.deadline) {
      case .ended:
        let status = thread.wait.pointee.status
        return status == WaitStatus.success ? taken(thread) : .status(status)
      case .timeout: return .status(WaitStatus.timeout)
      case .kernelAPC: APC.deliverKernel()
      }
    }
  }

  private func taken(_ thread: Thread) -> Removal {
    guard let entry = thread.wait.pointee.queueEntry else { return .status(WaitStatus.abandoned) }
    thread.wait.pointee.queueEntry = nil
    return .entry(entry)
  }

  /// Takes an entry at once, or enters the thread in the list of those who wait.
  private func begin(_ thread: Thread, _ options: WaitOptions) -> Int32 {
    let machine = Machine.current
    machine.lockDispatcher()
    defer { machine.unlockDispatcher() }
    join(thread)
    // The thread has done with its last entry: it does not count while it looks for the next.
    pointer.pointee.CurrentCount -= 1
    defer { if !thread.isWaiting { pointer.pointee.CurrentCount += 1 } }
    if object.isSignalled(for: thread) { return object.consume(for: thread) }
    let alerted = thread.testAlert(options)
    if alerted != WaitStatus.mustSleep { return alerted }
    if options.deadline == .poll { return WaitStatus.timeout }
    pointer.pointee.CurrentCount += 1
    var objects: UnsafeMutableRawPointer? = UnsafeMutableRawPointer(pointer)
    thread.link(&objects, 1, false, options, thread.builtInBlocks)
    return WaitStatus.mustSleep
  }

  // MARK: Threads

  /// Makes a thread serve this queue, and no other.
  private func join(_ thread: Thread) {
    guard thread.wait.pointee.queue != pointer else { return }
    Self.leave(thread)
    thread.wait.pointee.queue = pointer
    threads.insertTail(thread.queueLink)
    pointer.pointee.CurrentCount += 1
  }

  /// Makes a running thread serve no queue.
  static func leave(_ thread: Thread) {
    guard let old = thread.wait.pointee.queue else { return }
    thread.wait.pointee.queue = nil
    thread.queueLink.unlink()
    Queue(old).threadSleeps()
  }

  /// Ends the queue: `KeRundownQueue`.
  ///
  /// Its threads serve it no more, and the waits of those who wait end with STATUS_ABANDONED.
  ///
  /// - Returns: the first entry, which the others are linked with in a ring without a head; nil for
  ///   an empty queue.
  package func runDown() -> UnsafeMutablePointer<LIST_ENTRY>? {
    let machine = Machine.current
    machine.lockDispatcher()
    while let link = threads.removeHead() {
      let thread = Thread(ofQueueLink: link)
      thread.wait.pointee.queue = nil
      if thread.isWaiting(for: pointer) { thread.endWait(WaitStatus.abandoned) }
    }
    let first = entries.isEmptyList ? nil : entries.pointee.Flink
    if first != nil { entries.unlink() }
    entries.initializeHead()
    object.signalState = 0
    pointer.pointee.CurrentCount = 0
    machine.unlockDispatcher()
    return first
  }
}

extension Thread {
  /// The thread's link in the list of its queue's threads.
  fileprivate var queueLink: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(wait) + MemoryLayout<ThreadWaitState>.offset(of: \.queueLink)!)
      .assumingMemoryBound(to: LIST_ENTRY.self)
  }

  fileprivate init(ofQueueLink link: UnsafeMutablePointer<LIST_ENTRY>) {
    let state =
      UnsafeMutableRawPointer(link) - MemoryLayout<ThreadWaitState>.offset(of: \.queueLink)!
      - MemoryLayout<ThreadState>.offset(of: \.wait)!
    self.init(state.assumingMemoryBound(to: ThreadState.self))
  }

  /// Whether the thread sleeps for an entry of that queue.
  fileprivate func isWaiting(for queue: UnsafeMutablePointer<KQUEUE>) -> Bool {
    guard isWaiting, wait.pointee.blockCount == 1, let blocks = wait.pointee.blocks else {
      return false
    }
    return blocks.pointee.Object == UnsafeMutableRawPointer(queue)
  }
}
