import CRing3
import Glibc

/// The host thread that finds threads which stay at DISPATCH_LEVEL, and ends what a bug check left.
enum Watchdog {
  /// What was seen on a processor, and since when.
  private struct Sighting {
    var owner: UInt64 = 0
    var raiseCount: UInt64 = 0
    var since: UInt64 = 0
  }

  private static let retryNanoseconds: Int64 = 2_000_000
  /// How often an overdue thread is interrupted before the bug check is recorded for it.
  private static let interruptCount = 20

  /// How long the bug check routines of drivers may take, in retries.
  private static let callbackTurnCount = 250

  static func main(_ argument: UnsafeMutableRawPointer) {
    let machine = Machine(state: argument.assumingMemoryBound(to: MachineState.self))
    let limit = UInt64(max(machine.state.pointee.configuration.raisedLevelSeconds, 0.001) * 1e7)
    let tick = Int64(min(max(limit / 4, 20_000), 10_000_000)) * 100
    var sightings = [Sighting](repeating: Sighting(), count: machine.processorCount)
    var isTold = false
    while !machine.service.isStopping {
      let seen = r3_load32(machine.service.watchWord)
      if machine.isHalted {
        driveOut(machine)
        if !isTold, machine.recordedBugCheck != nil { machine.state.pointee.hooks.ended?() }
        isTold = true
      } else if let overdue = look(machine, limit, &sightings) {
        end(machine, overdue)
      }
      if machine.service.isStopping { break }
      let isDone = machine.isHalted && !machine.hasThreadInside
      r3_futex_wait(machine.service.watchWord, seen, isDone ? -1 : tick)
    }
    if machine.isHalted { driveOut(machine) }
  }

  /// The processor whose owner has been there for too long.
  private static func look(_ machine: Machine, _ limit: UInt64, _ sightings: inout [Sighting])
    -> Int?
  {
    let now = Clock.host(CLOCK_MONOTONIC)
    for number in sightings.indices {
      let processor = machine.state.pointee.processors.states + number
      let owner = r3_load64(processor)
      let count = processor.pointee.raiseCount
      let last = sightings[number]
      if owner == 0 || owner != last.owner || count != last.raiseCount
        || !machine.mayBeOverdue(owner)
      {
        sightings[number] = Sighting(owner: owner, raiseCount: count, since: now)
      } else if now - sightings[number].since > limit {
        return number
      }
    }
    return nil
  }

  /// DPC_WATCHDOG_VIOLATION, best by the thread itself, so that its stack is in the record.
  private static func end(_ machine: Machine, _ number: Int) {
    let processor = machine.state.pointee.processors.states + number
    let owner = r3_load64(processor)
    r3_store64(machine.service.overdue, owner)
    for _ in 0..<interruptCount {
      if machine.isHalted { return }
      if r3_load64(processor) != owner { break }
      machine.interrupt(owner)
      sleep(machine)
    }
    if machine.isHalted { return }
    r3_store64(machine.service.overdue, 0)
    guard r3_load64(processor) == owner else { return }
    let isDPC = processor.pointee.dpcRunning != 0
    machine.recordBugCheck(0x133, isDPC ? 0 : 1, 0, 0, 0, subject: nil)
  }

  /// Interrupts the threads that are still inside until none is.
  private static func driveOut(_ machine: Machine) {
    var turn = 0
    while machine.hasThreadInside {
      turn += 1
      // A bug check routine that does not end sees the machine as it is.
      if turn == callbackTurnCount { machine.showHalted() }
      machine.interruptThreadsInside()
      sleep(machine)
    }
  }

  private static func sleep(_ machine: Machine) {
    usleep(UInt32(retryNanoseconds / 1000))
  }
}

extension Machine {
  /// Whether the thread at raised level runs: one that waits for its turn does not.
  fileprivate func mayBeOverdue(_ owner: UInt64) -> Bool {
    guard let schedule else { return true }
    return schedule.state.pointee.running.map { bits($0.pointee.block) == owner } ?? false
  }

  package var processorCount: Int { state.pointee.processors.count }

  /// Whether a thread is on its kernel stack.
  package var hasThreadInside: Bool {
    var next = state.pointee.threads.first
    while let thread = next {
      if thread.pointee.hasBlock, thread.pointee.block.pointee.hostStack != 0 { return true }
      next = thread.pointee.next
    }
    return false
  }

  /// Wakes and interrupts all threads that are inside; the machine has halted.
  fileprivate func interruptThreadsInside() {
    wakeEveryThread()
    var next = state.pointee.threads.first
    while let thread = next {
      if thread.pointee.hasBlock, thread.pointee.block.pointee.hostStack != 0 {
        HostInterrupt.send(thread.pointee.hostIdentifier)
      }
      next = thread.pointee.next
    }
  }

  /// Takes from threads in bug check routines the belief that the machine runs.
  fileprivate func showHalted() {
    var next = state.pointee.threads.first
    while let thread = next {
      if thread.pointee.hasBlock {
        thread.pointee.block.pointee.halted = UnsafePointer(OpaquePointer(state))
      }
      next = thread.pointee.next
    }
  }

  fileprivate func interrupt(_ block: UInt64) {
    var next = state.pointee.threads.first
    while let thread = next {
      if bits(thread.pointee.block) == block { HostInterrupt.send(thread.pointee.hostIdentifier) }
      next = thread.pointee.next
    }
  }
}
