import CRing3

// Who goes on. All under the lock.
extension Schedule {
  /// How far ahead a timer or timeout may be that comes before threads which can run, in units of 100 ns.
  private static let earlyUnits: UInt64 = 10_000_000

  /// Who goes on, after time has moved as far as it must; nil when nobody can, ever.
  func next(_ own: Thread?) -> Thread? {
    while true {
      if let next = choose(keeping: own) { return next }
      guard state.pointee.movesTime else { return endPatience() }
      let time = nextTime(isIdle: true)
      guard time != .max else { return nil }
      moveTime(to: time)
      state.pointee.progress += 1
    }
  }

  /// Draws who goes on; nil when nobody can at this time.
  func choose(keeping own: Thread?) -> Thread? {
    refresh()
    let count = runnableCount
    if let own, canRun(own), state.pointee.random.below(16) < state.pointee.persistence {
      return own
    }
    if count > 0, let early = early() { return early }
    return count == 0 ? nil : runnable(at: state.pointee.random.below(UInt64(count)))
  }

  /// Draws one of the others that can run.
  func another(than own: Thread) -> Thread? {
    refresh()
    let phase = own.pointee.phase
    own.pointee.phase = .outside
    defer { own.pointee.phase = phase }
    let count = runnableCount
    return count == 0 ? nil : runnable(at: state.pointee.random.below(UInt64(count)))
  }

  private func forEach(_ body: (Thread) -> Void) {
    var next = state.pointee.first
    while let entry = next {
      next = entry.pointee.next
      body(entry)
    }
  }

  private var runnableCount: Int {
    var count = 0
    forEach { if canRun($0) { count += 1 } }
    return count
  }

  private func runnable(at index: UInt64) -> Thread? {
    var left = index
    var result: Thread?
    forEach { thread in
      guard result == nil, canRun(thread) else { return }
      if left == 0 { result = thread } else { left -= 1 }
    }
    return result
  }

  /// Lets those go on whose wait has ended.
  private func refresh() {
    let now = machine.interruptTime
    forEach { if $0.pointee.phase == .waiting, hasCome($0, now) { $0.pointee.phase = .ready } }
  }

  private func hasCome(_ thread: Thread, _ now: UInt64) -> Bool {
    if let word = thread.pointee.word, r3_load32(word) != thread.pointee.seen { return true }
    if thread.pointee.kind == .service, min(timerTime, secondTime) <= now { return true }
    if thread.pointee.isPatient { return thread.pointee.deadline <= now && !hasOthers(thread) }
    return thread.pointee.deadline <= now
  }

  /// Whether another thread than a patient one can run.
  private func hasOthers(_ patient: Thread) -> Bool {
    var result = false
    forEach { if $0 != patient, canRun($0) { result = true } }
    return result
  }

  /// Only who changes the timers has the turn: no lock is needed to look at them.
  private var timerTime: UInt64 { machine.state.pointee.dispatcher.timers.nextTime }

  /// When the service thread does next what is done every second; `.max` for never.
  private var secondTime: UInt64 {
    if machine.state.pointee.hooks.everySecond == nil { return .max }
    return machine.service.pointee.lastSecond + Clock.unitsPerSecond
  }

  /// Below DISPATCH_LEVEL a thread needs a processor that nobody has for himself.
  private func canRun(_ thread: Thread) -> Bool {
    switch thread.pointee.phase {
    case .waiting, .outside: return false
    case .spinning where thread.pointee.tried == state.pointee.progress: return false
    case .ready, .spinning: return isRaised(thread) || hasFreeProcessor
    }
  }

  private func isRaised(_ thread: Thread) -> Bool {
    (thread.pointee.block?.pointee.irql ?? 0) >= IRQL.dispatch
  }

  private var hasFreeProcessor: Bool {
    let processors = machine.state.pointee.processors
    for number in 0..<processors.count where r3_load64(processors.states + number) == 0 {
      return true
    }
    return false
  }

  // MARK: Time

  func moveTime(to time: UInt64) {
    if time > machine.interruptTime { machine.setManualTime(time) }
  }

  /// When the next timer or timeout comes after now; `.max` for never.
  ///
  /// - Parameter isIdle: nobody can run: those who wait for answers lose their patience, and what happens
  ///   every second does.
  private func nextTime(isIdle: Bool) -> UInt64 {
    let now = machine.interruptTime
    var time = UInt64.max
    var hasService = false
    forEach { thread in
      if thread.pointee.kind == .service { hasService = thread.pointee.phase == .waiting }
      guard thread.pointee.phase == .waiting, isIdle || !thread.pointee.isPatient else { return }
      if thread.pointee.deadline > now { time = min(time, thread.pointee.deadline) }
    }
    guard hasService else { return time }
    if timerTime > now { time = min(time, timerTime) }
    // Alone it sets nobody free.
    if isIdle, time != .max { time = min(time, max(secondTime, now + 1)) }
    return time
  }

  /// Now and then the next timer or timeout comes before what could run, when it is not far ahead.
  private func early() -> Thread? {
    let rate = state.pointee.earlyRate
    guard rate != 0, state.pointee.movesTime else { return nil }
    let time = nextTime(isIdle: false)
    let now = machine.interruptTime
    guard time != .max, time - now <= Self.earlyUnits, state.pointee.random.below(rate) == 0 else {
      return nil
    }
    moveTime(to: time)
    var result: Thread?
    forEach { thread in
      guard thread.pointee.phase == .waiting, hasCome(thread, time) else { return }
      thread.pointee.phase = .ready
      if result == nil, canRun(thread) { result = thread }
    }
    return result
  }

  /// Where time does not move by itself, who waits for an answer gives up when nobody can run.
  private func endPatience() -> Thread? {
    var result: Thread?
    forEach { thread in
      guard result == nil, thread.pointee.phase == .waiting, thread.pointee.isPatient,
        thread.pointee.deadline != .max
      else { return }
      thread.pointee.isOver = true
      thread.pointee.phase = .ready
      result = thread
    }
    return result
  }
}
