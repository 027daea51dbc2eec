import Ring3
import TestSupport
import Testing

/// BUF-24 to BUF-34: control requests with METHOD_BUFFERED.
@Suite struct ControlTests {
  static let code = Bench.subject(0)

  @Test("BUF-24, BUF-26: code, lengths and input arrive as the caller gave them")
  func fields() throws {
    let bench = try Bench()
    try bench.plan()
    _ = try bench.file.deviceControl(Self.code, input: [1, 2, 3, 4, 5], outputCount: 9)
    let seen = try bench.seen
    #expect(seen.code == UInt64(Self.code.bits) && seen.inputLength == 5 && seen.length == 9)
    #expect(seen.bytes.prefix(5) == [1, 2, 3, 4, 5])
  }

  @Test(
    "BUF-25: one buffer of the greater length serves both ways", arguments: [(10, 100), (100, 10)])
  func oneBuffer(input: Int, output: Int) throws {
    let bench = try Bench()
    try bench.plan(.keep)
    let first = try bench.buffer(input)
    let second = try bench.buffer(output)
    let request = try bench.file.startControl(Self.code, input: first, output: second)
    let blocks = bench.kernel.poolBlocks(tag: .ioBuffers)
    #expect(blocks.map(\.byteCount) == [100])
    // The whole of it may be written.
    try bench.poke([UInt8](repeating: 0x21, count: 100))
    try bench.complete(information: UInt64(output))
    #expect(try request.wait()?.status == .success)
    #expect(second.bytes == [UInt8](repeating: 0x21, count: output))
  }

  @Test("BUF-27: bytes after the input are not initialized; who reports them discloses them")
  func disclosure() throws {
    var configuration = Configuration()
    configuration.verifier = .poolTracking
    let bench = try Bench(configuration)
    try bench.plan(information: 64)
    let careless = try bench.file.deviceControl(Self.code, input: [1, 2], outputCount: 64)
    #expect(careless[..<2] == [1, 2])
    #expect(careless.count == 64)
    try bench.plan(information: 64, fill: 64, byte: 0)
    #expect(
      try bench.file.deviceControl(Self.code, input: [1, 2], outputCount: 64)
        == [UInt8](repeating: 0, count: 64))
  }

  @Test("BUF-27: bytes that were reported and not written are a verdict, with their range")
  func disclosureFound() throws {
    let bench = try Bench.checked()
    try bench.plan(information: 64, fill: 10, byte: 0x31)
    let error = #expect(throws: KernelError.self) {
      try bench.file.deviceControl(Self.code, input: [1, 2], outputCount: 64)
    }
    let bugCheck = try #require(error?.bugCheck)
    #expect(bugCheck.rule?.name == "OutputNotWritten")
    #expect(Array(bugCheck.parameters[1...]) == [10, 54, 54])
  }

  @Test("BUF-28: the output takes the place of the input")
  func inPlace() throws {
    let bench = try Bench()
    try bench.plan(information: 4, fill: 4, options: .invert)
    #expect(
      try bench.file.deviceControl(Self.code, input: [0, 1, 0xF0, 0xFF], outputCount: 4)
        == [0xFF, 0xFE, 0x0F, 0])
  }

  @Test("BUF-29: the reported bytes come back", arguments: [0, 1, 24])
  func reportedBytes(count: Int) throws {
    let bench = try Bench()
    try bench.plan(information: UInt64(count), fill: 24, byte: 0xAB)
    let output = try bench.buffer(24)
    let answer = try bench.file.deviceControl(
      Self.code, inputAt: 0, inputCount: 0, outputAt: output.address, outputCount: 24)
    #expect(answer.status == .success && answer.information == count)
    let expected =
      [UInt8](repeating: 0xAB, count: count) + [UInt8](repeating: 0x11, count: 24 - count)
    #expect(output.bytes == expected)
  }

  @Test("BUF-30: a driver that reports more than there is room for does not reach past the buffer")
  func reportsTooMuch() throws {
    let bench = try Bench()
    try bench.plan(information: 17, fill: 32, byte: 0xEE)
    let output = try bench.buffer(4096)
    let input = try bench.buffer(32)
    let answer = try bench.file.deviceControl(
      Self.code, inputAt: input.address, inputCount: 32, outputAt: output.address, outputCount: 16)
    #expect(answer.status == .success && answer.information == 17)
    #expect(output.bytes(0..<17) == [UInt8](repeating: 0xEE, count: 16) + [0x11])
  }

  @Test("BUF-30: a checked kernel says so")
  func reportsTooMuchChecked() throws {
    let bench = try Bench.checked()
    try bench.plan(information: 17, fill: 16)
    let error = #expect(throws: KernelError.self) {
      try bench.file.deviceControl(Self.code, outputCount: 16)
    }
    let bugCheck = try #require(error?.bugCheck)
    #expect(bugCheck.code == .verifierIOManagerViolation)
    #expect(bugCheck.parameters[0] == 0x312 && bugCheck.parameters[2] == 17)
  }

  @Test("BUF-31: without an output buffer the information is any value")
  func anyInformation() throws {
    let bench = try Bench()
    try bench.plan(information: 0x1234)
    let input = try bench.buffer(8)
    let answer = try bench.file.deviceControl(
      Self.code, inputAt: input.address, inputCount: 8, outputAt: 0, outputCount: 0)
    #expect(answer.information == 0x1234)
    #expect(try bench.seen.flags & 0x70 == 0x30)
  }

  @Test("BUF-31: NULL is no buffer: the driver gets a length of 0, whatever the program says")
  func nullBuffers() throws {
    let bench = try Bench()
    try bench.plan(information: 0x1234)
    let request = try bench.file.startControl(
      Self.code, inputAt: 0, inputCount: 16, outputAt: 0, outputCount: 0xFFFF_FFFF)
    #expect(try request.wait()?.information == 0x1234)
    var seen = try bench.seen
    #expect(seen.inputLength == 0 && seen.length == 0 && seen.systemBuffer == 0)
    #expect(seen.flags & 0x70 == 0)
    // An MDL of NULL cannot be locked.
    let input = try bench.buffer(8)
    for method in 1...2 as ClosedRange<UInt32> {
      let answer = try bench.file.deviceControl(
        Bench.subject(method), inputAt: input.address, inputCount: 8, outputAt: 0, outputCount: 16)
      #expect(answer.status == .accessViolation)
    }
    seen = try bench.seen
    #expect(seen.count == 1)
    #expect(bench.kernel.poolUsage(of: .ioBuffers)?.liveCount == 0)
  }

  @Test("BUF-32: without both lengths there is no buffer and no flag")
  func noBuffers() throws {
    let bench = try Bench()
    try bench.plan()
    _ = try bench.file.deviceControl(Self.code)
    let seen = try bench.seen
    #expect(seen.systemBuffer == 0 && seen.flags & 0x70 == 0 && seen.userBuffer == 0)
  }

  @Test("BUF-33: input is probed for reading, output for writing, before there is a request")
  func badBuffers() throws {
    let bench = try Bench()
    try bench.plan()
    let good = try bench.buffer(16)
    let readOnly = try bench.buffer(16)
    readOnly.protect(.readOnly)
    let bad: UInt = 0x5000_0000_0000
    for (input, output) in [(bad, good.address), (good.address, bad), (bad, bad)]
      + [(good.address, readOnly.address), (UInt(1), good.address), (good.address, UInt(1))]
    {
      let answer = try bench.file.deviceControl(
        Self.code, inputAt: input, inputCount: 16, outputAt: output, outputCount: 16)
      #expect(answer.status == .accessViolation)
    }
    #expect(try bench.seen.count == 0)
    let answer = try bench.file.deviceControl(
      Self.code, inputAt: readOnly.address, inputCount: 16, outputAt: good.address, outputCount: 16)
    #expect(answer.status == .success)
    #expect(bench.kernel.poolUsage(of: .ioBuffers)?.liveCount == 0)
  }

  @Test("BUF-34: an input that is too short for the driver's structure is refused by the driver")
  func shortInput() throws {
    let bench = try Bench()
    let input = try bench.buffer(47)
    let answer = try bench.file.deviceControl(
      Bench.code(0x801), inputAt: input.address, inputCount: 47, outputAt: 0, outputCount: 0)
    #expect(answer.status == .bufferTooSmall && answer.information == 0)
  }
}
