import CDriverKit
import CRing3
import Machine
import MachineTestSupport
import Testing

@Suite("Timers")
struct TimerTests {
  private func makeTimer(_ kernel: TestMachine, isSynchronization: Bool = false) -> KernelTimer {
    let timer = KernelTimer(kernel.make(KTIMER.self))
    timer.initialize(isSynchronization: isSynchronization)
    return timer
  }

  @Test("A timer expires at its time, not before, and runs its DPC")
  func expires() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    let (timer, log, dpc) = (makeTimer(kernel), kernel.makeLog(), kernel.make(KDPC.self))
    DPC.initialize(dpc, routine(test_dpc_level()), log)
    try kernel.run { #expect(!timer.set(due: -1000, dpc)) }
    try kernel.machine.advanceTime(by: 999)
    #expect(!timer.isSignalled && log.count == 0)
    try kernel.machine.advanceTime(by: 1)
    #expect(timer.isSignalled)
    #expect(log.entries == [0x102])
  }

  @Test("A periodic timer expires again and again until it is cancelled")
  func periodic() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    let (timer, log, dpc) = (makeTimer(kernel), kernel.makeLog(), kernel.make(KDPC.self))
    DPC.initialize(dpc, routine(test_dpc()), log)
    try kernel.run { _ = timer.set(due: -10_000, period: 1, dpc) }
    try kernel.machine.advanceTime(by: 35_000)
    #expect(log.count == 3)
    #expect(try kernel.run { timer.cancel() })
    #expect(try !kernel.run { timer.cancel() })
    try kernel.machine.advanceTime(by: 35_000)
    #expect(log.count == 3)
  }

  @Test("Timers expire in the order of their times")
  func order() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    let log = kernel.makeLog()
    let dues = [500, 100, 900, 300, 100]
    try kernel.run {
      for due in dues {
        let dpc = kernel.make(KDPC.self)
        let routine: DPC.Routine = { dpc in
          dpc.pointee.DeferredContext.assumingMemoryBound(to: TestLog.self)
            .add(Machine.current.interruptTime)
        }
        DPC.initialize(dpc, host: routine, log)
        makeTimer(kernel).set(due: Int64(-due), dpc)
      }
    }
    let start = kernel.machine.interruptTime
    try kernel.machine.advanceTime(by: 1000)
    #expect(log.entries.map { $0 - start } == [100, 100, 300, 500, 900])
  }

  @Test("A time that has passed expires the timer at once")
  func past() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    let (timer, log, dpc) = (makeTimer(kernel), kernel.makeLog(), kernel.make(KDPC.self))
    DPC.initialize(dpc, routine(test_dpc_level()), log)
    try kernel.run {
      timer.set(due: 1, dpc)
      #expect(timer.isSignalled)
      #expect(log.count == 1)
    }
  }

  @Test("Setting a running timer anew says so, and the first time is forgotten")
  func again() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    let timer = makeTimer(kernel)
    try kernel.run {
      #expect(!timer.set(due: -100))
      #expect(timer.set(due: -1000))
    }
    try kernel.machine.advanceTime(by: 500)
    #expect(!timer.isSignalled)
    try kernel.machine.advanceTime(by: 500)
    #expect(timer.isSignalled)
  }

  @Test("With the host's clock a timer ends a wait")
  func real() throws {
    let kernel = try TestMachine()
    let timer = makeTimer(kernel, isSynchronization: true)
    try kernel.run {
      let start = Machine.current.interruptTime
      timer.set(due: -20_000)
      #expect(Wait.forObject(UnsafeMutableRawPointer(timer.pointer)) == WaitStatus.success)
      #expect(Machine.current.interruptTime - start >= 20_000)
      #expect(!timer.isSignalled)
    }
  }

  @Test("A running timer in memory that is freed is found")
  func freed() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    let timer = makeTimer(kernel)
    let address = UInt(bitPattern: timer.pointer)
    try kernel.run {
      timer.set(due: -1000)
      #expect(Machine.current.runningTimer(in: address..<address + 64) == timer.pointer)
      timer.cancel()
      #expect(Machine.current.runningTimer(in: address..<address + 64) == nil)
    }
  }

  @Test("A timer whose memory was given to something else is bug check 0xC7")
  func corrupt() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    let timer = makeTimer(kernel)
    try kernel.run { _ = timer.set(due: -1000) }
    timer.pointer.pointee.Header.`Type` = 0xEE
    #expect(throws: MachineHalted.self) { try kernel.machine.advanceTime(by: 1000) }
    #expect(kernel.machine.recordedBugCheck?.code == 0xC7)
  }
}
