import CDriverKit
import CRing3
import Machine

/// A WDFTIMER: a timer of the kernel with a DPC, which calls the driver or has a worker thread do so.
struct TimerBody {
  var head: ObjectHead
  let routine: UnsafeMutableRawPointer?
  /// Milliseconds; 0 for a timer that expires once.
  let period: UInt32
  /// Whether the driver is called at PASSIVE_LEVEL.
  let isPassive: Bool
  let serialization: Serialization
  var timer = KTIMER()
  var dpc = KDPC()
  /// What calls the driver when the timer is passive.
  var work = DeferredWork()
  /// Guards what follows, with the level at DISPATCH_LEVEL.
  var lock = MachineLock()
  /// Threads that stop the timer and wait: it does not start meanwhile.
  var stopCount: UInt32 = 0
  /// A start was refused meanwhile.
  var isStartRefused = false
  var isRunningDown = false
  /// The thread that is in the driver's callback.
  var thread: UnsafeMutablePointer<R3Thread>?
}

extension UnsafeMutablePointer where Pointee == TimerBody {
  var object: FrameworkObject { FrameworkObject(self) }

  var timer: KernelTimer { KernelTimer(field(\.timer)) }
  var dpc: UnsafeMutablePointer<KDPC> { field(\.dpc) }
  var work: UnsafeMutablePointer<DeferredWork> { field(\.work) }

  private func field<T>(_ path: WritableKeyPath<TimerBody, T>) -> UnsafeMutablePointer<T> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<TimerBody>.offset(of: path).unsafelyUnwrapped)
      .assumingMemoryBound(to: T.self)
  }

  /// Sets the timer and its DPC up, where the body lies now.
  func prepare() {
    timer.initialize(isSynchronization: false)
    DPC.initialize(dpc, host: timerExpired, UnsafeMutableRawPointer(self))
    work.initialize()
  }

  /// Runs `body` under the lock, at DISPATCH_LEVEL: no DPC of this processor comes between.
  func withLock<R>(_ body: () -> R) -> R {
    let old = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
    pointee.lock.lock()
    let result = body()
    pointee.lock.unlock()
    IRQL.lower(to: old)
    return result
  }

  /// Calls the driver, under its serialization.
  func call() {
    guard let routine = pointee.routine else { return }
    pointee.serialization.enter()
    pointee.thread = CurrentThread.pointer
    Framework.current.callingBack(routine) { _ = r3_call1(routine, pointee.head.handle) }
    pointee.thread = nil
    pointee.serialization.leave()
  }

  /// Starts the timer, anew when it runs; false when it did not run before, or may not start.
  func start(_ due: Int64) -> Bool {
    var wasRunning = false
    var isRefused = false
    withLock {
      if pointee.isRunningDown {
        isRefused = true
      } else if pointee.stopCount > 0 {
        pointee.isStartRefused = true
      } else {
        wasRunning = timer.set(due: due, period: pointee.period, dpc)
      }
    }
    if isRefused { Framework.current.note("WdfTimerStart: the timer is being deleted") }
    return wasRunning
  }

  /// Stops the timer and waits until no callback of it runs; at PASSIVE_LEVEL.
  ///
  /// - Returns: whether it ran.
  func stopAndWait() -> Bool {
    withLock { pointee.stopCount += 1 }
    var wasRunning = timer.cancel()
    DPC.flush()
    if pointee.isPassive { work.wait() }
    withLock {
      pointee.stopCount -= 1
      if pointee.isStartRefused {
        wasRunning = true
        pointee.isStartRefused = pointee.stopCount > 0
      }
    }
    return wasRunning
  }

  /// Stops the timer for good: its object ends.
  func runDown() {
    withLock { pointee.isRunningDown = true }
    _ = timer.cancel()
    DPC.flush()
    if pointee.isPassive { work.runDown() }
  }
}

private let timerExpired: DPC.Routine = { dpc in
  let body = dpc.pointee.DeferredContext.assumingMemoryBound(to: TimerBody.self)
  if body.pointee.isPassive {
    _ = body.work.queue(body.object, callPassively)
  } else {
    body.call()
  }
}

private let callPassively: Machine.ThreadRoutine = { context in
  guard let body = context?.assumingMemoryBound(to: TimerBody.self) else { return }
  body.work.run(body.object) { body.call() }
}

extension Framework {
  static let timerClass = ObjectClass(
    dispose: { $0.assumingMemoryBound(to: TimerBody.self).runDown() }, isPassive: true)
}
