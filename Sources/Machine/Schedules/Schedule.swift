import CRing3
import Glibc

/// The order in which the threads of a machine run, when it is drawn from a seed; see ``ScheduleState``.
package struct Schedule {
  let machine: Machine
  let state: UnsafeMutablePointer<ScheduleState>

  typealias Thread = UnsafeMutablePointer<Participant>

  /// Units of 100 ns that a point takes.
  private static let pointUnits: UInt64 = 10

  // MARK: Coming and going

  /// A host thread of the program enters the kernel, or begins to wait for an answer.
  ///
  /// - Returns: false when this host thread has the turn already, which then is not to be given back.
  func begin() -> Bool {
    let host = r3_host_thread_identifier()
    state.pointee.lock.lockStaying()
    if let running = state.pointee.running, running.pointee.host == host {
      let wasAway = running.pointee.isAway
      running.pointee.isAway = false
      state.pointee.lock.unlock()
      return wasAway
    }
    let own = program(host)
    own.pointee.phase = .ready
    state.pointee.programCount += 1
    let isFree = state.pointee.running == nil
    if isFree { state.pointee.running = own }
    state.pointee.lock.unlock()
    if !isFree { _ = awaitTurn(own) }
    return true
  }

  /// The host thread leaves, which ``begin()`` gave the turn; others may go on before.
  ///
  /// - Parameter isPoint: whether the turn may go to others first.
  func leave(isPoint: Bool) {
    if isPoint { point(Self.leaving, isReturn: false) }
    state.pointee.lock.lockStaying()
    if state.pointee.senderCount > 0, !machine.isHalted, let own = state.pointee.running {
      own.pointee.isAway = true
      state.pointee.lock.unlock()
      return
    }
    state.pointee.programCount -= 1
    if let own = state.pointee.running, own.pointee.host == r3_host_thread_identifier() {
      own.pointee.phase = .outside
      state.pointee.progress += 1
      state.pointee.running = nil
      // Else all stand still until a thread of the program comes again.
      if state.pointee.programCount > 0, !machine.isHalted, let next = next(nil) { give(next) }
    }
    state.pointee.lock.unlock()
  }

  private static var leaving: UnsafePointer<CChar> {
    UnsafeRawPointer(("leave" as StaticString).utf8Start).assumingMemoryBound(to: CChar.self)
  }

  private func program(_ host: Int32) -> Thread {
    var next = state.pointee.first
    while let entry = next {
      if entry.pointee.kind == .program, entry.pointee.host == host { return entry }
      next = entry.pointee.next
    }
    return add(.program, .outside, host, nil)
  }

  /// A host thread of the program ends; outside.
  func forget(host: Int32) {
    state.pointee.lock.lockStaying()
    var next = state.pointee.first
    while let entry = next {
      next = entry.pointee.next
      if entry.pointee.kind == .program, entry.pointee.host == host,
        entry.pointee.phase == .outside
      {
        remove(entry)
      }
    }
    state.pointee.lock.unlock()
  }

  /// A thread of the machine was made, which is to run when its turn comes.
  func join(_ thread: UnsafeMutablePointer<ThreadState>, isService: Bool = false) {
    state.pointee.lock.lockStaying()
    _ = add(isService ? .service : .system, .ready, 0, thread)
    state.pointee.lock.unlock()
  }

  /// A thread of the program is to be started, which is inside until its end; by one that has the turn.
  func joinSender() -> UnsafeMutableRawPointer {
    state.pointee.lock.lockStaying()
    let sender = add(.program, .ready, 0, nil)
    sender.pointee.isSender = true
    state.pointee.programCount += 1
    state.pointee.senderCount += 1
    state.pointee.lock.unlock()
    return UnsafeMutableRawPointer(sender)
  }

  /// Runs `body` in a sender's host thread when its turn comes; not at all when the machine has ended.
  func runSender(_ sender: UnsafeMutableRawPointer, _ body: () -> Void) {
    let own = sender.assumingMemoryBound(to: Participant.self)
    state.pointee.lock.lockStaying()
    own.pointee.host = r3_host_thread_identifier()
    state.pointee.lock.unlock()
    _ = awaitTurn(own)
    body()
    dropSender(sender)
  }

  /// A sender has ended, or never came to be.
  func dropSender(_ sender: UnsafeMutableRawPointer) {
    let own = sender.assumingMemoryBound(to: Participant.self)
    state.pointee.lock.lockStaying()
    state.pointee.senderCount -= 1
    state.pointee.programCount -= 1
    remove(own)
    passFromEnded(own)
    state.pointee.lock.unlock()
  }

  /// The turn of a thread that has ended goes on; under the lock.
  private func passFromEnded(_ own: Thread) {
    guard state.pointee.running == own else { return }
    state.pointee.running = nil
    state.pointee.progress += 1
    if state.pointee.programCount > 0, !machine.isHalted, let next = next(nil) { give(next) }
  }

  /// The host thread of a machine's thread begins, and waits for its turn.
  ///
  /// - Returns: false when the machine has ended.
  func start(_ thread: UnsafeMutablePointer<ThreadState>) -> Bool {
    state.pointee.lock.lockStaying()
    let own = participant(thread)
    own?.pointee.host = r3_host_thread_identifier()
    state.pointee.lock.unlock()
    guard let own else { return true }
    return awaitTurn(own)
  }

  /// A machine's thread will not run any more.
  func end(_ thread: UnsafeMutablePointer<ThreadState>) {
    state.pointee.lock.lockStaying()
    if let own = participant(thread) {
      remove(own)
      passFromEnded(own)
    }
    state.pointee.lock.unlock()
  }

  private func participant(_ thread: UnsafeMutablePointer<ThreadState>) -> Thread? {
    var next = state.pointee.first
    while let entry = next, entry.pointee.thread != thread { next = entry.pointee.next }
    return next
  }

  private func add(
    _ kind: Participant.Kind, _ phase: Participant.Phase, _ host: Int32,
    _ thread: UnsafeMutablePointer<ThreadState>?
  ) -> Thread {
    let entry = Thread.allocate(capacity: 1)
    entry.initialize(
      to: Participant(
        kind: kind, phase: phase, number: state.pointee.nextNumber, host: host, thread: thread))
    state.pointee.nextNumber += 1
    if let last = state.pointee.last {
      last.pointee.next = entry
    } else {
      state.pointee.first = entry
    }
    state.pointee.last = entry
    return entry
  }

  private func remove(_ entry: Thread) {
    var before: Thread?
    var next = state.pointee.first
    while let candidate = next, candidate != entry {
      before = candidate
      next = candidate.pointee.next
    }
    if let before {
      before.pointee.next = entry.pointee.next
    } else {
      state.pointee.first = entry.pointee.next
    }
    if state.pointee.last == entry { state.pointee.last = before }
    entry.deallocate()
  }

  // MARK: Points

  /// A point at which another thread may go on.
  ///
  /// At any level; never under a lock of the system's own.
  func point(_ name: UnsafePointer<CChar>, isReturn: Bool) {
    if machine.isHalted { return }
    state.pointee.lock.lockStaying()
    guard let own = state.pointee.running else { return state.pointee.lock.unlock() }
    state.pointee.record.add(
      ScheduleRecord.Point(thread: own.pointee.number, name: name, isReturn: isReturn))
    if state.pointee.movesTime { moveTime(to: machine.interruptTime + Self.pointUnits) }
    state.pointee.progress += 1
    own.pointee.export = name
    own.pointee.phase = .ready
    own.pointee.tryCount = 0
    own.pointee.block = Self.block
    let next = choose(keeping: own) ?? own
    pass(own, to: next)
  }

  /// Waits until `word` is no longer `seen`, or the time has come.
  ///
  /// - Parameters:
  ///   - isPatient: the time comes only when nobody else can run.
  ///   - reason: what the thread waits for, and its address.
  /// - Returns: false when the time has come, as far as that is known without a clock.
  @discardableResult
  func wait(
    _ word: UnsafeMutablePointer<UInt32>, _ seen: UInt32, until deadline: Deadline,
    isPatient: Bool = false, _ reason: StaticString, _ object: UInt64 = 0
  ) -> Bool {
    if machine.isHalted { return true }
    let stack = machine.noteStack()
    state.pointee.lock.lockStaying()
    guard let own = state.pointee.running else {
      state.pointee.lock.unlock()
      return true
    }
    state.pointee.progress += 1
    own.pointee.phase = .waiting
    own.pointee.word = word
    own.pointee.seen = seen
    own.pointee.deadline = deadline.time
    own.pointee.isPatient = isPatient
    own.pointee.isOver = false
    own.pointee.reason = reason
    own.pointee.object = object
    own.pointee.stack = stack
    own.pointee.tryCount = 0
    own.pointee.block = Self.block
    handOn(own)
    return !own.pointee.isOver
  }

  /// A thread that did not get a lock lets others go on.
  func spin(_ reason: StaticString, _ object: UInt64) {
    if machine.isHalted { return }
    state.pointee.lock.lockStaying()
    guard let own = state.pointee.running else { return state.pointee.lock.unlock() }
    own.pointee.phase = .spinning
    own.pointee.tried = state.pointee.progress
    own.pointee.tryCount += 1
    own.pointee.reason = reason
    own.pointee.object = object
    own.pointee.block = Self.block
    if own.pointee.tryCount == 1 {
      state.pointee.lock.unlock()
      own.pointee.stack = machine.noteStack()
      state.pointee.lock.lockStaying()
    }
    handOn(own)
  }

  /// Lets others go on when there are any, for who waits for something that a thread without the turn may
  /// do as well.
  ///
  /// - Returns: false when nobody else could.
  func tryYield() -> Bool {
    state.pointee.lock.lockStaying()
    guard !machine.isHalted, let own = state.pointee.running,
      own.pointee.host == r3_host_thread_identifier(), let next = another(than: own)
    else {
      state.pointee.lock.unlock()
      return false
    }
    own.pointee.phase = .ready
    own.pointee.block = Self.block
    pass(own, to: next)
    return true
  }

  /// Sleeps for a time of the machine.
  func sleep(units: UInt64) {
    let end = Deadline(time: machine.interruptTime + units)
    var word: UInt32 = 0
    while !machine.isHalted, machine.interruptTime < end.time {
      if !wait(&word, 0, until: end, "time") { break }
    }
  }

  private static var block: UnsafeMutablePointer<R3Thread>? {
    guard let block = r3_current(), block.pointee.hostStack != 0 else { return nil }
    return block
  }

  // MARK: The turn

  /// Gives the turn of a thread that cannot go on to another one; under the lock, which is given back.
  private func handOn(_ own: Thread) {
    let isHopeless = own.pointee.tryCount > 100_000
    if !isHopeless, let next = next(nil) { return pass(own, to: next) }
    if !isHopeless, canBeHelped {
      state.pointee.running = nil
      state.pointee.lock.unlock()
      return awaitTurnOrLeave(own)
    }
    state.pointee.lock.unlock()
    endInDeadlock()
  }

  /// Whether a thread of the program that is outside can come and set somebody free.
  private var canBeHelped: Bool {
    var isAwaited = false
    var next = state.pointee.first
    while let entry = next {
      if entry.pointee.kind == .program {
        if entry.pointee.phase == .outside { return true }
        isAwaited = true
      }
      next = entry.pointee.next
    }
    return !isAwaited
  }

  /// Gives the turn on and waits for it to come back; under the lock, which is given back.
  private func pass(_ own: Thread, to next: Thread) {
    if next == own {
      own.pointee.phase = .ready
      return state.pointee.lock.unlock()
    }
    state.pointee.record.switchCount += 1
    give(next)
    state.pointee.lock.unlock()
    awaitTurnOrLeave(own)
  }

  /// Under the lock.
  private func give(_ next: Thread) {
    state.pointee.running = next
    next.pointee.phase = .ready
    r3_store32(next, 1)
    r3_futex_wake(turn(next), 1)
  }

  private func turn(_ thread: Thread) -> UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(thread).assumingMemoryBound(to: UInt32.self)
  }

  private func awaitTurnOrLeave(_ own: Thread) {
    if !awaitTurn(own) { CurrentThread.leaveIfHalted() }
  }

  /// Lets all go who wait for their turn: the machine has ended.
  func wakeAll() {
    state.pointee.lock.lockStaying()
    var next = state.pointee.first
    while let entry = next {
      r3_futex_wake(turn(entry), 1)
      next = entry.pointee.next
    }
    state.pointee.lock.unlock()
  }

  /// - Returns: false when the machine has ended, in which nobody waits for a turn any more.
  private func awaitTurn(_ own: Thread) -> Bool {
    while r3_swap32(own, 0) == 0 {
      if machine.isHalted { return false }
      // Bounded: the machine may end between the look and the sleep.
      r3_futex_wait(turn(own), 0, 10_000_000)
    }
    return true
  }
}
