import Ring3
import TestSupport
import Testing

/// BUF-01 to BUF-09: which method applies.
@Suite struct MethodTests {
  @Test("BUF-01: reads and writes use the method that the device's flags say")
  func deviceFlags() throws {
    let bench = try Bench()
    try bench.plan(information: 8)
    let buffer = try bench.buffer(8)
    _ = try bench.file.read(at: buffer.address, count: 8)
    var seen = try bench.seen
    #expect(seen.systemBuffer != 0 && seen.mdl == 0)

    _ = try bench.process.open(#"\Device\BenchDirect"#).read(at: buffer.address, count: 8)
    seen = try bench.seen
    #expect(seen.systemBuffer == 0 && seen.mdl != 0 && seen.userBuffer == 0)

    _ = try bench.process.open(#"\Device\BenchNeither"#).read(at: buffer.address, count: 8)
    seen = try bench.seen
    #expect(seen.systemBuffer == 0 && seen.mdl == 0 && seen.userBuffer == UInt64(buffer.address))
  }

  @Test("BUF-01: a device with both flags is an error of its driver")
  func bothFlags() throws {
    let bench = try Bench.checked()
    try bench.makeDevice(#"\Device\BenchBoth"#, flags: 4 | 0x10)
    let error = #expect(throws: KernelError.self) {
      try bench.process.open(#"\Device\BenchBoth"#)
    }
    let bugCheck = try #require(error?.bugCheck)
    #expect(bugCheck.code == .verifierIOManagerViolation && bugCheck.parameters[0] == 0x245)
  }

  @Test("BUF-02: the flags are those of the device on top")
  func topOfStack() throws {
    let bench = try Bench()
    try bench.attach(.skip, to: bench.file)
    try bench.plan(information: 8, fill: 8)
    let buffer = try bench.buffer(8)
    _ = try bench.file.read(at: buffer.address, count: 8)
    var seen = try bench.seen
    #expect(seen.filterBuffer != 0 && seen.filterBuffer == seen.systemBuffer)
    #expect(buffer.bytes == [UInt8](repeating: 0xD7, count: 8))

    // Only the topmost may differ, by using neither.
    try bench.plan(information: 8)
    try bench.attach(.skip, copiesFlags: false, to: bench.file)
    _ = try bench.file.read(at: buffer.address, count: 8)
    seen = try bench.seen
    #expect(seen.filterUser == UInt64(buffer.address) && seen.systemBuffer == 0 && seen.mdl == 0)
  }

  @Test(
    "BUF-03, BUF-09: control requests use the method of their code, whatever the device's flags")
  func methodOfCode() throws {
    let bench = try Bench(device: "BenchDirect")
    try bench.plan(information: 4, fill: 4)
    #expect(
      try bench.file.deviceControl(Bench.subject(0), input: [1, 2, 3], outputCount: 4)
        == [0xD7, 0xD7, 0xD7, 0xD7])
    var seen = try bench.seen
    #expect(seen.systemBuffer != 0 && seen.mdl == 0)
    #expect(seen.bytes.prefix(3) == [1, 2, 3])

    let buffered = try bench.process.open(#"\Device\Bench"#)
    #expect(
      try buffered.deviceControl(Bench.subject(2), outputCount: 4) == [0xD7, 0xD7, 0xD7, 0xD7])
    seen = try bench.seen
    #expect(seen.systemBuffer == 0 && seen.mdl != 0)
  }

  @Test(
    "BUF-06: function codes and device types of either kind are delivered",
    arguments: [0x0022_0040, 0x0022_2400, 0x8000_0040, 0x8000_2400] as [UInt32])
  func anyCode(bits: UInt32) throws {
    let bench = try Bench()
    try bench.plan()
    _ = try bench.file.deviceControl(IoControlCode(bits: bits))
    #expect(try bench.seen.code == UInt64(bits))
  }

  @Test("BUF-07: the access of the code is checked against the handle before there is a request")
  func access() throws {
    let bench = try Bench()
    try bench.plan()
    let reader = try bench.process.open(#"\Device\Bench"#, access: .genericRead)
    let error = #expect(throws: KernelError.self) {
      try reader.deviceControl(Bench.subject(0, access: 2))
    }
    #expect(error?.status == .accessDenied)
    #expect(try bench.seen.count == 0)
    _ = try reader.deviceControl(Bench.subject(0, access: 1))
    #expect(try bench.seen.count == 1)
    #expect(throws: KernelError.self) { try reader.write([1]) }
    #expect(try bench.seen.count == 1)
  }

  @Test("BUF-08: a program's control request is never an internal one")
  func noInternalRequests() throws {
    let bench = try Bench()
    try bench.plan()
    for method in 0..<4 as Range<UInt32> {
      _ = try bench.file.deviceControl(Bench.subject(method), input: [1], outputCount: 1)
      #expect(try bench.seen.major == 0x0E)
    }
  }
}
