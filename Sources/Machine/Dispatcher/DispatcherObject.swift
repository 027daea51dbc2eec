import CDriverKit
import CRing3

/// Values of `DISPATCHER_HEADER.Type`.
package enum DispatcherKind {
  package static let notificationEvent: UInt8 = 0
  package static let synchronizationEvent: UInt8 = 1
  package static let mutant: UInt8 = 2
  package static let process: UInt8 = 3
  package static let queue: UInt8 = 4
  package static let semaphore: UInt8 = 5
  package static let thread: UInt8 = 6
  package static let notificationTimer: UInt8 = 8
  package static let synchronizationTimer: UInt8 = 9
}

/// An object that threads can wait for: a pointer to its DISPATCHER_HEADER.
package struct DispatcherObject {
  package let header: UnsafeMutablePointer<DISPATCHER_HEADER>

  @inlinable package init(_ address: UnsafeMutableRawPointer) {
    header = address.assumingMemoryBound(to: DISPATCHER_HEADER.self)
  }

  /// Sets the header up.
  ///
  /// - Parameter size: bytes of the whole object.
  package func initialize(type: UInt8, size: Int, signalState: Int32 = 0) {
    header.pointee.Lock = 0
    header.pointee.`Type` = type
    header.pointee.Size = UInt8(truncatingIfNeeded: size / 4)
    header.pointee.SignalState = signalState
    waiters.initializeHead()
  }

  var type: UInt8 { header.pointee.`Type` }

  package var signalState: Int32 {
    get { header.pointee.SignalState }
    nonmutating set { header.pointee.SignalState = newValue }
  }

  /// The list of the wait blocks of all who wait.
  var waiters: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(header) + 8).assumingMemoryBound(to: LIST_ENTRY.self)
  }

  private var queue: Queue {
    Queue(UnsafeMutableRawPointer(header).assumingMemoryBound(to: KQUEUE.self))
  }

  /// Whether a wait may end at all now: a queue lets only so many threads run.
  private var canEndWaits: Bool {
    signalState > 0 && (type != DispatcherKind.queue || queue.hasRoom)
  }

  private var mutant: Mutant {
    Mutant(UnsafeMutableRawPointer(header).assumingMemoryBound(to: KMUTANT.self))
  }

  /// Whether a wait of a thread would end now.
  ///
  /// Under the dispatcher's lock.
  func isSignalled(for thread: Thread) -> Bool {
    canEndWaits || (type == DispatcherKind.mutant && mutant.owner == thread)
  }

  /// Does to the object what an ended wait does to it.
  ///
  /// Under the dispatcher's lock, for an object that is signalled.
  ///
  /// - Returns: `WaitStatus.abandoned` for a mutex whose owner ended, else 0.
  func consume(for thread: Thread) -> Int32 {
    switch type {
    case DispatcherKind.synchronizationEvent, DispatcherKind.synchronizationTimer:
      signalState = 0
    case DispatcherKind.semaphore:
      signalState -= 1
    case DispatcherKind.mutant:
      return mutant.grant(to: thread)
    case DispatcherKind.queue:
      queue.grant(to: thread)
    default:
      break
    }
    return 0
  }

  /// Signals an object that stays signalled, such as a process that has ended.
  package func signal() {
    let machine = Machine.current
    machine.lockDispatcher()
    signalState = 1
    satisfyWaiters()
    machine.unlockDispatcher()
  }

  /// Ends the waits that the object's state allows to end.
  ///
  /// Under the dispatcher's lock.
  func satisfyWaiters() {
    var next = waiters.next(in: waiters)
    while let entry = next, canEndWaits {
      let block = UnsafeMutableRawPointer(entry).assumingMemoryBound(to: KWAIT_BLOCK.self)
      let thread = Thread(block.pointee.Thread.assumingMemoryBound(to: ThreadState.self))
      if let status = thread.statusIfSatisfied(by: block) {
        thread.endWait(status)
        // The wait may have had several blocks in this list: begin again.
        next = waiters.next(in: waiters)
      } else {
        next = entry.next(in: waiters)
      }
    }
  }
}
