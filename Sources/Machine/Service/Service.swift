import CRing3
import Glibc

/// The service thread of a machine; see ``ServiceState``.
enum Service {
  // MARK: What other threads ask for

  /// Has the DPCs of a processor run.
  static func drain(_ processor: UnsafeMutablePointer<ProcessorState>) {
    let machine = Machine.current
    setBit(machine, processor.pointee.number)
    machine.ensureService()
    machine.service.poke()
  }

  /// Has the APCs of a thread delivered that is, or may be, outside the kernel.
  static func deliverOnBehalf(of thread: Thread) {
    let machine = thread.machine
    push(thread, machine)
    machine.ensureService()
    machine.service.poke()
  }

  /// The first timer is another one now.
  static func timersChanged(_ machine: Machine) {
    if machine.state.pointee.clock.isManual, machine.schedule == nil { return }
    machine.ensureService()
    machine.service.poke()
  }

  private static func setBit(_ machine: Machine, _ number: UInt8) {
    var seen = r3_load64(machine.service.processors)
    while !r3_cas64(machine.service.processors, seen, seen | 1 << UInt64(number)) {
      seen = r3_load64(machine.service.processors)
    }
  }

  private static func push(_ thread: Thread, _ machine: Machine) {
    // One entry a thread is enough: who takes it delivers everything.
    guard r3_cas32(thread.servedAddress, 0, 1) else { return }
    var first: UInt64
    repeat {
      first = r3_load64(machine.service.threads)
      thread.pointer.pointee.nextToServe = first
    } while !r3_cas64(machine.service.threads, first, bits(thread.pointer))
  }

  // MARK: What the thread does

  /// One look around, inside the kernel.
  static func work(_ machine: Machine) {
    serveThreads(machine)
    let isManual = machine.state.pointee.clock.isManual && machine.schedule == nil
    if !isManual, machine.nextTimerTime <= machine.interruptTime {
      machine.runDueTimers()
    }
    machine.state.pointee.hooks.serve?()
    drainProcessors(machine)
  }

  /// Runs the DPCs of the processors that were asked for.
  static func drainProcessors(_ machine: Machine) {
    var wanted = r3_swap64(machine.service.processors, 0)
    while wanted != 0 {
      let number = wanted.trailingZeroBitCount
      wanted &= wanted - 1
      DPC.drain(machine.state.pointee.processors.states + number)
    }
  }

  private static func serveThreads(_ machine: Machine) {
    var next = r3_swap64(machine.service.threads, 0)
    while let pointer = UnsafeMutablePointer<ThreadState>(bitPattern: UInt(next)) {
      next = pointer.pointee.nextToServe
      let thread = Thread(pointer)
      r3_store32(thread.servedAddress, 0)
      serve(thread)
    }
  }

  /// Delivers the APCs of a thread under its identity, unless its host thread is inside; ends it when
  /// its host thread has ended.
  private static func serve(_ thread: Thread) {
    let own = CurrentThread.pointer
    while thread.needsService, thread.borrow() {
      let host = thread.pointer.pointee.hostIdentifier
      thread.pointer.pointee.hostIdentifier = r3_host_thread_identifier()
      r3_bind(thread.block)
      let deliver: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { _ in
        APC.deliverKernel()
        return 0
      }
      _ = r3_enter(thread.block, deliver, nil)
      let hasEnded = thread.endOrphan()
      r3_bind(own)
      thread.pointer.pointee.hostIdentifier = host
      CurrentThread.leaveIfHalted()
      if hasEnded { return }
      thread.giveBackBorrowed()
    }
  }
}
