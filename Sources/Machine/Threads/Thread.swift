import CRing3
import Glibc

/// A thread of a machine.
///
/// The pointer is what a driver calls PKTHREAD and PETHREAD.
public struct Thread: Equatable, @unchecked Sendable {
  @usableFromInline package let pointer: UnsafeMutablePointer<ThreadState>

  @inlinable public init(_ pointer: UnsafeMutablePointer<ThreadState>) { self.pointer = pointer }

  @inlinable public init?(_ address: UnsafeMutableRawPointer?) {
    guard let address else { return nil }
    pointer = address.assumingMemoryBound(to: ThreadState.self)
  }

  /// The block that GS points to while the thread runs.
  @inlinable public var block: UnsafeMutablePointer<R3Thread> { pointer.pointee.block }

  @inlinable public var process: Process { Process(pointer.pointee.process) }

  @inlinable public var machine: Machine { Machine(state: pointer.pointee.machine) }
}

/// The body of a thread object.
public struct ThreadState {
  /// A DISPATCHER_HEADER: a thread can be waited for, and is signalled when it ends.
  package var header: InlineArray<3, UInt64> = .init(repeating: 0)
  @usableFromInline package let machine: UnsafeMutablePointer<MachineState>
  @usableFromInline package let process: UnsafeMutablePointer<ProcessState>
  @usableFromInline package let block: UnsafeMutablePointer<R3Thread>
  /// What a driver sees as the thread identifier; a multiple of 4.
  package let identifier: UInt
  /// Host thread, for reports.
  package var hostIdentifier: Int32
  /// Bumped to wake the thread; it sleeps on this word.
  package var wakeWord: UInt32 = 0
  /// Requests that the thread issued and that are not finished; a LIST_ENTRY kept by the I/O manager.
  package var requests: InlineArray<2, UInt64> = .init(repeating: 0)
  package var requestLock = MachineLock()
  /// State of waits and APCs, kept by the dispatcher.
  package var wait = ThreadWaitState()
  package var isTerminated: UInt32 = 0
  /// Made by PsCreateSystemThread, with a host thread of its own.
  package var isSystem = false
  package var priority: Int32 = 8
  /// Processors that the thread may run on, one bit each.
  package var affinity: UInt64 = .max
  /// Who has the thread's identity, as ``ThreadHost`` says.
  ///
  /// Only kept while the thread may be borrowed.
  var host: UInt32 = 0
  /// 1 while the thread is in the list of those whose APCs the service thread delivers.
  var isToBeServed: UInt32 = 0
  var nextToServe: UInt64 = 0
  package var next: UnsafeMutablePointer<ThreadState>?
  /// The registry callback that the thread is in, so that its own calls are not shown to it.
  package var registryCallback: UnsafeMutableRawPointer?
  /// What a system thread runs.
  package var start = SystemThreadStart()
  var isWorker = false
  /// 1 once drivers could be told that the thread is there, and that it ends.
  package var isStartTold: UInt32 = 0
  package var isEndTold: UInt32 = 0
  var exitStatus: Int32 = 0
  /// Whether `block` is still the thread's own; a thread that has ended has given it back.
  package internal(set) var hasBlock = true
  /// Whether a host thread of the program is bound to the block.
  package internal(set) var isHostThread = false
  /// Whether the host thread that was bound to the block has ended before the thread.
  var isOrphaned = false
}

package struct ThreadRegistry {
  package var lock = MachineLock()
  package var first: UnsafeMutablePointer<ThreadState>?
  /// The number of drivers' routines that are told of threads.
  package var watcherCount = 0
  var nextNumber: UInt = 1
}

extension Machine {
  /// Makes a thread object with a stack and a block; no host thread is bound to it yet.
  ///
  /// - Parameter host: the host thread of the program that is to be bound to it; 0 for a host thread of the
  ///   machine's own, which is started afterwards.
  package func makeThread(in process: Process, for host: Int32 = 0) throws(MachineError) -> Thread {
    let block = try ThreadBlocks.take(
      stackByteCount: state.pointee.configuration.kernelStackByteCount, for: host)
    let body = ObjectHeader.allocate(ThreadState.self)
    state.pointee.threads.lock.lock()
    let number = state.pointee.threads.nextNumber
    state.pointee.threads.nextNumber += 1
    body.initialize(
      to: ThreadState(
        machine: state, process: process.pointer, block: block, identifier: number * 4 + 0x1000,
        hostIdentifier: host))
    body.pointee.isHostThread = host != 0
    Thread(body).initializeDispatching()
    body.pointee.next = state.pointee.threads.first
    state.pointee.threads.first = body
    state.pointee.threads.lock.unlock()

    block.pointee.currentThread = UnsafeMutableRawPointer(body)
    block.pointee.machine = UnsafeMutableRawPointer(state)
    block.pointee.process = UnsafeMutableRawPointer(process.pointer)
    block.pointee.halted = UnsafePointer(OpaquePointer(state))
    state.pointee.processors.assign(block, number: Int(number))
    if self[.schedule] != nil { block.pointee.attention = Attention.scheduled }
    state.pointee.hooks.threadMade?(UnsafeMutableRawPointer(body))
    return Thread(body)
  }

  /// Wakes every thread that sleeps, so that it sees the bug check.
  package func wakeEveryThread() {
    var next = state.pointee.threads.first
    while let thread = next {
      _ = r3_add32(Thread(thread).wakeAddress, 1)
      r3_futex_wake(Thread(thread).wakeAddress, 1)
      next = thread.pointee.next
    }
    if isHalted { schedule?.wakeAll() }
  }
}

extension Thread {
  /// The word that the thread sleeps on.
  package var wakeAddress: UnsafeMutablePointer<UInt32> {
    (UnsafeMutableRawPointer(pointer) + MemoryLayout<ThreadState>.offset(of: \.wakeWord)!)
      .assumingMemoryBound(to: UInt32.self)
  }
}

extension Thread {
  /// Gives back what upper layers cached for this thread, which runs no more.
  package func giveBackCaches() {
    for ended in machine.state.pointee.hooks.threadEnded.reversed() { ended(block) }
  }
}

extension ThreadRegistry {
  /// Gives the blocks of all threads back; the machine has ended.
  mutating func recycleAll() {
    while let thread = first {
      first = thread.pointee.next
      if thread.pointee.hasBlock {
        ThreadBlocks.giveBack(
          thread.pointee.block,
          boundTo: thread.pointee.isHostThread ? thread.pointee.hostIdentifier : 0)
      }
      ObjectHeader.free(thread)
    }
  }
}
