import CRing3
import Machine
import MachineTestSupport
import Testing

@Suite("Timers of ExAllocateTimer")
struct ExTimerTests {
  @Test("Such a timer calls its routine again and again, in periods of 100 ns units")
  func periodic() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    let log = kernel.makeLog()
    let timer = try #require(
      try kernel.run { allocate(routine(test_timer_routine()), log, 0) })
    try kernel.run { #expect(set(timer, -700, 500, nil) == 0) }
    try kernel.machine.advanceTime(by: 1700)
    #expect(log.entries == [0x502, 0x502, 0x502])
    try kernel.run {
      #expect(cancel(timer, nil) == 1)
      #expect(cancel(timer, nil) == 0)
      #expect(delete(timer, 1, 1, nil) == 0)
    }
    try kernel.machine.advanceTime(by: 1700)
    #expect(log.count == 3)
  }

  @Test("Using a timer that was deleted is bug check 0xC7")
  func deleted() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    let record = try kernel.bugCheck {
      let timer = allocate(nil, nil, 0)!
      _ = delete(timer, 1, 0, nil)
      _ = set(timer, -700, 500, nil)
    }
    #expect(record.code == 0xC7)
  }
}

@_silgen_name("r3_ExAllocateTimer")
private func allocate(
  _ callback: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?, _ attributes: UInt32
) -> UnsafeMutableRawPointer?

@_silgen_name("r3_ExSetTimer")
private func set(
  _ timer: UnsafeMutableRawPointer, _ due: Int64, _ period: Int64,
  _ parameters: UnsafeMutableRawPointer?
) -> UInt8

@_silgen_name("r3_ExCancelTimer")
private func cancel(_ timer: UnsafeMutableRawPointer, _ parameters: UnsafeMutableRawPointer?)
  -> UInt8

@_silgen_name("r3_ExDeleteTimer")
private func delete(
  _ timer: UnsafeMutableRawPointer, _ cancel: UInt32, _ wait: UInt32,
  _ parameters: UnsafeMutableRawPointer?
) -> UInt8
