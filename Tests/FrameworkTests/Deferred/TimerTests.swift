import Ring3
import TestSupport
import Testing

/// WDFTIMER.
@Suite struct TimerTests {
  private func scenarios() throws -> ScenarioBench {
    try ScenarioBench("wdf-timer") { $0.usesManualClock = true }
  }

  @Test("OBJ-03: a timer needs a parent with a device; sizes, periods and delays are checked")
  func refusals() throws { try scenarios().run(0) }

  @Test("A timer is serialized only with callbacks of its own level")
  func levels() throws { try scenarios().run(1) }

  @Test("A timer expires once, at DISPATCH_LEVEL, when it is due")
  func once() throws {
    let scenarios = try scenarios()
    try scenarios.run(2, 0)
    try scenarios.advance(milliseconds: 9)
    #expect(try scenarios.run(3)[0] == 0)
    try scenarios.advance(milliseconds: 1)
    #expect(try scenarios.run(3) == [1, 2, 1])
    try scenarios.advance(milliseconds: 100)
    #expect(try scenarios.run(3)[0] == 1)
    #expect(try scenarios.run(4, 0) == [0])
  }

  @Test("A periodic timer goes on until it is stopped", arguments: [0, 1] as [UInt64])
  func periodic(waits: UInt64) throws {
    let scenarios = try scenarios()
    try scenarios.run(2, 20)
    try scenarios.advance(milliseconds: 55)
    #expect(try scenarios.run(3)[0] == 3)
    #expect(try scenarios.run(4, waits) == [1])
    #expect(try scenarios.run(4, waits) == [0])
    try scenarios.advance(milliseconds: 100)
    #expect(try scenarios.run(3)[0] == 3)
  }

  @Test("A passive timer calls at PASSIVE_LEVEL; stopping it waits for that")
  func passive() throws {
    let scenarios = try scenarios()
    try scenarios.run(5)
    try scenarios.advance(milliseconds: 10)
    #expect(try scenarios.run(4, 1) == [0])
    #expect(try scenarios.run(3) == [1, 0, 1])
  }

  @Test("A timer's callback cannot wait for its own end")
  func ownEnd() throws {
    let scenarios = try scenarios()
    try scenarios.run(6)
    try scenarios.advance(milliseconds: 10)
    #expect(try scenarios.run(7) == [0])
    #expect(scenarios.kernel.debugOutput.contains("WdfTimerStop"))
  }

  @Test("Waiting for a timer's end is refused at DISPATCH_LEVEL")
  func waitingAtDispatch() throws {
    let scenarios = try scenarios()
    try scenarios.run(11)
    #expect(try scenarios.run(12) == [0])
    #expect(try scenarios.run(4, 1) == [1])
  }

  @Test("A callback starts its timer again")
  func restarts() throws {
    let scenarios = try scenarios()
    try scenarios.run(8)
    try scenarios.advance(milliseconds: 100)
    #expect(try scenarios.run(3)[0] == 3)
  }

  @Test("OBJ-03: a running timer ends with its parent")
  func parentGoes() throws {
    let scenarios = try scenarios()
    try scenarios.run(9)
    try scenarios.advance(milliseconds: 100)
    #expect(try scenarios.run(3)[0] == 0)
  }

  @Test("OBJ-14: a timer that is deleted at DISPATCH_LEVEL is cleaned up at PASSIVE_LEVEL")
  func deletedAtDispatch() throws {
    let scenarios = try scenarios()
    try scenarios.run(10)
    try scenarios.advance(milliseconds: 100)
    #expect(try scenarios.run(3)[0] == 0)
  }

  @Test("Unloading a driver ends its timers")
  func unload() throws {
    let scenarios = try scenarios()
    try scenarios.run(2, 20)
    try scenarios.file.close()
    try scenarios.driver.unload()
    try scenarios.advance(milliseconds: 100)
    #expect(scenarios.kernel.bugCheck == nil)
  }
}
