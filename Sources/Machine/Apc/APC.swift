import CDriverKit
import CRing3

/// Asynchronous procedure calls: work that is done in the context of one thread.
package enum APC {
  /// `KAPC.SpareByte0` of an APC whose routines are the system's own, in the host's convention.
  static let hostMark: UInt8 = 0x52

  /// A routine of the system that runs in the context of a thread, at APC_LEVEL.
  package typealias Routine = @convention(c) (UnsafeMutablePointer<KAPC>) -> Void

  /// Sets an APC up: `KeInitializeApc`.
  ///
  /// Without a normal routine it is a special one.
  package static func initialize(
    _ apc: UnsafeMutablePointer<KAPC>, thread: Thread, kernelRoutine: UnsafeMutableRawPointer?,
    rundownRoutine: UnsafeMutableRawPointer? = nil, normalRoutine: UnsafeMutableRawPointer? = nil,
    mode: UInt8 = ProcessorMode.kernel, context: UnsafeMutableRawPointer? = nil
  ) {
    apc.pointee = KAPC()
    apc.pointee.`Type` = 18
    apc.pointee.Size = UInt8(MemoryLayout<KAPC>.size)
    apc.pointee.Thread = UnsafeMutableRawPointer(thread.pointer)
    apc.pointee.KernelRoutine = kernelRoutine
    apc.pointee.RundownRoutine = rundownRoutine
    apc.pointee.NormalRoutine = normalRoutine
    if normalRoutine != nil {
      apc.pointee.ApcMode = CChar(mode)
      apc.pointee.NormalContext = context
    }
  }

  /// Has `routine` run in the context of `thread`, soon, even when it waits or is outside the kernel.
  ///
  /// A thread outside is only reached when it allowed that with ``CurrentThread/allowBorrowing()``.
  ///
  /// - Parameter apc: memory for the time until the routine runs; it may free it. Its fields
  ///   `SystemArgument1` and `SystemArgument2` are the caller's.
  /// - Returns: false when the thread has ended.
  @discardableResult
  package static func queueSpecial(
    _ apc: UnsafeMutablePointer<KAPC>, to thread: Thread, _ routine: @escaping Routine,
    _ argument1: UnsafeMutableRawPointer? = nil, _ argument2: UnsafeMutableRawPointer? = nil
  ) -> Bool {
    initialize(
      apc, thread: thread, kernelRoutine: unsafeBitCast(routine, to: UnsafeMutableRawPointer.self))
    apc.pointee.SpareByte0 = hostMark
    return insert(apc, argument1, argument2)
  }

  /// Queues an APC: `KeInsertQueueApc`.
  ///
  /// - Returns: false when it is queued already, or the thread has ended.
  package static func insert(
    _ apc: UnsafeMutablePointer<KAPC>, _ argument1: UnsafeMutableRawPointer?,
    _ argument2: UnsafeMutableRawPointer?
  ) -> Bool {
    let machine = Machine.current
    let thread = Thread(apc.pointee.Thread.assumingMemoryBound(to: ThreadState.self))
    machine.lockDispatcher()
    guard apc.pointee.Inserted == 0, r3_load32(thread.terminatedAddress) == 0 else {
      machine.unlockDispatcher()
      return false
    }
    apc.pointee.Inserted = 1
    apc.pointee.SystemArgument1 = argument1
    apc.pointee.SystemArgument2 = argument2
    let isKernel = apc.pointee.ApcMode == 0
    if isKernel { thread.enqueueKernel(apc) } else { thread.enqueueUser(apc) }
    machine.unlockDispatcher()
    if isKernel { reach(thread) }
    return true
  }

  /// Takes a queued APC out again: `KeRemoveQueueApc`.
  package static func remove(_ apc: UnsafeMutablePointer<KAPC>) -> Bool {
    let machine = Machine.current
    machine.lockDispatcher()
    let wasInserted = apc.pointee.Inserted != 0
    if wasInserted {
      apc.listEntry.unlink()
      apc.pointee.Inserted = 0
    }
    machine.unlockDispatcher()
    return wasInserted
  }

  /// Sees to it that a queued kernel APC is delivered.
  private static func reach(_ thread: Thread) {
    if thread == CurrentThread.thread {
      deliverIfPossible()
    } else if thread.mayBeBorrowed {
      Service.deliverOnBehalf(of: thread)
    }
  }
}

extension UnsafeMutablePointer where Pointee == KAPC {
  var listEntry: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<KAPC>.offset(of: \.ApcListEntry)!)
      .assumingMemoryBound(to: LIST_ENTRY.self)
  }

  static func of(_ entry: UnsafeMutablePointer<LIST_ENTRY>) -> Self {
    (UnsafeMutableRawPointer(entry) - MemoryLayout<KAPC>.offset(of: \.ApcListEntry)!)
      .assumingMemoryBound(to: KAPC.self)
  }
}

/// The queues of a thread, under the dispatcher's lock.
extension Thread {
  /// Special APCs go before normal ones.
  func enqueueKernel(_ apc: UnsafeMutablePointer<KAPC>) {
    var place = kernelAPCs
    if apc.pointee.NormalRoutine == nil {
      place = kernelAPCs.pointee.Flink
      while place != kernelAPCs,
        UnsafeMutablePointer<KAPC>.of(place).pointee.NormalRoutine == nil
      {
        place = place.pointee.Flink
      }
    }
    place.insertTail(apc.listEntry)
    r3_or32(block.attentionAddress, Attention.kernelAPC)
    // A thread that runs this does not sleep.
    if self != CurrentThread.thread { wake() }
  }

  /// Ends an alertable wait in user mode.
  func enqueueUser(_ apc: UnsafeMutablePointer<KAPC>) {
    userAPCs.insertTail(apc.listEntry)
    if isWaiting, wait.pointee.isAlertable, wait.pointee.mode == ProcessorMode.user {
      r3_or32(block.attentionAddress, Attention.userAPC)
      endWait(WaitStatus.userAPC)
    }
  }

  /// Whether the current thread, in a wait, has to interrupt it for an APC.
  var hasDeliverableKernelAPC: Bool {
    guard r3_load32(block.attentionAddress) & Attention.kernelAPC != 0,
      block.pointee.irql == IRQL.passive
    else { return false }
    machine.lockDispatcher()
    let apc = deliverableKernelAPC
    machine.unlockDispatcher()
    return apc != nil
  }

  /// The APC that may run now.
  ///
  /// Under the dispatcher's lock.
  var deliverableKernelAPC: UnsafeMutablePointer<KAPC>? {
    guard let first = kernelAPCs.next(in: kernelAPCs), wait.pointee.specialAPCDisable == 0 else {
      return nil
    }
    let apc = UnsafeMutablePointer<KAPC>.of(first)
    if apc.pointee.NormalRoutine == nil { return apc }
    return wait.pointee.apcDisable == 0 && !wait.pointee.isKernelAPCRunning ? apc : nil
  }
}
