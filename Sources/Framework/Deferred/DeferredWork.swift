import CDriverKit
import CRing3
import Machine

/// Work that an object has done in a worker thread, at PASSIVE_LEVEL; part of the object's body.
///
/// While it is queued or runs, the object is referenced.
struct DeferredWork {
  /// Guards what follows, but for the event.
  var lock = MachineLock()
  fileprivate(set) var isQueued = false
  /// The object ends: nothing is queued any more.
  fileprivate(set) var isRunningDown = false
  fileprivate var runningCount: UInt32 = 0
  /// The thread that runs it; of several, the one that began last.
  fileprivate var thread: UnsafeMutablePointer<R3Thread>?
  /// Set while the work is neither queued nor running.
  fileprivate var idle = KEVENT()
}

extension UnsafeMutablePointer where Pointee == DeferredWork {
  func initialize() { idle.initialize(.notification, isSet: true) }

  private var idle: Event {
    Event(
      (UnsafeMutableRawPointer(self)
        + MemoryLayout<DeferredWork>.offset(of: \.idle).unsafelyUnwrapped)
        .assumingMemoryBound(to: KEVENT.self))
  }

  /// Has `routine` called with the object; false when it is queued already, or the object ends.
  func queue(_ object: FrameworkObject, _ routine: @escaping Machine.ThreadRoutine) -> Bool {
    pointee.lock.lock()
    let isNew = !pointee.isQueued && !pointee.isRunningDown
    if isNew {
      pointee.isQueued = true
      idle.reset()
      object.reference()
    }
    pointee.lock.unlock()
    if isNew { Machine.current.workers.queue(routine, UnsafeMutableRawPointer(object.head)) }
    return isNew
  }

  /// Runs `body` as the work of `object`; in the routine that was queued.
  func run(_ object: FrameworkObject, _ body: () -> Void) {
    pointee.lock.lock()
    // From here on it may be queued again.
    pointee.isQueued = false
    pointee.runningCount += 1
    pointee.thread = CurrentThread.pointer
    pointee.lock.unlock()
    body()
    pointee.lock.lock()
    pointee.runningCount -= 1
    if pointee.thread == CurrentThread.pointer { pointee.thread = nil }
    if pointee.runningCount == 0, !pointee.isQueued { idle.set() }
    pointee.lock.unlock()
    object.release()
  }

  /// Whether the running thread is in the work: it cannot wait for it.
  var isMine: Bool { pointee.thread == CurrentThread.pointer }

  /// Waits until the work is done; at PASSIVE_LEVEL, not in the work itself.
  func wait() {
    CurrentThread.enterCriticalRegion()
    idle.wait()
    CurrentThread.leaveCriticalRegion()
  }

  /// Refuses new work and waits for what there is, unless it is the caller.
  func runDown() {
    pointee.lock.lock()
    pointee.isRunningDown = true
    pointee.lock.unlock()
    if !isMine { wait() }
  }
}
