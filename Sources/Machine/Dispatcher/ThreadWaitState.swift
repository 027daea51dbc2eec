import CDriverKit
import CRing3
import Glibc

/// What the dispatcher keeps for a thread; all but the first three under the dispatcher's lock.
package struct ThreadWaitState {
  /// 1 from the moment when the thread is to sleep until somebody ends its wait.
  ///
  /// First, for atomics.
  var isWaiting: UInt32 = 0
  /// 1 while the thread sleeps in the host, so that it costs a system call to wake it.
  var isSleeping: UInt32 = 0
  /// Status that the wait ended with.
  var status: Int32 = 0

  var isAlertable = false
  var mode: UInt8 = 0
  /// All objects are needed, not one.
  var isAll = false
  /// `Alerted[KernelMode]` and `Alerted[UserMode]`.
  var alerted: (Bool, Bool) = (false, false)
  /// The wait blocks of the wait under way.
  var blocks: UnsafeMutablePointer<KWAIT_BLOCK>?
  var blockCount = 0
  /// For few objects the blocks are here: 4 of 48 bytes.
  var builtInBlocks: InlineArray<24, UInt64> = .init(repeating: 0)
  /// The next thread whose wait has ended in this hold of the lock.
  var nextEnded: UnsafeMutablePointer<ThreadState>?

  /// Queued APCs, special ones before normal ones.
  var kernelAPCs = LIST_ENTRY()
  var userAPCs = LIST_ENTRY()
  /// Negative while normal kernel APCs are disabled; written by the thread and by who grants it a mutex.
  var apcDisable: Int32 = 0
  /// Negative while all APCs are disabled.
  var specialAPCDisable: Int32 = 0
  /// A normal kernel APC runs.
  var isKernelAPCRunning = false
  /// The mutexes that the thread owns.
  var mutants = LIST_ENTRY()
  /// The queue that the thread serves, and its link in the list of the queue's threads.
  var queue: UnsafeMutablePointer<KQUEUE>?
  var queueLink = LIST_ENTRY()
  /// What the last wait for a queue gave.
  var queueEntry: UnsafeMutablePointer<LIST_ENTRY>?
}

extension Thread {
  /// What the dispatcher keeps for the thread.
  var wait: UnsafeMutablePointer<ThreadWaitState> {
    (UnsafeMutableRawPointer(pointer) + MemoryLayout<ThreadState>.offset(of: \.wait)!)
      .assumingMemoryBound(to: ThreadWaitState.self)
  }

  var kernelAPCs: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(wait) + MemoryLayout<ThreadWaitState>.offset(of: \.kernelAPCs)!)
      .assumingMemoryBound(to: LIST_ENTRY.self)
  }

  var userAPCs: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(wait) + MemoryLayout<ThreadWaitState>.offset(of: \.userAPCs)!)
      .assumingMemoryBound(to: LIST_ENTRY.self)
  }

  var mutants: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(wait) + MemoryLayout<ThreadWaitState>.offset(of: \.mutants)!)
      .assumingMemoryBound(to: LIST_ENTRY.self)
  }

  var builtInBlocks: UnsafeMutablePointer<KWAIT_BLOCK> {
    (UnsafeMutableRawPointer(wait) + MemoryLayout<ThreadWaitState>.offset(of: \.builtInBlocks)!)
      .assumingMemoryBound(to: KWAIT_BLOCK.self)
  }

  private var sleepingAddress: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(wait) + MemoryLayout<ThreadWaitState>.offset(of: \.isSleeping)!
  }

  /// Makes the thread something that can be waited for, with nothing queued.
  func initializeDispatching() {
    DispatcherObject(pointer).initialize(type: DispatcherKind.thread, size: 24)
    kernelAPCs.initializeHead()
    userAPCs.initializeHead()
    mutants.initializeHead()
  }

  /// Makes the thread look at its state again, if it sleeps.
  package func wake() {
    r3_add32(wakeAddress, 1)
    if r3_load32(sleepingAddress) != 0 { r3_futex_wake(wakeAddress, 1) }
  }

  /// Sleeps until woken, at most so long; at once when the wake word is no longer `seen`.
  func sleep(_ seen: UInt32, nanoseconds: Int64) {
    _ = r3_swap32(sleepingAddress, 1)
    r3_futex_wait(wakeAddress, seen, nanoseconds)
    r3_store32(sleepingAddress, 0)
  }
}
