import CDriverKit
import CRing3
import Machine
import MachineTestSupport
import Testing

@Suite("Time")
struct TimeTests {
  @Test("Times move together and never back")
  func monotonic() throws {
    let kernel = try TestMachine()
    try kernel.run {
      let machine = Machine.current
      var last = machine.interruptTime
      for _ in 0..<1000 {
        let next = machine.interruptTime
        #expect(next >= last)
        last = next
      }
      let system = machine.systemTime
      #expect(machine.interruptTime(atSystemTime: system) <= machine.interruptTime)
      // After 2020.
      #expect(system > 132_223_104_000_000_000)
    }
  }

  @Test("A manual clock only moves when it is told to")
  func manual() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    let before = kernel.machine.systemTime
    #expect(kernel.machine.systemTime == before)
    try kernel.machine.advanceTime(by: 156_250)
    #expect(kernel.machine.systemTime == before + 156_250)
  }

  @Test("The shared page has the times of the moment of its update")
  func sharedPage() throws {
    let kernel = try TestMachine { $0.usesManualClock = true }
    try kernel.machine.advanceTime(by: 5 << 32)
    try kernel.run {
      let machine = Machine.current
      machine.updateSharedUserData()
      let page = machine.sharedUserData.pointee
      let low = UInt64(page.InterruptTime.LowPart)
      let high = UInt64(UInt32(bitPattern: page.InterruptTime.High1Time))
      #expect(high << 32 | low == machine.interruptTime)
      #expect(page.InterruptTime.High1Time == page.InterruptTime.High2Time)
      #expect(page.TickCountQuad == machine.tickCount)
      #expect(page.NtMajorVersion == 10)
      // Milliseconds as drivers compute them.
      let milliseconds = (page.TickCountQuad * UInt64(page.TickCountMultiplier)) >> 24
      #expect(milliseconds.distance(to: machine.interruptTime / 10_000).magnitude <= 20)
    }
  }

  @Test("Routines for bug checks run at HIGH_LEVEL, once, and may be taken back")
  func bugCheckRoutines() throws {
    let kernel = try TestMachine()
    let log = kernel.makeLog()
    let records = kernel.make(UInt64.self, count: 16)
    let address = UInt64(UInt(bitPattern: test_bug_check_routine()))
    let record = try kernel.bugCheck {
      let buffer = UInt64(UInt(bitPattern: log))
      #expect(keRegister(records, address, buffer, 0x100, 0) == 1)
      #expect(keRegister(records, address, buffer, 0x100, 0) == 0)
      #expect(keRegister(records + 8, address, buffer, 0x200, 0) == 1)
      #expect(keDeregister(records + 8) == 1)
      #expect(keDeregister(records + 8) == 0)
      Machine.current.bugCheck(0xE2)
    }
    #expect(record.code == 0xE2)
    #expect(log.entries == [0x10F])
  }
}

// As a driver's import: by symbol.
@_silgen_name("r3_KeRegisterBugCheckCallback")
private func keRegister(
  _ record: UnsafeMutableRawPointer, _ routine: UInt64, _ buffer: UInt64, _ length: UInt32,
  _ component: UInt64
) -> UInt8

@_silgen_name("r3_KeDeregisterBugCheckCallback")
private func keDeregister(_ record: UnsafeMutableRawPointer) -> UInt8
