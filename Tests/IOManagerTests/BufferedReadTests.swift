import Ring3
import TestSupport
import Testing

/// BUF-10 to BUF-19: the six steps of a buffered read.
@Suite struct BufferedReadTests {
  static let pattern = UInt8(0x11)

  @Test("BUF-10: the buffer may be memory that was never touched")
  func untouchedPages() throws {
    let bench = try Bench()
    try bench.plan(information: 5000, fill: 5000, byte: 0x42)
    let buffer = try #require(UserBuffer(bench.process, count: 8192))
    let answer = try bench.file.read(at: buffer.address + 100, count: 5000)
    #expect(answer.status == .success && answer.information == 5000)
    #expect(buffer.bytes(100..<5100) == [UInt8](repeating: 0x42, count: 5000))
  }

  @Test("BUF-11: a range that may not be written is refused before the driver sees anything")
  func badRanges() throws {
    let bench = try Bench()
    try bench.plan(information: 16)
    let readOnly = try #require(
      UserBuffer(bench.process, count: 4096, protection: .readOnly))
    let gone = try bench.buffer(4096)
    gone.unmap()
    let addresses: [UInt] = [
      readOnly.address, gone.address, 0, 0x1000, 0x5000_0000_0000 - 8, 0x6000_0000_0000, .max - 7,
      bench.driver.baseAddress,
    ]
    for address in addresses {
      #expect(try bench.file.read(at: address, count: 16).status == .accessViolation)
    }
    #expect(try bench.file.read(at: gone.address, count: 1 << 31).status == .accessViolation)
    #expect(try bench.seen.count == 0)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test("BUF-12: without memory or quota for the system buffer nothing is delivered")
  func noMemory() throws {
    var configuration = Configuration()
    configuration.nonpagedPoolByteCount = 16 << 20
    configuration.processQuotaByteCount = 1 << 40
    let bench = try Bench(configuration)
    let count = 64 << 20
    let buffer = try #require(UserBuffer(bench.process, count: count))
    #expect(
      try bench.file.read(at: buffer.address, count: count).status == .insufficientResources)
    #expect(try bench.seen.count == 0)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test("BUF-12: the requester's quota pays for the system buffer")
  func quota() throws {
    var configuration = Configuration()
    configuration.processQuotaByteCount = 256 << 10
    let bench = try Bench(configuration)
    let buffer = try #require(UserBuffer(bench.process, count: 1 << 20))
    #expect(try bench.file.read(at: buffer.address, count: 1 << 20).status == .quotaExceeded)
    #expect(try bench.seen.count == 0)
    try bench.plan(information: 1)
    #expect(try bench.file.read(at: buffer.address, count: 100 << 10).status == .success)
  }

  @Test("BUF-13: the driver gets a system buffer and the length; the user address is kept aside")
  func fields() throws {
    let bench = try Bench()
    try bench.plan(information: 0)
    let buffer = try bench.buffer(100)
    _ = try bench.file.read(at: buffer.address, count: 100, offset: 0x1_2345_6789)
    let seen = try bench.seen
    #expect(seen.major == 3 && seen.length == 100 && seen.offset == 0x1_2345_6789)
    #expect(seen.systemBuffer != 0 && seen.mdl == 0)
    #expect(seen.userBuffer == UInt64(buffer.address))
    #expect(seen.mode == 1 && seen.irql == 0)
    #expect(seen.process == UInt64(bench.process.identifier))
  }

  @Test("BUF-14: the system buffer and the user's memory are two things until completion")
  func separateBuffers() throws {
    let bench = try Bench()
    try bench.plan(.keep)
    let buffer = try bench.buffer(32)
    let request = try bench.file.startRead(into: buffer)
    try bench.poke([UInt8](repeating: 0x77, count: 32))
    #expect(buffer.bytes == [UInt8](repeating: Self.pattern, count: 32))
    buffer.store([UInt8](repeating: 0x22, count: 32))
    #expect(try bench.peek(32) == [UInt8](repeating: 0x77, count: 32))
    try bench.complete(information: 4)
    #expect(try request.wait()?.information == 4)
    #expect(buffer.bytes(0..<5) == [0x77, 0x77, 0x77, 0x77, 0x22])
  }

  @Test("BUF-15: the system buffer serves at DISPATCH_LEVEL in a thread of another process")
  func anyContext() throws {
    let bench = try Bench()
    try bench.plan(.keep)
    let buffer = try bench.buffer(32)
    let request = try bench.file.startRead(into: buffer)
    try onOtherThread { try bench.complete(information: 32, fill: 32, byte: 0x99, level: 2) }
    #expect(try request.wait()?.status == .success)
    #expect(buffer.bytes == [UInt8](repeating: 0x99, count: 32))
    // What ran at completion, and after it: DISPATCH_LEVEL.
    #expect(try bench.log.filter { $0.kind == 1 || $0.kind == 2 }.map(\.value) == [2, 2])
  }

  @Test("BUF-16: the system buffer stays while the requester's pages are taken away")
  func trimmedRequester() throws {
    let bench = try Bench()
    try bench.plan(.keep)
    let buffer = try bench.buffer(4096)
    let request = try bench.file.startRead(into: buffer)
    try bench.poke([UInt8](repeating: 0x3C, count: 4096))
    buffer.trim()
    #expect(try bench.peek(4096) == [UInt8](repeating: 0x3C, count: 4096))
    try bench.complete(information: 4096)
    #expect(try request.wait()?.information == 4096)
    #expect(buffer.bytes == [UInt8](repeating: 0x3C, count: 4096))
  }

  @Test("BUF-17: exactly the reported bytes are copied, in the requester's thread")
  func copiedCount() throws {
    let bench = try Bench()
    for count in [1, 63, 64, 65, 100] {
      try bench.plan(information: UInt64(count), fill: 100, byte: 0xEE)
      let buffer = try bench.buffer(100)
      #expect(try bench.file.read(at: buffer.address, count: 100).information == count)
      let bytes = try #require(buffer.bytes)
      #expect(bytes[..<count].allSatisfy { $0 == 0xEE })
      #expect(bytes[count...].allSatisfy { $0 == Self.pattern })
    }
  }

  @Test("BUF-18: the system buffer is freed in every outcome")
  func everyOutcome() throws {
    let bench = try Bench()
    let before = bench.kernel.poolUsage(of: .ioBuffers)?.liveCount ?? 0
    let buffer = try bench.buffer(256)
    let statuses: [NTStatus] = [.success, .bufferOverflow, .unsuccessful, .cancelled]
    for round in 0..<2500 {
      let status = statuses[round % 4]
      try bench.plan(status: status, information: 1, fill: 1)
      _ = try bench.file.read(at: buffer.address, count: 1 + round % 256)
      _ = try bench.file.write(at: buffer.address, count: 1 + round % 256)
      _ = try bench.file.deviceControl(
        Bench.subject(0), inputAt: buffer.address, inputCount: round % 200,
        outputAt: buffer.address, outputCount: 8)
    }
    #expect(bench.kernel.poolUsage(of: .ioBuffers)?.liveCount == before)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test("BUF-19: a page that is gone ends the copy; the status is the exception's")
  func pageGone() throws {
    let bench = try Bench()
    try bench.plan(.keep)
    let buffer = try bench.buffer(4096)
    let request = try bench.file.startRead(into: buffer)
    buffer.unmap()
    try bench.complete(information: 4096, fill: 4096)
    #expect(try request.wait()?.status == .accessViolation)
    #expect(bench.kernel.poolUsage(of: .ioBuffers)?.liveCount == 0)
  }
}

extension PoolTag {
  /// The tag of system buffers.
  static var ioBuffers: PoolTag { PoolTag(rawValue: 0x2020_6F49) }
}
