import Ring3
import TestSupport
import Testing

/// BUF-70 and BUF-71: large transfers.
@Suite struct LargeTransferTests {
  @Test("BUF-70: a buffered transfer may fail for want of pool where a direct one works")
  func fragmentedPool() throws {
    var configuration = Configuration()
    configuration.nonpagedPoolByteCount = 4 << 20
    let bench = try Bench(configuration)
    let direct = try bench.process.open(#"\Device\BenchDirect"#)
    try bench.plan(information: 8 << 20)
    let buffer = try #require(UserBuffer(bench.process, count: 8 << 20))
    let answer = try bench.file.read(at: buffer.address, count: 8 << 20)
    #expect(answer.status == .insufficientResources)
    #expect(try bench.seen.count == 0)
    #expect(try direct.read(at: buffer.address, count: 8 << 20).status == .success)
  }

  @Test("BUF-71: several pages work both ways, with the same result")
  func severalPages() throws {
    let bench = try Bench()
    let direct = try bench.process.open(#"\Device\BenchDirect"#)
    try bench.plan(.keep)
    let count = 64 << 10
    let pattern = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    for file in [bench.file, direct] {
      let buffer = try bench.buffer(count)
      let request = try file.startRead(into: buffer)
      try bench.poke(pattern)
      #expect(try bench.peek(count) == pattern)
      try bench.complete(information: UInt64(count))
      #expect(try request.wait()?.information == count)
      #expect(buffer.bytes == pattern)
    }
  }
}
