import Machine
import Memory
import Ring3
import Testing

/// A descriptor of the sending driver's own memory.
private enum Descriptor {
  case none
  case stack(Int, byte: Int)
  case mdl(Int, byte: Int)
  case memory(Int, offset: Int = -1, length: Int = 0)
  case paged(Int, byte: Int)
  /// One that is refused.
  case bad(Int)

  var words: [Int] {
    switch self {
    case .none: [0, 0, 0, 0, 0, 0]
    case .stack(let length, let byte): [1, length, byte, 0, -1, 0]
    case .mdl(let length, let byte): [2, length, byte, 0, -1, 0]
    case .memory(let slot, let offset, let length): [3, 0, 0, slot, offset, length]
    case .paged(let length, let byte): [4, length, byte, 0, -1, 0]
    case .bad(let kind): [kind, 16, 0, 0, -1, 0]
    }
  }
}

private struct Answer {
  let status: NTStatus
  let count: UInt64
  let mdl: UInt64
  let bytes: [UInt8]
}

extension TargetBench {
  fileprivate func transfer(
    _ descriptor: Descriptor, isWrite: Bool = false, request: Int = none, at: Int = none,
    flags: Int = none, timeout: Int = 0, size: Int = 0
  ) throws -> Answer {
    let words = [0, request, isWrite ? 1 : 0, at, flags, timeout, size] + descriptor.words
    return answer(try raw(.syncTransfer, words.map { UInt64(bitPattern: Int64($0)) }))
  }

  fileprivate func control(
    _ method: Int, _ input: Descriptor, _ output: Descriptor, isInternal: Bool = false,
    request: Int = none
  ) throws -> Answer {
    let head = [0, request, Self.control(method), isInternal ? 1 : 0, Self.none, 0, 0]
    let words = head + input.words + output.words
    return answer(try raw(.syncControl, words.map { UInt64(bitPattern: Int64($0)) }))
  }

  private func answer(_ words: [UInt64]) -> Answer {
    Answer(
      status: status(words), count: words[1], mdl: words[2],
      bytes: words[3..<11].flatMap(FrameworkTests.bytes))
  }
}

/// TGT-01 to TGT-10, MEM-33, MEM-34: what formats, sends and waits in one call.
@Suite struct SynchronousTests {
  private static let devices = ["Bench", "BenchDirect", "BenchNeither"]

  @Test(
    "TGT-01: a read fills each kind of descriptor, whatever the device takes", arguments: devices)
  func reads(device: String) throws {
    let bench = try TargetBench(opening: device)
    try bench.memory(0, fill(9, 64))
    if device != "BenchNeither" { try bench.plan(information: 20, fill: 20, byte: 0xAB) }
    let isFilled = device != "BenchNeither"
    let read = fill(0xAB, 20)
    for descriptor in [Descriptor.stack(32, byte: 7), .mdl(32, byte: 7), .paged(32, byte: 7)] {
      let answer = try bench.transfer(descriptor)
      #expect(answer.status == .success)
      #expect(try bench.seen.length == 32 && bench.seen.major == 3)
      if isFilled {
        #expect(answer.count == 20)
        #expect(answer.bytes.first(24) == read + [7, 7, 7, 7])
      }
    }
    #expect(try bench.transfer(.memory(0, offset: 8, length: 32)).status == .success)
    if isFilled {
      #expect(try bench.contents(0, 64) == fill(9, 8) + read + fill(9, 36))
    }
    #expect(bench.kernel.ioFigures.lockedPages == 0)
  }

  @Test("TGT-01: a write sends each kind of descriptor")
  func writes() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(64))
    try bench.plan(information: 16)
    for descriptor in [Descriptor.stack(16, byte: 7), .mdl(16, byte: 7), .paged(16, byte: 7)] {
      let answer = try bench.transfer(descriptor, isWrite: true)
      #expect(answer.status == .success && answer.count == 16)
      #expect(try bench.seen.bytes.first(16) == fill(7, 16))
      #expect(try bench.seen.major == 4)
    }
    #expect(try bench.transfer(.memory(0, offset: 4, length: 8), isWrite: true).status == .success)
    #expect(try bench.seen.bytes.first(8) == pattern(8, from: 5))
  }

  @Test("TGT-01: control requests, to the device and internal ones", arguments: [false, true])
  func controls(isInternal: Bool) throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.plan(information: 12, fill: 12, byte: 0x55)
    let answer = try bench.control(
      0, .stack(16, byte: 3), .mdl(40, byte: 4), isInternal: isInternal)
    #expect(answer.status == .success && answer.count == 12)
    let expected = fill(0x55, 12) + [4, 4, 4, 4]
    #expect(answer.bytes.first(16) == expected)
    let seen = try bench.seen
    #expect(seen.major == (isInternal ? 15 : 14))
    #expect(seen.inputLength == 16 && seen.length == 40)
    #expect(seen.code == UInt64(TargetBench.control(0)))
    #expect(seen.bytes.first(16) == fill(3, 16))
  }

  @Test("TGT-02: the completion status comes back; above PASSIVE_LEVEL nothing is sent")
  func status() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.plan(status: .bufferOverflow, information: 4, fill: 4, byte: 1)
    let answer = try bench.transfer(.stack(16, byte: 7))
    #expect(answer.status == .bufferOverflow && answer.count == 4)
    #expect(answer.bytes.first(5) == [1, 1, 1, 1, 7])
    let count = try bench.seen.count
    try bench.call(.raise, 1)
    #expect(try bench.transfer(.stack(16, byte: 7)).status == .invalidDeviceRequest)
    #expect(try bench.seen.count == count)
  }

  @Test("TGT-02: they wait for a request that is completed later")
  func waits() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.plan(.keep)
    let words: [Int] = [0, -1, 0, -1, -1, 0, 0] + Descriptor.stack(16, byte: 7).words
    let call = WaitingCall(bench, .syncTransfer, words)
    while try bench.seen.count == 0 {}
    #expect(!call.isFinished)
    try bench.finish(status: .success, information: 16, fill: 16, byte: 0x33, level: 2)
    let answer = call.wait()
    #expect(bench.status(answer) == .success && answer[1] == 16)
    #expect(answer[3] == 0x3333_3333_3333_3333)
  }

  @Test("TGT-03: a received request may be used; it is still the driver's afterwards")
  func receivedRequest() throws {
    let bench = try TargetBench(opening: "Bench")
    let buffer = try #require(UserBuffer(bench.process, count: 16))
    let read = try bench.process.open(#"\Device\Targets"#).startRead(into: buffer)
    try bench.plan(information: 4, fill: 4, byte: 2)
    let answer = try bench.transfer(.stack(16, byte: 7), request: TargetBench.subject)
    #expect(answer.status == .success && answer.count == 4)
    #expect(!read.isFinished)
    try bench.call(.complete, TargetBench.subject, 0, 3)
    #expect(try read.wait()?.information == 3)
  }

  @Test("TGT-03: a request of the driver may be used again and again, and is not deleted")
  func createdRequest() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.plan(information: 4)
    try bench.request(0)
    for _ in 0..<3 {
      #expect(try bench.transfer(.stack(16, byte: 7), request: 0).status == .success)
      try bench.reuse(0)
    }
    #expect(try bench.log.isEmpty)
    try bench.call(.requestDelete, 0)
    #expect(try bench.log.map(\.event) == [.requestCleanup, .requestDestroy])
  }

  @Test("TGT-04: the byte count is not written when nothing was sent")
  func byteCount() throws {
    let bench = try TargetBench(opening: "Bench")
    #expect(try bench.transfer(.bad(6)).count == 0x5555)
    try bench.call(.targetPurge, 0, 2)
    let answer = try bench.transfer(.stack(16, byte: 7))
    #expect(answer.status == .invalidDeviceState && answer.count == 0x5555)
  }

  @Test("TGT-05: without a descriptor there is no data")
  func noData() throws {
    let bench = try TargetBench(opening: "Bench")
    #expect(try bench.control(0, .none, .none).status == .success)
    let seen = try bench.seen
    #expect(seen.systemBuffer == 0 && seen.length == 0 && seen.inputLength == 0)
    #expect(try bench.transfer(.none).status == .success)
    #expect(try bench.seen.length == 0)
  }

  @Test("TGT-06: wrong options are refused, each with its status")
  func options() throws {
    let bench = try TargetBench(opening: "Bench")
    let stack = Descriptor.stack(16, byte: 7)
    #expect(try bench.transfer(stack, flags: 0, size: 12).status == .infoLengthMismatch)
    #expect(try bench.transfer(stack, flags: 0x20).status == .invalidParameter)
    // Flags for impersonation are for drivers in user mode.
    #expect(try bench.transfer(stack, flags: 0x1_0000).status == .invalidParameter)
    #expect(try bench.seen.count == 0)
    #expect(try bench.transfer(stack, flags: 0).status == .success)
  }

  @Test(
    "TGT-07, MEM-33: a descriptor of no type, or without its member, is refused", arguments: 5...9)
  func badDescriptor(kind: Int) throws {
    let bench = try TargetBench(opening: "Bench")
    #expect(try bench.transfer(.bad(kind)).status == .invalidParameter)
    #expect(try bench.control(0, .bad(kind), .none).status == .invalidParameter)
    #expect(try bench.seen.count == 0)
  }

  @Test("TGT-07, MEM-32: a part beyond the memory is refused")
  func badOffsets() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(32))
    let overflow = NTStatus(bits: 0xC000_0095)
    #expect(try bench.transfer(.memory(0, offset: 31, length: 2)).status == overflow)
    #expect(try bench.seen.count == 0)
  }

  @Test("TGT-08: paged memory and the caller's stack go to buffered and direct devices")
  func pagedMemory() throws {
    for device in ["Bench", "BenchDirect"] {
      let bench = try TargetBench(opening: device)
      try bench.plan(information: 16, fill: 16, byte: 0x21)
      let filled = fill(0x21, 16)
      #expect(try bench.transfer(.paged(16, byte: 1)).bytes.first(16) == filled)
      #expect(try bench.transfer(.stack(16, byte: 1)).bytes.first(16) == filled)
    }
  }

  @Test("TGT-09: without memory nothing is sent", arguments: 0..<3)
  func noMemory(after count: Int) throws {
    let bench = try TargetBench(opening: "Bench")
    bench.kernel.machine.pool.inject(
      PoolFaults(tag: TargetBench.driverTag, after: count + 1, failing: 1))
    let answer = try bench.transfer(.stack(16, byte: 7))
    #expect(answer.status == .insufficientResources && answer.count == 0x5555)
    #expect(try bench.seen.count == 0)
    bench.kernel.machine.pool.inject(nil)
    #expect(try bench.transfer(.stack(16, byte: 7)).status == .success)
  }

  @Test("TGT-10: without an offset in the device the request is at byte 0")
  func deviceOffset() throws {
    let bench = try TargetBench(opening: "Bench")
    #expect(try bench.transfer(.stack(16, byte: 7), at: 0x1_0000_0010).status == .success)
    #expect(try bench.seen.offset == 0x1_0000_0010)
    #expect(try bench.transfer(.stack(16, byte: 7)).status == .success)
    #expect(try bench.seen.offset == 0)
  }

  @Test("MEM-34: the arguments of an internal request are the addresses of the descriptors")
  func others() throws {
    let bench = try TargetBench(opening: "Bench")
    let answer = try bench.raw(.syncOthers, [0, 0x8000_2403])
    #expect(bench.status(answer) == .success)
    let seen = try bench.seen
    #expect(seen.code == 0x8000_2403 && seen.major == 15)
    // Arguments 1, 2 and 4 lie where a control request has its lengths and its third buffer.
    #expect(seen.length == answer[1] & 0xFFFF_FFFF)
    #expect(seen.inputLength == answer[2] & 0xFFFF_FFFF)
    #expect(seen.type3 == answer[3])
  }

  @Test("REQ-53: a synchronous request that takes too long ends as timed out")
  func timeout() throws {
    let bench = try TargetBench.manual()
    try bench.plan(.keep, cancelable: true)
    let words: [Int] = [0, -1, 0, -1, 1, -50_000, 0] + Descriptor.stack(16, byte: 7).words
    let call = WaitingCall(bench, .syncTransfer, words)
    while !call.isFinished { try bench.advance(milliseconds: 5) }
    #expect(bench.status(call.wait()) == .ioTimeout)
  }
}
