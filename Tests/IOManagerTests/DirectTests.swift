import Ring3
import TestSupport
import Testing

/// BUF-35 to BUF-42 and BUF-46: direct and neither I/O, by contrast.
@Suite struct DirectTests {
  @Test("BUF-35: a direct read locks for writing, a direct write for reading")
  func locks() throws {
    let bench = try Bench(device: "BenchDirect")
    try bench.plan(information: 16)
    let buffer = try bench.buffer(16)
    _ = try bench.file.read(at: buffer.address, count: 16)
    var seen = try bench.seen
    #expect(seen.mdlFlags & 0x82 == 0x82 && seen.mdlByteCount == 16 && seen.systemBuffer == 0)
    _ = try bench.file.write(at: buffer.address, count: 16)
    seen = try bench.seen
    #expect(seen.mdlFlags & 0x82 == 0x02)
    buffer.protect(.readOnly)
    #expect(try bench.file.read(at: buffer.address, count: 16).status == .accessViolation)
    #expect(try bench.file.write(at: buffer.address, count: 16).status == .success)
  }

  @Test("BUF-36: direct data is visible before completion, whatever is reported")
  func earlyData() throws {
    let bench = try Bench(device: "BenchDirect")
    try bench.plan(.keep)
    let buffer = try bench.buffer(16)
    let request = try bench.file.startRead(into: buffer)
    try bench.poke([UInt8](repeating: 0x5E, count: 16))
    #expect(buffer.bytes == [UInt8](repeating: 0x5E, count: 16))
    try bench.complete(status: .unsuccessful)
    #expect(try request.wait()?.status == .unsuccessful)
    #expect(buffer.bytes == [UInt8](repeating: 0x5E, count: 16))
  }

  @Test("BUF-37: direct control requests have the input in a system buffer, the output in an MDL")
  func directControl() throws {
    let bench = try Bench()
    try bench.plan()
    let input = try bench.buffer(8, filledWith: 0x31)
    let second = try bench.buffer(100)
    for (method, writeFlag) in [(1, 0), (2, 0x80)] as [(UInt32, UInt64)] {
      let answer = try bench.file.deviceControl(
        Bench.subject(method), inputAt: input.address, inputCount: 8, outputAt: second.address,
        outputCount: 100)
      #expect(answer.status == .success)
      let seen = try bench.seen
      #expect(seen.bytes.prefix(8) == ArraySlice(repeating: 0x31, count: 8))
      #expect(seen.inputLength == 8 && seen.length == 100 && seen.mdlByteCount == 100)
      #expect(seen.mdlFlags & 0x80 == writeFlag && seen.systemBuffer != 0)
    }
    second.protect(.readOnly)
    let results = try [1, 2].map { method in
      try bench.file.deviceControl(
        Bench.subject(method), inputAt: input.address, inputCount: 8, outputAt: second.address,
        outputCount: 100
      ).status
    }
    #expect(results == [.success, .accessViolation])
  }

  @Test("BUF-38: nothing is copied back; the MDL and the system buffer are gone afterwards")
  func directEnds() throws {
    let bench = try Bench()
    try bench.plan(information: 8, fill: 8, options: .fillSystemBuffer)
    let input = try bench.buffer(8, filledWith: 0x31)
    let second = try bench.buffer(100)
    _ = try bench.file.deviceControl(
      Bench.subject(2), inputAt: input.address, inputCount: 8, outputAt: second.address,
      outputCount: 100)
    #expect(input.bytes == [UInt8](repeating: 0x31, count: 8))
    #expect(second.bytes == [UInt8](repeating: 0x11, count: 100))
    let figures = bench.kernel.ioFigures
    #expect(figures.lockedPages == 0 && figures.mdls == 0 && figures.irps == 0)
    #expect(bench.kernel.poolUsage(of: .ioBuffers)?.liveCount == 0)
  }

  @Test(
    "BUF-39: METHOD_NEITHER gives the bare addresses, which mean something to the requester only")
  func neitherControl() throws {
    let bench = try Bench()
    try bench.plan()
    let answer = try bench.file.deviceControl(
      Bench.subject(3), inputAt: 0x1234, inputCount: 99, outputAt: 0x8000_0000_0000_0000,
      outputCount: 77)
    #expect(answer.status == .success)
    let seen = try bench.seen
    #expect(seen.type3 == 0x1234 && seen.userBuffer == 0x8000_0000_0000_0000)
    #expect(seen.inputLength == 99 && seen.length == 77)
    #expect(seen.systemBuffer == 0 && seen.mdl == 0)

    let output = try bench.buffer(16)
    try bench.plan(.keep)
    let request = try bench.file.startControl(Bench.subject(3), output: output)
    // The tool's thread is one of another process.
    try bench.complete(options: .touchUser)
    #expect(try request.wait()?.status == .accessViolation)
    #expect(output.bytes == [UInt8](repeating: 0x11, count: 16))
  }

  @Test("BUF-40: a driver of neither I/O probes for itself")
  func neitherRead() throws {
    let bench = try Bench(device: "BenchNeither")
    try bench.plan(information: 16, byte: 0x4F, options: .touchUser)
    let buffer = try bench.buffer(4096)
    #expect(try bench.file.read(at: buffer.address, count: 16).status == .success)
    #expect(buffer.bytes(0..<17) == [UInt8](repeating: 0x4F, count: 16) + [0x11])
    buffer.protect(.readOnly)
    // The I/O manager probes the range of a read whatever the method.
    #expect(try bench.file.read(at: buffer.address, count: 16).status == .accessViolation)
    let answer = try bench.file.deviceControl(
      Bench.subject(3), inputAt: 0, inputCount: 0, outputAt: buffer.address, outputCount: 16)
    #expect(answer.status == .accessViolation)
    #expect(bench.kernel.bugCheck == nil)
  }

  @Test("BUF-41: a direct transfer of no bytes has no MDL and is delivered")
  func emptyTransfer() throws {
    let bench = try Bench(device: "BenchDirect")
    try bench.plan()
    for isRead in [true, false] {
      let answer =
        try isRead ? bench.file.read(at: 0, count: 0) : bench.file.write(at: 0, count: 0)
      #expect(answer.status == .success && answer.information == 0)
      let seen = try bench.seen
      #expect(seen.mdl == 0 && seen.systemBuffer == 0 && seen.length == 0)
    }
    #expect(try bench.seen.count == 2)
  }

  @Test("BUF-42: buffered I/O locks no page, direct I/O one for a single byte")
  func lockedPages() throws {
    let bench = try Bench()
    let direct = try bench.process.open(#"\Device\BenchDirect"#)
    try bench.plan(.keep)
    let buffer = try bench.buffer(1)
    let first = try bench.file.startRead(into: buffer)
    #expect(bench.kernel.ioFigures.lockedPages == 0)
    try bench.complete(information: 1)
    _ = try first.wait()
    let second = try direct.startRead(into: buffer)
    #expect(bench.kernel.ioFigures.lockedPages == 1)
    try bench.complete(information: 1)
    _ = try second.wait()
    #expect(bench.kernel.ioFigures.lockedPages == 0)
  }

  @Test("BUF-46: any address will do, but for files without intermediate buffering")
  func alignment() throws {
    let bench = try Bench()
    try bench.plan(information: 3, fill: 3)
    let buffer = try bench.buffer(128)
    #expect(try bench.file.read(at: buffer.address + 1, count: 3).status == .success)
    #expect(buffer.bytes(1..<4) == [0xD7, 0xD7, 0xD7])

    let unbuffered = try bench.process.open(
      #"\Device\Bench"#, options: .noIntermediateBuffering)
    #expect(try unbuffered.read(at: buffer.address + 1, count: 3).status == .invalidParameter)
    #expect(try unbuffered.read(at: buffer.address + 64, count: 3).status == .success)
  }

  @Test("BUF-46: a program may not pass a system address")
  func systemAddress() throws {
    let bench = try Bench()
    try bench.plan(information: 16)
    let address = bench.driver.baseAddress
    #expect(try bench.file.read(at: address, count: 16).status == .accessViolation)
    #expect(try bench.file.write(at: address, count: 16).status == .accessViolation)
    #expect(try bench.seen.count == 0)
  }
}
