import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import Objects

// The end of threads and processes that have requests under way.
extension IOManager {
  /// Cancels the requests of the running thread and waits for them; those that their drivers keep
  /// for too long are taken off it.
  func runDown() {
    cancelRequests()
    let deadline = hostDeadline
    while hasRequests(CurrentThread.thread), monotonicTime() < deadline { pause() }
    detachRequests()
  }

  /// Ends the requests of all threads of a process, and then its handles and memory.
  ///
  /// Called in another process. New calls of the process are refused from here on.
  ///
  /// - Parameter requestsEnded: called between the two, in the kernel.
  package func endProcess(_ process: Process, requestsEnded: () -> Void = {}) {
    guard r3_cas32(endingFlag(process), 0, 1) else { return }
    forEachThread(of: process) { queue(cancelInOwner, to: $0) }
    let deadline = hostDeadline
    while hasRequests(process), monotonicTime() < deadline { pause() }
    forEachThread(of: process) { queue(detachInOwner, to: $0) }
    while hasRequests(process) { pause() }
    requestsEnded()
    machine.objects.closeAllHandles(of: process)
    process.endMemory()
  }

  /// Cancels every request of the running thread, each once.
  fileprivate func cancelRequests() {
    let head = requestList(CurrentThread.thread)
    guard head.pointee.Flink != nil else { return }
    var next = head.next(in: head)
    while let entry = next {
      let irp = irp(of: entry)
      if irp.pointee.Cancel == 0 {
        _ = cancelIRP(irp)
        // The list may have changed: begin again.
        next = head.next(in: head)
      } else {
        next = entry.next(in: head)
      }
    }
  }

  /// Takes the requests off the running thread that are still with a driver.
  fileprivate func detachRequests() {
    let head = requestList(CurrentThread.thread)
    guard head.pointee.Flink != nil else { return }
    while let entry = head.next(in: head) {
      let irp = irp(of: entry)
      let keeper = keeper(of: irp)
      if IRPPrefix.of(irp).leaveDriver(to: IRPStage.detached) {
        unqueue(irp)
        giveUp(irp, keeper)
      } else {
        pause()
      }
    }
  }

  /// The dispatch routine that got an IRP last; nil when it has none yet, or none any more.
  ///
  /// While the IRP is in its thread's list: until then it is not freed.
  private func keeper(of irp: IRPPointer) -> UnsafeMutableRawPointer? {
    guard irp.pointee.CurrentLocation > 0, irp.pointee.CurrentLocation <= irp.pointee.StackCount,
      let location = irp.pointee.Tail.Overlay.CurrentStackLocation,
      let device = location.pointee.DeviceObject
    else { return nil }
    return dispatchRoutine(of: device, location.pointee.MajorFunction)
  }

  /// Answers the requester of an IRP that stays with its driver.
  private func giveUp(_ irp: IRPPointer, _ keeper: UnsafeMutableRawPointer?) {
    cancelledTooLong(irp, keeper)
    if let cache = IRPCache.current(machine) { cache.pointee.counters.abandoned += 1 }
    guard let progress = IRPPrefix.of(irp).pointee.progress else { return }
    IRPPrefix.of(irp).pointee.progress = nil
    progress.pointee.irp = nil
    progress.pointee.answer.Status = IOStatus.cancelled
    progress.pointee.answer.Information = 0
    let (notify, context) = (progress.pointee.finished, progress.pointee.context)
    let isAwaited = progress.pointee.isAwaited
    r3_store32(&progress.pointee.phase, RequestProgress.done)
    if let notify { notify(context) } else if isAwaited { progress.pointee.signal() }
  }

  // MARK: Threads of a process

  private func forEachThread(of process: Process, _ body: (Thread) -> Void) {
    var next = machine.state.pointee.threads.first
    while let thread = next {
      if thread.pointee.process == process.pointer { body(Thread(thread)) }
      next = thread.pointee.next
    }
  }

  private func hasRequests(_ process: Process) -> Bool {
    var result = false
    forEachThread(of: process) { if hasRequests($0) { result = true } }
    return result
  }

  private func hasRequests(_ thread: Thread) -> Bool {
    let head = requestList(thread)
    return head.pointee.Flink != nil && head.pointee.Flink != head
  }

  /// Has a routine run in a thread with requests.
  private func queue(_ routine: @escaping APC.Routine, to thread: Thread) {
    guard hasRequests(thread),
      let block = machine.pool.allocate(
        MemoryLayout<KAPC>.size, kind: .nonpaged, tag: Self.cancelTag)
    else { return }
    let apc = block.assumingMemoryBound(to: KAPC.self)
    if !APC.queueSpecial(apc, to: thread, routine) {
      machine.pool.free(block, tag: Self.cancelTag)
    }
  }

  private func endingFlag(_ process: Process) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(process.pointer)
      + MemoryLayout<ProcessState>.offset(of: \.isEnding).unsafelyUnwrapped
  }

  // MARK: Time of the host, for drivers that do not obey

  private var hostDeadline: UInt64 {
    monotonicTime() + UInt64(max(0, machine.state.pointee.configuration.cancelSeconds) * 1e9)
  }

  private func monotonicTime() -> UInt64 {
    if machine.schedule != nil { return machine.interruptTime * 100 }
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }

  /// Lets other threads work, and takes what they sent to this one.
  private func pause() {
    CurrentThread.leaveIfHalted()
    // Of a machine whose time is its own, more at once: nobody waits for it.
    machine.pause(microseconds: machine.schedule == nil ? 200 : 10_000)
    IRQL.lower(to: IRQL.raise(to: max(IRQL.apc, CurrentThread.irql)))
  }
}

/// Cancels and awaits the requests of a thread that ends.
let runDownRequests: @convention(c) (UnsafeMutablePointer<R3Thread>) -> Void = { _ in
  Machine.current.io.runDown()
}

private let cancelInOwner: APC.Routine = { apc in
  let io = Machine.current.io
  io.machine.pool.free(UnsafeMutableRawPointer(apc), tag: IOManager.cancelTag)
  io.cancelRequests()
}

private let detachInOwner: APC.Routine = { apc in
  let io = Machine.current.io
  io.machine.pool.free(UnsafeMutableRawPointer(apc), tag: IOManager.cancelTag)
  io.detachRequests()
}
