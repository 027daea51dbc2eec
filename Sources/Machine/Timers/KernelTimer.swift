import CDriverKit
import CRing3

/// A timer with the layout of KTIMER.
package struct KernelTimer {
  package let pointer: UnsafeMutablePointer<KTIMER>

  @inlinable package init(_ pointer: UnsafeMutablePointer<KTIMER>) { self.pointer = pointer }

  var object: DispatcherObject { DispatcherObject(pointer) }

  /// The routine `KeInitializeTimerEx`.
  ///
  /// - Parameter isSynchronization: it ends one wait, not all.
  package func initialize(isSynchronization: Bool) {
    pointer.pointee = KTIMER()
    object.initialize(
      type: isSynchronization
        ? DispatcherKind.synchronizationTimer : DispatcherKind.notificationTimer,
      size: MemoryLayout<KTIMER>.size)
  }

  package var isSignalled: Bool { object.signalState != 0 }

  /// Starts the timer, anew when it runs already: `KeSetTimerEx`.
  ///
  /// - Parameters:
  ///   - due: negative for a time from now, else a system time, in units of 100 ns.
  ///   - period: milliseconds between further expirations; 0 for none.
  /// - Returns: whether it ran already.
  @discardableResult
  package func set(due: Int64, period: UInt32 = 0, _ dpc: UnsafeMutablePointer<KDPC>? = nil) -> Bool
  {
    set(due: due, periodUnits: UInt64(period) * 10_000, dpc)
  }

  /// Starts the timer with a period in units of 100 ns.
  func set(due: Int64, periodUnits: UInt64, _ dpc: UnsafeMutablePointer<KDPC>?) -> Bool {
    let machine = Machine.current
    let time = due == 0 ? 1 : Deadline(units: due).time
    let stack = machine.verifier.isEmpty ? 0 : machine.noteStack()
    let old = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
    machine.lockDispatcher()
    let wasRunning = machine.state.pointee.dispatcher.timers.remove(pointer)
    object.signalState = 0
    pointer.pointee.Dpc = dpc
    pointer.pointee.Period = UInt32(clamping: periodUnits / 10_000)
    periodRest = UInt16(truncatingIfNeeded: periodUnits % 10_000)
    machine.start(self, at: time, stack)
    let isFirst = machine.state.pointee.dispatcher.timers.nextTime == time
    if time <= machine.interruptTime { machine.expireTimers(at: machine.interruptTime) }
    machine.unlockDispatcher()
    IRQL.lower(to: old)
    if isFirst { Service.timersChanged(machine) }
    return wasRunning
  }

  /// Stops the timer: `KeCancelTimer`.
  ///
  /// - Returns: whether it ran.
  @discardableResult
  package func cancel() -> Bool {
    let machine = Machine.current
    machine.lockDispatcher()
    let wasRunning = machine.state.pointee.dispatcher.timers.remove(pointer)
    pointer.pointee.Header.TimerMiscFlags &= ~KernelTimer.inserted
    machine.unlockDispatcher()
    return wasRunning
  }

  /// Units of 100 ns of the period beyond whole milliseconds; in a field that drivers do not use.
  private var periodRest: UInt16 {
    get { pointer.pointee.Processor }
    nonmutating set { pointer.pointee.Processor = newValue }
  }

  fileprivate var periodUnits: UInt64 {
    UInt64(pointer.pointee.Period) * 10_000 + UInt64(periodRest)
  }

  /// Bit of `TimerMiscFlags`.
  static let inserted: UInt8 = 0x40
}

extension Machine {
  /// Enters a timer in the queue.
  ///
  /// Under the dispatcher's lock.
  fileprivate func start(_ timer: KernelTimer, at time: UInt64, _ stack: StackNumber) {
    timer.pointer.pointee.DueTime.QuadPart = time
    timer.pointer.pointee.Header.TimerMiscFlags |= KernelTimer.inserted
    state.pointee.dispatcher.timers.insert(timer.pointer, at: time, stack)
  }

  /// Lets all timers expire that are due, and queues their DPCs.
  ///
  /// Under the dispatcher's lock.
  ///
  /// At DISPATCH_LEVEL; the DPCs run as the level is lowered, or on the service thread.
  func expireTimers(at now: UInt64) {
    while let entry = state.pointee.dispatcher.timers.removeFirst(dueAt: now) {
      let pointer = entry.timer
      let timer = KernelTimer(pointer)
      checkTimer(timer)
      let period = timer.periodUnits
      if period != 0 {
        // A machine that was not served for long does not catch up.
        let next = pointer.pointee.DueTime.QuadPart &+ period
        start(timer, at: next > now ? next : now + period, entry.stack)
      } else {
        pointer.pointee.Header.TimerMiscFlags &= ~KernelTimer.inserted
      }
      timer.object.signalState = 1
      timer.object.satisfyWaiters()
      if let dpc = pointer.pointee.Dpc { queueTimerDPC(dpc, entry.stack) }
    }
  }

  private func queueTimerDPC(_ dpc: UnsafeMutablePointer<KDPC>, _ stack: StackNumber) {
    let target = DPC.target(dpc) ?? CurrentThread.pointer.home
    guard DPC.enqueue(dpc, on: target, nil, nil, stack) else { return }
    if target != CurrentThread.pointer.home { Service.drain(target) }
  }

  /// TIMER_OR_DPC_INVALID: the memory of a running timer was given to something else.
  private func checkTimer(_ timer: KernelTimer) {
    let type = timer.object.type
    if type == DispatcherKind.notificationTimer || type == DispatcherKind.synchronizationTimer {
      return
    }
    unlockDispatcher()
    bugCheck(0xC7, 0, bits(timer.pointer), 0, 0)
  }

  /// A running timer whose KTIMER lies in a range of memory, for who frees that memory.
  package func runningTimer(in range: Range<UInt>) -> UnsafeMutablePointer<KTIMER>? {
    if state.pointee.dispatcher.timers.count == 0 { return nil }
    lockDispatcher()
    let timer = state.pointee.dispatcher.timers.first(in: range)
    unlockDispatcher()
    return timer
  }

  /// Moves a manual clock on, timer by timer, and runs what becomes due before it returns.
  ///
  /// - Parameter units: of 100 ns.
  /// - Throws: ``MachineHalted`` when what ran ended the machine.
  package func advanceTime(by units: UInt64) throws(MachineHalted) {
    precondition(state.pointee.clock.isManual, "Only a manual clock can be moved.")
    let end = interruptTime + units
    try inside(systemProcess) {
      while true {
        let next = min(end, max(nextTimerTime, interruptTime))
        setManualTime(next)
        runDueTimers()
        if next == end && nextTimerTime > end { break }
      }
      wakeEveryThread()
    }
  }

  var nextTimerTime: UInt64 {
    lockDispatcher()
    let time = state.pointee.dispatcher.timers.nextTime
    unlockDispatcher()
    return time
  }

  /// Lets due timers expire and runs their DPCs, at PASSIVE_LEVEL.
  func runDueTimers() {
    let old = IRQL.raise(to: IRQL.dispatch)
    lockDispatcher()
    expireTimers(at: interruptTime)
    unlockDispatcher()
    IRQL.lower(to: old)
    Service.drainProcessors(self)
  }
}
