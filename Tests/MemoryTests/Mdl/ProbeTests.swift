import Machine
@testable import Memory
import NTTypes
import Testing

private let misaligned = UInt64(NTStatus.datatypeMisalignment.bits)
private let violation = UInt64(NTStatus.accessViolation.bits)

@Suite struct ProbeTests {
  @Test(
    "BUF-43: ProbeForRead checks alignment and range, and touches nothing",
    arguments: [
      (0x0000_2000_0000_0001, 0, 4, 0), (UInt.max, 0, 1, 0), (0, 1, 1, 0),
      (0x0000_2000_0000_0001, 1, 1, 0), (0x0000_2000_0000_0001, 8, 2, misaligned),
      (0x0000_2000_0000_0004, 8, 8, misaligned), (0x0000_2000_0000_0004, 8, 4, 0),
      (UserRange.probeEnd - 8, 8, 1, 0), (UserRange.probeEnd - 8, 9, 1, violation),
      (UserRange.probeEnd, 1, 1, violation), (UInt.max - 3, 8, 1, violation),
      (0x0000_2000_0000_0000, UInt.max, 1, violation), (UserRange.probeEnd + 1, 4, 4, misaligned),
    ] as [(UInt, UInt, UInt32, UInt64)])
  func read(address: UInt, count: UInt, alignment: UInt32, status: UInt64) throws {
    let test = try TestMachine()
    if status == 0 {
      try test.inside { probeForRead(address, count, alignment) }
    } else {
      let values = try test.bugCheck { probeForRead(address, count, alignment) }
      #expect(values.prefix(2) == [0x1E, status])
    }
  }

  @Test("BUF-43: ProbeForRead passes over pages that are not there")
  func readOfUnmapped() throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    test.process.decommit(address, 4096)
    try test.inside { probeForRead(address, 4096, 1) }
  }

  @Test("BUF-44: ProbeForWrite touches every page")
  func write() throws {
    let test = try TestMachine()
    let address = try test.commit(3)
    try test.inside { probeForWrite(address + 5, 2 * 4096, 1) }
    #expect(test.process.pointer.pointee.space.entry(at: address)?.pointee.isResident == true)
    #expect(test.bytes(address, 3) == [0, 0, 0])
    test.process.protect(address + 2 * 4096, 4096, .readOnly)
    try test.inside { probeForWrite(address, 2 * 4096, 1) }
    let values = try test.bugCheck { probeForWrite(address, 2 * 4096 + 1, 1) }
    #expect(values.prefix(2) == [0x1E, violation])
  }

  @Test("BUF-44: ProbeForWrite makes the checks of ProbeForRead first")
  func writeChecks() throws {
    try #require(try TestMachine().inside { probeForWrite(UserRange.probeEnd, 0, 4) } == ())
    #expect(try TestMachine().bugCheck { probeForWrite(3, 4, 4) }[1] == misaligned)
    #expect(try TestMachine().bugCheck { probeForWrite(UserRange.probeEnd, 4, 4) }[1] == violation)
    #expect(try TestMachine().bugCheck { probeForWrite(0x2000_0000_0000, 4, 4) }[1] == violation)
  }

  @Test("BUF-45: a write probe above APC_LEVEL is bug check 0xA")
  func level() throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    let values = try test.bugCheck {
      CurrentThread.irql = 2
      probeForWrite(address, 8, 1)
    }
    #expect(values == [0xA, UInt64(address), 2, 1, 0])
  }

  @Test("BUF-45: a passed probe proves nothing later")
  func later() throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    try test.inside { probeForWrite(address, 8, 1) }
    test.process.decommit(address, 4096)
    var word: UInt64 = 0
    #expect(!test.process.copyIn(from: address, 8, to: &word))
  }

  @Test(
    "BUF-11, BUF-20, BUF-33: a buffer to write is judged page by page, one to read by its range")
  func judge() throws {
    let test = try TestMachine()
    let address = try test.commit(3)
    test.process.protect(address + 2 * 4096, 4096, .readOnly)
    #expect(test.process.probe(address, 2 * 4096, forWriting: true) == .success)
    #expect(test.process.probe(address, 2 * 4096 + 1, forWriting: true) == .accessViolation)
    #expect(test.process.probe(address, 3 * 4096, forWriting: false) == .success)
    #expect(test.process.probe(address, 4 * 4096, forWriting: true) == .accessViolation)
    #expect(test.process.probe(UserRange.probeEnd - 4, 8, forWriting: false) == .accessViolation)
    #expect(test.process.probe(0xFFFF_8000_0000_0000, 8, forWriting: true) == .accessViolation)
    #expect(test.process.probe(.max, 8, forWriting: false) == .accessViolation)
    #expect(test.process.probe(0, 0, forWriting: true) == .success)
    #expect(test.process.probe(address, Int.max, forWriting: true) == .accessViolation)
    #expect(test.process.pointer.pointee.space.entry(at: address)?.pointee.isResident == false)
  }
}
