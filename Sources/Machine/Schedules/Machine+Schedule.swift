import CRing3
import Glibc

extension Machine {
  /// The order of a machine whose threads run one at a time; nil for all others.
  package var schedule: Schedule? {
    self[.schedule].map {
      Schedule(machine: self, state: $0.assumingMemoryBound(to: ScheduleState.self))
    }
  }

  /// What is known of the order so far; nil without a seed.
  package var scheduleRecord: ScheduleRecord? { schedule?.state.pointee.record }

  func makeSchedule() {
    let configuration = state.pointee.configuration
    guard let seed = configuration.schedule else { return }
    let schedule = UnsafeMutablePointer<ScheduleState>.allocate(capacity: 1)
    schedule.initialize(
      to: ScheduleState(seed: seed, movesTime: !configuration.usesManualClock))
    self[.schedule] = UnsafeMutableRawPointer(schedule)
  }

  func destroySchedule() {
    guard let schedule else { return }
    while let entry = schedule.state.pointee.first {
      schedule.state.pointee.first = entry.pointee.next
      entry.deallocate()
    }
    free(schedule.state.pointee.deadlock)
    schedule.state.deinitialize(count: 1)
    schedule.state.deallocate()
    self[.schedule] = nil
  }

  /// Waits outside the kernel until a word is no longer `seen`, as a program waits for an answer.
  ///
  /// Only with a ``schedule``.
  ///
  /// - Parameter units: the longest time, in units of 100 ns of the machine; nil for none.
  /// - Returns: false when the time is over.
  package func waitOutside(
    _ word: UnsafeMutablePointer<UInt32>, _ seen: UInt32, units: UInt64?, _ reason: StaticString
  ) -> Bool {
    guard let schedule else { return true }
    let isOuter = schedule.begin()
    defer { if isOuter { schedule.leave(isPoint: false) } }
    let start = interruptTime
    let deadline = units.map { Deadline(time: start &+ min($0, 1 << 60)) } ?? .never
    while r3_load32(word) == seen, !isHalted {
      if interruptTime >= deadline.time { return false }
      if !schedule.wait(word, seen, until: deadline, isPatient: true, reason) { return false }
    }
    return true
  }

  /// Lets others go on until `condition` is met; outside the kernel, with a ``schedule``.
  package func yieldOutside(_ reason: StaticString, until condition: () -> Bool) {
    guard let schedule else { return }
    let isOuter = schedule.begin()
    defer { if isOuter { schedule.leave(isPoint: false) } }
    while !isHalted, !condition() { schedule.spin(reason, 0) }
  }

  /// Whether requests are sent by threads of their own.
  package var sendsConcurrently: Bool {
    state.pointee.configuration.sendsConcurrently && schedule != nil
  }

  /// Runs `body` in a thread of the program of its own, as a thread of `process` that ends with it.
  ///
  /// Only with a ``schedule``. `body` runs as well when the machine has ended meanwhile.
  ///
  /// - Returns: false when the host gives no thread.
  package func startSender(in process: Process, _ body: @escaping @Sendable () -> Void) -> Bool {
    guard let schedule else { return false }
    let isOuter = schedule.begin()
    let sender = Sender(schedule: schedule, process: process, body: body)
    let argument = Unmanaged.passRetained(sender).toOpaque()
    let code = HostThread.startDetached(argument) { argument in
      Unmanaged<Sender>.fromOpaque(argument).takeRetainedValue().run()
    }
    if code != 0 { Unmanaged<Sender>.fromOpaque(argument).takeRetainedValue().drop() }
    if isOuter { schedule.leave(isPoint: false) }
    return code == 0
  }

  /// Lets other threads work for about so long.
  ///
  /// Below DISPATCH_LEVEL, under no lock.
  package func pause(microseconds: UInt32) {
    if let schedule {
      schedule.sleep(units: UInt64(microseconds) * 10)
    } else {
      usleep(microseconds)
    }
  }
}

extension CurrentThread {
  /// For who waits for a lock of the system's own: true when another thread went on meanwhile.
  static func yieldForMachineLock() -> Bool {
    guard let block = r3_current(), let pointer = block.pointee.machine else { return false }
    let machine = Machine(state: pointer.assumingMemoryBound(to: MachineState.self))
    return machine.schedule?.tryYield() ?? false
  }
}

/// What a thread of the program was started for.
private final class Sender: @unchecked Sendable {
  private let schedule: Schedule
  private let process: Process
  private let body: @Sendable () -> Void
  private let participant: UnsafeMutableRawPointer

  init(schedule: Schedule, process: Process, body: @escaping @Sendable () -> Void) {
    self.schedule = schedule
    self.process = process
    self.body = body
    participant = schedule.joinSender()
  }

  /// The host gave no thread.
  func drop() { schedule.dropSender(participant) }

  func run() {
    schedule.runSender(participant) {
      body()
      schedule.machine.endHostThread(of: process)
    }
  }
}
