import Ring3
import TestSupport
import Testing

/// The end of a delivered request.
@Suite struct CompletionTests {
  private func buffer(_ bench: QueueBench, _ count: Int) throws -> UserBuffer {
    try #require(UserBuffer(bench.process, count: count))
  }

  @Test("REQ-31, REQ-32: a request ends with its status and the information that was set")
  func forms() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keep)
    let first = try file.startRead(into: buffer(bench, 8))
    #expect(try device.kept(0, .completeSet, 5, 0)[1] == 5)
    #expect(try first.wait()?.information == 5)
    let second = try file.startRead(into: buffer(bench, 8))
    try device.kept(1, .completeBoosted, 0xC000_0001)
    #expect(try second.wait()?.status.bits == 0xC000_0001)
    // A warning brings the bytes.
    let memory = try buffer(bench, 8)
    let third = try file.startRead(into: memory)
    try device.kept(2, .fill, 5, 0x8000_0005)
    let answer = try #require(try third.wait())
    #expect(answer.status.bits == 0x8000_0005 && answer.information == 5)
    #expect(memory.bytes == [0xAB, 0xAB, 0xAB, 0xAB, 0xAB, 0, 0, 0])
  }

  @Test("REQ-33: completing a request twice is bug check 0x10D")
  func twice() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.completeTwice)
    let error = #expect(throws: KernelError.self) { try file.read(count: 1) }
    #expect(error?.bugCheck?.code.rawValue == 0x10D)
    #expect(error?.bugCheck?.parameters[0] == 5)
  }

  @Test("REQ-34: cleanup runs before the requester knows, with the buffer still there")
  func cleanup() throws {
    let bench = try QueueBench()
    let device = try bench.make(.requestContext)
    let file = try device.open()
    try device.plan(.complete, information: 1)
    #expect(try file.read(count: 4) == [0xCC])
    #expect(
      try bench.log().dropFirst() == [
        .init(kind: .requestCleanup, value: 4), .init(kind: .requestDestroy, value: 0),
      ])
  }

  @Test("A request that no driver has seen ends without callbacks")
  func unseen() throws {
    let bench = try QueueBench()
    let device = try bench.make(.requestContext)
    let file = try device.open()
    try device.queue(.stop)
    let request = try file.startRead(into: buffer(bench, 1))
    request.cancel()
    #expect(try request.wait()?.status == .cancelled)
    #expect(try bench.log().isEmpty)
  }

  @Test("REQ-35: under verification more bytes than the buffer has are bug check 0x10D")
  func information() throws {
    let bench = try QueueBench(verifies: true)
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.complete, status: 0x8000_0005, information: 9)
    try device.plan(.complete, information: 8)
    _ = try file.read(count: 8)
    try device.plan(.complete, information: 9)
    let error = #expect(throws: KernelError.self) { try file.read(count: 8) }
    #expect(error?.bugCheck?.code.rawValue == 0x10D)
    #expect(error?.bugCheck?.parameters.prefix(2) == [6, 4])
  }

  @Test("REQ-36: a buffered control request without output may report anything")
  func noOutput() throws {
    let bench = try QueueBench(verifies: true)
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.complete, information: 99)
    let answer = try file.deviceControl(
      IoControlCode(bits: 0x222000), inputAt: 0, inputCount: 0, outputAt: 0, outputCount: 0)
    #expect(answer.status == .success && answer.information == 99)
  }

  @Test(
    "REQ-37: status codes of the framework become codes of the system",
    arguments: zip(
      [0xC020_0203, 0xC020_0204, 0xC020_0201, 0xC020_0214, 0xC020_020A, 0xC020_0213] as [UInt32],
      [0x8000_0011, 0x8000_0011, 0xC000_00E5, 0xC000_009A, 0xC000_0010, 0xC000_0010] as [UInt32]))
  func mapping(_ own: UInt32, _ system: UInt32) throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.complete, status: own)
    let memory = try buffer(bench, 1)
    #expect(try file.read(at: memory.address, count: 1).status.bits == system)
  }

  @Test(
    "REQ-40, MEM-41: memory of a request that is still referenced at its end is bug check 0x10D")
  func heldMemory() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.holdMemory)
    let error = #expect(throws: KernelError.self) { try file.read(count: 1) }
    #expect(error?.bugCheck?.code.rawValue == 0x10D)
    #expect(error?.bugCheck?.parameters[0] == 3 && error?.bugCheck?.parameters[2] == 1)
  }

  @Test(
    "OBJ-04, REQ-24, REQ-46, REQ-57: completion deletes a request; a reference keeps handle and context"
  )
  func reference() throws {
    let bench = try QueueBench()
    let device = try bench.make(.requestContext)
    let file = try device.open()
    try device.plan(.reference)
    _ = try file.read(count: 4)
    let log = try bench.log()
    #expect(log.filter { $0.kind == .value }.map(\.value) == [0x1234, 0xC000_00E5, 0xC000_00E5, 0])
    #expect(log.last == .init(kind: .requestDestroy, value: 0x1234))
  }

  @Test("Requests leave no memory behind")
  func noLeak() throws {
    let bench = try QueueBench(verifies: true)
    let device = try bench.make([.files, .requestContext])
    for _ in 0..<10 {
      let file = try device.open()
      for _ in 0..<10 { _ = try file.read(count: 16) }
      try file.close()
    }
    _ = try bench.log()
    try bench.control.close()
    // What is left at unload is a bug check under verification.
    try bench.driver.unload()
    #expect(bench.kernel.bugCheck == nil)
  }
}
