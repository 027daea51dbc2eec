import Memory
import Ring3
import TestSupport
import Testing

/// Queues that get on when there is no memory: WdfIoQueueAssignForwardProgressPolicy.
@Suite("Forward progress") struct ReserveTests {
  /// The scenarios of `Tests/Drivers/wdf-reserve.c`, in its order.
  private enum Scenario {
    static let make: UInt32 = 0
    static let failAllocations: UInt32 = 1
    static let finishKept: UInt32 = 2
    static let finishReferenced: UInt32 = 3
    static let dereference: UInt32 = 4
    static let counts: UInt32 = 5
    static let delete: UInt32 = 6
    static let refused: UInt32 = 7
  }

  private enum Policy {
    static let none: UInt64 = 0
    static let always: UInt64 = 1
    static let examine: UInt64 = 2
    static let paging: UInt64 = 3
  }

  private enum Code {
    static let answer = IoControlCode(bits: 0x22_2400)
    static let keep = IoControlCode(bits: 0x22_2404)
    static let other = IoControlCode(bits: 0x22_2408)
  }

  /// "rese": the driver's name behind "wdf-", as its tag.
  private static let tag: UInt32 = "-res".utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) }

  private func makeBench(_ policy: UInt64, count: UInt64 = 2) throws -> (ScenarioBench, File) {
    let bench = try ScenarioBench("wdf-reserve", "WdfReserve", verifies: true)
    #expect(try bench.run(Scenario.make, policy, count)[0] == 0)
    return (bench, try bench.process.open(#"\\.\WdfReserved"#))
  }

  /// Has allocations of the driver fail from now on, and so requests.
  private func exhaust(_ bench: ScenarioBench, _ isExhausted: Bool = true) {
    bench.kernel.machine.pool.inject(isExhausted ? PoolFaults(tag: Self.tag) : nil)
  }

  private func send(_ code: IoControlCode, to file: File) throws(KernelError) -> [UInt64] {
    let bytes = try file.deviceControl(code, outputCount: 16)
    return bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
  }

  private func status(_ code: IoControlCode, _ file: File) -> NTStatus? {
    do {
      _ = try send(code, to: file)
      return nil
    } catch { return error.status }
  }

  private func keep(_ bench: ScenarioBench, _ file: File) throws -> (PendingRequest, UserBuffer) {
    let buffer = try #require(UserBuffer(bench.process, count: 16))
    return (try file.startControl(Code.keep, input: nil, output: buffer), buffer)
  }

  @Test("With memory requests are ordinary ones, and the driver gives each what it needs")
  func ordinary() throws {
    let (bench, file) = try makeBench(Policy.always)
    #expect(try send(Code.answer, to: file) == [0, 1])
    #expect(try bench.run(Scenario.counts).prefix(4) == [1, 2, 1, 1])
  }

  @Test("Without memory a reserved request is used, again and again, with what the driver gave it")
  func reserved() throws {
    let (bench, file) = try makeBench(Policy.always)
    exhaust(bench)
    for _ in 0..<5 { #expect(try send(Code.answer, to: file) == [1, 101]) }
    exhaust(bench, false)
    #expect(try send(Code.answer, to: file) == [0, 1])
    // The reserved ones have not ended.
    #expect(try bench.run(Scenario.counts).prefix(4) == [1, 2, 1, 1])
  }

  @Test("A request that its driver cannot equip goes on as a reserved one")
  func unequipped() throws {
    let (bench, file) = try makeBench(Policy.always)
    try bench.run(Scenario.failAllocations, 1)
    #expect(try send(Code.answer, to: file) == [1, 101])
    #expect(try bench.run(Scenario.counts).prefix(4) == [1, 2, 1, 1])
  }

  @Test("Without a policy a request fails when there is no memory")
  func withoutPolicy() throws {
    let (bench, file) = try makeBench(Policy.none)
    exhaust(bench)
    #expect(status(Code.answer, file)?.name == "STATUS_INSUFFICIENT_RESOURCES")
  }

  @Test("When all reserved requests are in use the next request waits until one is completed")
  func waiting() throws {
    let (bench, file) = try makeBench(Policy.always, count: 1)
    exhaust(bench)
    let (first, firstAnswer) = try keep(bench, file)
    let (second, secondAnswer) = try keep(bench, file)
    exhaust(bench, false)
    #expect(try bench.run(Scenario.finishKept)[0] == 0)
    #expect(try first.wait(seconds: 10)?.status == .success)
    // Now the driver has the second.
    #expect(try bench.run(Scenario.finishKept)[0] == 0)
    #expect(try second.wait(seconds: 10)?.status == .success)
    for answer in [firstAnswer, secondAnswer] {
      #expect(answer.bytes(0..<9) == [1, 0, 0, 0, 0, 0, 0, 0, 100])
    }
    #expect(try bench.run(Scenario.finishKept)[0] == 0x8000_001A)
  }

  @Test("A request that waits for a reserved one is cancelled, also with its file")
  func cancelling() throws {
    let (bench, file) = try makeBench(Policy.always, count: 1)
    let other = try bench.process.open(#"\\.\WdfReserved"#)
    exhaust(bench)
    let (first, _) = try keep(bench, file)
    let (second, _) = try keep(bench, file)
    let (third, _) = try keep(bench, other)
    exhaust(bench, false)
    second.cancel()
    #expect(try second.wait(seconds: 10)?.status.name == "STATUS_CANCELLED")
    try other.close()
    #expect(try third.wait(seconds: 10)?.status.name == "STATUS_CANCELLED")
    #expect(try bench.run(Scenario.finishKept)[0] == 0)
    #expect(try first.wait(seconds: 10)?.status == .success)
    // The reserved request is free.
    exhaust(bench)
    #expect(try send(Code.answer, to: file) == [1, 100])
  }

  @Test("A reserved request that the driver refers to comes back with the last reference")
  func referenced() throws {
    let (bench, file) = try makeBench(Policy.always, count: 1)
    exhaust(bench)
    let (first, _) = try keep(bench, file)
    exhaust(bench, false)
    #expect(try bench.run(Scenario.finishReferenced)[0] == 0)
    #expect(try first.wait(seconds: 10)?.status == .success)
    exhaust(bench)
    let (second, _) = try keep(bench, file)
    exhaust(bench, false)
    #expect(try bench.run(Scenario.finishKept)[0] == 0x8000_001A)
    try bench.run(Scenario.dereference)
    #expect(try bench.run(Scenario.finishKept)[0] == 0)
    #expect(try second.wait(seconds: 10)?.status == .success)
  }

  @Test("The driver says which IRPs get a reserved request")
  func examining() throws {
    let (bench, file) = try makeBench(Policy.examine)
    exhaust(bench)
    #expect(try send(Code.answer, to: file) == [1, 101])
    #expect(status(Code.other, file)?.name == "STATUS_UNSUCCESSFUL")
  }

  @Test("Or only paging I/O gets one")
  func paging() throws {
    let (bench, file) = try makeBench(Policy.paging)
    exhaust(bench)
    #expect(status(Code.answer, file)?.name == "STATUS_UNSUCCESSFUL")
  }

  @Test("Reserved requests end with their queue, each with its callbacks, and nothing is left")
  func ending() throws {
    let (bench, file) = try makeBench(Policy.always, count: 3)
    exhaust(bench)
    #expect(try send(Code.answer, to: file) == [1, 102])
    exhaust(bench, false)
    try file.close()
    try bench.run(Scenario.delete)
    #expect(try bench.run(Scenario.counts).prefix(4) == [0, 3, 3, 3])
    try bench.file.close()
    try bench.driver.unload()
    #expect(bench.kernel.leaks.isEmpty)
  }

  @Test("When one cannot be made the driver is told so, and there are none")
  func unmakeable() throws {
    let bench = try ScenarioBench("wdf-reserve", "WdfReserve", verifies: true)
    // The third is refused.
    #expect(try bench.run(Scenario.make, Policy.always, 5, 2)[0] == 0xC000_0017)
    #expect(try bench.run(Scenario.counts).prefix(4) == [0, 2, 3, 3])
  }

  @Test("A policy is assigned once, and has to make sense")
  func refused() throws {
    let (bench, _) = try makeBench(Policy.none)
    #expect(
      try bench.run(Scenario.refused).prefix(5) == [
        .infoLengthMismatch, .invalidParameter, .invalidParameter, 0, .invalidParameter,
      ])
  }
}
