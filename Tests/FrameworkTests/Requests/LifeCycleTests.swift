import IOManager
import Machine
import Ring3
import Testing

/// REQ-59 to REQ-61: the buffers of requests that a driver makes, from one hand to the next.
@Suite struct LifeCycleTests {
  private let subject = TargetBench.subject

  /// A read of a program that the driver keeps.
  private func startRead(_ bench: TargetBench, _ buffer: UserBuffer) throws -> PendingRequest {
    try bench.process.open(#"\Device\Targets"#).startRead(into: buffer)
  }

  private func buffer(_ bench: TargetBench, _ count: Int = 32) throws -> UserBuffer {
    let buffer = try #require(UserBuffer(bench.process, count: count))
    buffer.store(fill(0x11, count))
    return buffer
  }

  @Test("REQ-59: a request of the driver uses the memory of a received one, and lets it go first")
  func receivedMemory() throws {
    let bench = try TargetBench(opening: "Bench")
    let buffer = try buffer(bench)
    let read = try startRead(bench, buffer)
    try bench.request(0, .reuseComplete)
    try bench.plan(information: 16, fill: 16, byte: 0x88)
    #expect(try bench.formatRead(0, subject, offset: 8, length: 16) == .success)
    #expect(try bench.send(0).wasSent)
    #expect(try read.wait()?.status == .success)
    // 16 bytes of the request's buffer, which begins with 8 bytes that nobody wrote.
    #expect(buffer.bytes?[8..<16] == fill(0x88, 8)[...])
    #expect(buffer.bytes?[16..<32] == fill(0x11, 16)[...])
    try bench.call(.requestDelete, 0)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test(
    "REQ-59, REQ-40: completing the received request while its memory is in use is bug check 0x10D")
  func wrongOrder() throws {
    let bench = try TargetBench(opening: "Bench")
    let buffer = try buffer(bench)
    _ = try startRead(bench, buffer)
    try bench.request(0, .completeSubject)
    try bench.plan(information: 16)
    try bench.formatRead(0, subject)
    try expectViolation(3) { try bench.send(0) }
  }

  @Test("REQ-60: memory of the driver lives as long as the request that uses it")
  func ownMemory() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(16))
    try bench.request(0)
    try bench.plan(.keep)
    try bench.formatRead(0, 0)
    try bench.send(0)
    try bench.call(.memoryReference, 0)
    try bench.call(.memoryDelete, 0)
    try bench.finish(information: 16, fill: 16, byte: 0x61)
    // Deleted, and still there for who refers to it.
    #expect(try bench.contents(0, 16) == fill(0x61, 16))
    try bench.call(.memoryDereference, 0)
    #expect(try bench.log.filter { $0.event == .memoryDestroy }.isEmpty)
    try bench.call(.requestDelete, 0)
    #expect(try bench.log.map(\.event) == [.memoryDestroy, .requestCleanup, .requestDestroy])
  }

  @Test("REQ-60: preallocated memory stays the driver's")
  func preallocated() throws {
    let bench = try TargetBench(opening: "BenchDirect")
    let address = try bench.memory(0, pattern(16), preallocated: true)
    try bench.request(0, .delete)
    try bench.plan(information: 16, fill: 16, byte: 0x62)
    try bench.formatRead(0, 0)
    try bench.send(0)
    #expect(try bench.contents(0, 16) == fill(0x62, 16))
    try bench.call(.memoryDelete, 0)
    let again = try bench.memory(1, pattern(16), preallocated: true)
    #expect(again == address)
    #expect(bench.kernel.ioFigures.lockedPages == 0)
  }

  @Test("REQ-61: one request serves a thousand received ones, and nothing grows")
  func repeated() throws {
    let bench = try TargetBench(opening: "Bench")
    let buffer = try buffer(bench)
    let device = try bench.process.open(#"\Device\Targets"#)
    try bench.call(.requestCreate, 0, 0)
    try bench.plan(information: 32, fill: 32, byte: 0x77)
    let pool = bench.kernel.machine.pool
    var before = 0
    for round in 0..<1000 {
      if round == 10 { before = pool.tagStatistics().map(\.liveCount).reduce(0, +) }
      let read = try device.startRead(into: buffer)
      try bench.call(.setCompletion, 0, TargetBench.Done.reuseComplete.rawValue)
      #expect(try bench.formatRead(0, subject) == .success)
      #expect(try bench.send(0).wasSent)
      #expect(try read.wait()?.information == 32)
    }
    #expect(buffer.bytes == fill(0x77, 32))
    #expect(pool.tagStatistics().map(\.liveCount).reduce(0, +) == before)
    #expect(bench.kernel.ioFigures.irps == 1)
  }
}
