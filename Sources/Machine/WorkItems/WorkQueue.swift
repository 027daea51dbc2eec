import CDriverKit
import CRing3
import Glibc

/// Work that system threads of the machine do at PASSIVE_LEVEL, in the order in which it came.
struct WorkQueue {
  /// One piece of work, in memory that no driver can spoil.
  struct Entry {
    let routine: UnsafeMutableRawPointer
    let context: UnsafeMutableRawPointer?
    let isHost: Bool
    /// The driver's item; not queued any more once the work begins.
    let item: UnsafeMutablePointer<WORK_QUEUE_ITEM>?
    /// Who queued it, in a verified machine.
    var stack: StackNumber = 0
    var next: UnsafeMutablePointer<Entry>?
  }

  /// As many threads at most; work that waits for other work needs more than one.
  static let maximumThreadCount = 16

  var lock = MachineLock()
  var first: UnsafeMutablePointer<Entry>?
  var last: UnsafeMutablePointer<Entry>?
  var queuedCount = 0
  var busyCount = 0
  var threadCount = 0
  var isStopping = false
  /// Counts the entries for the threads that wait for them.
  var available = KSEMAPHORE()
  var isPrepared = false

  mutating func append(_ entry: UnsafeMutablePointer<Entry>) {
    if let last { last.pointee.next = entry } else { first = entry }
    last = entry
    queuedCount += 1
  }

  mutating func removeFirst() -> UnsafeMutablePointer<Entry>? {
    guard let entry = first else { return nil }
    first = entry.pointee.next
    if first == nil { last = nil }
    queuedCount -= 1
    return entry
  }

  mutating func destroy() {
    while let entry = removeFirst() { free(entry) }
  }
}

/// The machine's worker threads.
///
/// To be used inside the kernel, at DISPATCH_LEVEL or below.
package struct Workers {
  let machine: Machine

  private var queue: UnsafeMutablePointer<WorkQueue> {
    machine.system.field(\.workQueue)
  }

  private var available: Semaphore {
    Semaphore(
      (UnsafeMutableRawPointer(queue) + MemoryLayout<WorkQueue>.offset(of: \.available)!)
        .assumingMemoryBound(to: KSEMAPHORE.self))
  }

  /// What idle worker threads wait for.
  var availableAddress: UnsafeMutablePointer<KSEMAPHORE> { available.pointer }

  /// Has a routine of the system called with `context`, once, in a worker thread.
  package func queue(
    _ routine: @escaping Machine.ThreadRoutine, _ context: UnsafeMutableRawPointer?
  ) {
    let address = unsafeBitCast(routine, to: UnsafeMutableRawPointer.self)
    add(WorkQueue.Entry(routine: address, context: context, isHost: true, item: nil))
  }

  /// Queues a driver's work item: `ExQueueWorkItem`.
  ///
  /// An item that is queued already is bug check WORKER_INVALID.
  package func queue(_ item: UnsafeMutablePointer<WORK_QUEUE_ITEM>) {
    guard item.pointee.List.Flink == nil, let routine = item.pointee.WorkerRoutine else {
      machine.bugCheck(0xE4, 1, bits(item))
    }
    item.pointee.List.Flink = UnsafeMutableRawPointer(item).assumingMemoryBound(
      to: LIST_ENTRY.self)
    add(
      WorkQueue.Entry(
        routine: routine, context: item.pointee.Parameter, isHost: false, item: item))
  }

  private func add(_ work: WorkQueue.Entry) {
    let entry = malloc(MemoryLayout<WorkQueue.Entry>.size)!
      .bindMemory(to: WorkQueue.Entry.self, capacity: 1)
    entry.initialize(to: work)
    if !machine.verifier.isEmpty { entry.pointee.stack = machine.noteStack() }
    queue.pointee.lock.lock()
    prepare()
    queue.pointee.append(entry)
    let needsThread =
      queue.pointee.queuedCount + queue.pointee.busyCount > queue.pointee.threadCount
      && queue.pointee.threadCount < WorkQueue.maximumThreadCount
    if needsThread { queue.pointee.threadCount += 1 }
    queue.pointee.lock.unlock()
    _ = available.release(1)
    if needsThread { startThread() }
  }

  private func prepare() {
    if queue.pointee.isPrepared { return }
    queue.pointee.isPrepared = true
    available.initialize(count: 0, limit: .max)
  }

  private func startThread() {
    let thread = try? machine.startSystemThread(host: { _ in Workers.run() }, nil)
    thread?.pointer.pointee.isWorker = true
    // CRITICAL_SERVICE_FAILED: the host gives no threads.
    if thread == nil { machine.bugCheck(0x5A, UInt64(errno)) }
  }

  // MARK: In the worker thread

  private static func run() {
    let workers = Machine.current.workers
    while let entry = workers.next() {
      workers.run(entry)
      workers.queue.pointee.lock.lock()
      workers.queue.pointee.busyCount -= 1
      workers.queue.pointee.lock.unlock()
    }
  }

  /// Waits for an entry; nil when the machine ends.
  private func next() -> WorkQueue.Entry? {
    while true {
      _ = Wait.forObject(UnsafeMutableRawPointer(available.pointer))
      queue.pointee.lock.lock()
      let isStopping = queue.pointee.isStopping
      let entry = isStopping ? nil : queue.pointee.removeFirst()
      if entry != nil { queue.pointee.busyCount += 1 }
      queue.pointee.lock.unlock()
      if isStopping { return nil }
      guard let entry else { continue }
      let work = entry.pointee
      free(entry)
      return work
    }
  }

  private func run(_ work: WorkQueue.Entry) {
    work.item?.pointee.List.Flink = nil
    if work.isHost {
      unsafeBitCast(work.routine, to: Machine.ThreadRoutine.self)(work.context)
    } else {
      _ = r3_call1(work.routine, bits(work.context))
    }
    check(work)
  }

  /// WORKER_THREAD_RETURNED_AT_BAD_IRQL, APC_INDEX_MISMATCH, or a process that was not detached from.
  private func check(_ work: WorkQueue.Entry) {
    let thread = CurrentThread.pointer
    if thread.pointee.irql != IRQL.passive {
      machine.bugCheck(0xE1, bits(work.routine), UInt64(thread.pointee.irql), bits(work.context))
    }
    if thread.pointee.apcsDisabled != 0 { machine.bugCheck(0x1, bits(work.routine)) }
    // INVALID_PROCESS_DETACH_ATTEMPT
    if CurrentThread.process != CurrentThread.thread.process {
      machine.bugCheck(0x6, bits(work.routine))
    }
  }

  /// A driver's item that is queued and lies in a range of memory.
  fileprivate func firstItem(in range: Range<UInt>) -> UnsafeMutablePointer<WORK_QUEUE_ITEM>? {
    if queue.pointee.first == nil { return nil }
    queue.pointee.lock.lock()
    var next = queue.pointee.first
    while let entry = next, !range.contains(UInt(bitPattern: entry.pointee.item)) {
      next = entry.pointee.next
    }
    queue.pointee.lock.unlock()
    return next?.pointee.item
  }

  /// The stacks that queued what waits now; 0 for the system's own work.
  fileprivate func stacks() -> [StackNumber] {
    var stacks: [StackNumber] = []
    var next = queue.pointee.first
    while let entry = next {
      stacks.append(entry.pointee.stack)
      next = entry.pointee.next
    }
    return stacks
  }

  /// Has the threads end when they are done with what they do.
  fileprivate func stop() {
    queue.pointee.lock.lock()
    queue.pointee.isStopping = true
    let count = queue.pointee.threadCount
    queue.pointee.lock.unlock()
    if count != 0 { _ = available.release(Int32(count)) }
  }
}

extension Machine {
  /// The worker threads.
  package var workers: Workers { Workers(machine: self) }

  /// A queued work item in a range of memory, for who frees that memory.
  package func queuedWorkItem(in range: Range<UInt>) -> UnsafeMutablePointer<WORK_QUEUE_ITEM>? {
    workers.firstItem(in: range)
  }

  /// The stacks of drivers that queued the work items in the queue.
  ///
  /// To be asked for while no thread is inside.
  package var queuedWorkItemStacks: [StackNumber] { workers.stacks() }

  /// Lets the worker threads end and waits a while for them.
  ///
  /// Outside the kernel.
  func stopWorkers() {
    if system.pointee.workQueue.threadCount == 0 || isHalted { return }
    // Threads that get turns only while the program is inside are driven out.
    if schedule != nil { return }
    _ = try? inside(systemProcess) { self.workers.stop() }
    for _ in 0..<500 where hasRunningWorker { usleep(200) }
  }

  private var hasRunningWorker: Bool {
    runningSystemThreads.contains { $0.pointer.pointee.isWorker }
  }
}

@c(r3_ExQueueWorkItem)
package func exQueueWorkItem(_ item: UnsafeMutablePointer<WORK_QUEUE_ITEM>, _ queue: UInt32) {
  Machine.current.workers.queue(item)
}
