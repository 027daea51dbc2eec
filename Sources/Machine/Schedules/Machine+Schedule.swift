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
