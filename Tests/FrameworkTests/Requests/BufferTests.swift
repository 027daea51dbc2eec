import Ring3
import TestSupport
import Testing

/// What a driver finds out about a request: its buffers, its parameters, who sent it.
@Suite struct BufferTests {
  /// What the driver found on one side of a request.
  struct Side {
    let bufferStatus, buffer, bufferCount: UInt64
    let memoryStatus, memory, memoryCount, isSameMemory, copyStatus: UInt64
    let mdlStatus, mdlCount, mdlAddress, mdlFlags: UInt64

    init(_ words: ArraySlice<UInt64>) {
      let words = Array(words)
      (bufferStatus, buffer, bufferCount) = (words[0], words[1], words[2])
      (memoryStatus, memory, memoryCount) = (words[3], words[4], words[5])
      (isSameMemory, copyStatus) = (words[6], words[7])
      (mdlStatus, mdlCount, mdlAddress, mdlFlags) = (words[8], words[9], words[10], words[11])
    }
  }

  struct Probe {
    let input, output: Side
    let systemBuffer, mappedMdl: UInt64
    /// Type, minor function, the three words of parameters, offset, mode, 32 bit, queue, file, reserved,
    /// process.
    let rest: [UInt64]

    init(_ words: [UInt64]) {
      input = Side(words[0..<12])
      output = Side(words[12..<24])
      systemBuffer = words[24]
      mappedMdl = words[25]
      rest = Array(words[26...])
    }
  }

  enum Kind { case read, write, control }

  /// Sends one request to a new device and gives what its driver found.
  private func probe(
    _ kind: Kind, io: UInt64 = 2, method: UInt32 = 0, input: Int = 16, output: Int = 64,
    minimum: UInt64 = 1, _ bench: QueueBench, flags: QueueBench.Flags = .zeroLength
  ) throws -> Probe {
    let device = try bench.make(io: io, flags)
    let file = try device.open()
    try device.plan(.probe, information: minimum)
    let bytes = [UInt8](repeating: 1, count: input)
    _ = try bench.log()
    switch kind {
    case .read: _ = try file.read(count: output, offset: 0x1234)
    case .write: try file.write(bytes, offset: 0x1234)
    case .control:
      _ = try file.deviceControl(
        IoControlCode(bits: 0x22_2000 | method), input: bytes, outputCount: output)
    }
    // The lengths that the handler of a control request logs come first.
    let words = try bench.log(.value)
    return Probe(kind == .control ? Array(words.dropFirst(2)) : words)
  }

  private let invalid: UInt64 = 0xC000_0010
  private let tooSmall: UInt64 = 0xC000_0023
  private let denied: UInt64 = 0xC000_0005

  @Test("REQ-11, REQ-12: reads have output only, writes input only, control requests both")
  func sides() throws {
    let bench = try QueueBench()
    let read = try probe(.read, bench)
    #expect(
      [read.input.bufferStatus, read.input.memoryStatus, read.input.mdlStatus] == [
        invalid, invalid, invalid,
      ])
    #expect(
      [read.output.bufferStatus, read.output.memoryStatus, read.output.mdlStatus] == [0, 0, 0])
    let write = try probe(.write, bench)
    #expect(
      [write.output.bufferStatus, write.output.memoryStatus, write.output.mdlStatus] == [
        invalid, invalid, invalid,
      ])
    #expect(
      [write.input.bufferStatus, write.input.memoryStatus, write.input.mdlStatus] == [0, 0, 0])
    let control = try probe(.control, bench)
    #expect(control.input.bufferStatus == 0 && control.output.bufferStatus == 0)
  }

  @Test("REQ-13: a buffer of no bytes is too small")
  func empty() throws {
    let bench = try QueueBench()
    let control = try probe(.control, input: 0, output: 0, minimum: 0, bench)
    for side in [control.input, control.output] {
      #expect(
        [side.bufferStatus, side.memoryStatus, side.mdlStatus] == [tooSmall, tooSmall, tooSmall])
    }
  }

  @Test("REQ-14: a buffer that is shorter than the driver wants is refused, and nothing is given")
  func minimum() throws {
    let bench = try QueueBench()
    let exact = try probe(.read, minimum: 64, bench)
    #expect(exact.output.bufferStatus == 0 && exact.output.bufferCount == 64)
    let more = try probe(.read, minimum: 65, bench)
    #expect(
      more.output.bufferStatus == tooSmall && more.output.buffer == 0
        && more.output.bufferCount == 0)
  }

  @Test("REQ-15, REQ-19, MEM-39: buffered requests have the system buffer, in one memory object")
  func buffered() throws {
    let bench = try QueueBench()
    let read = try probe(.read, bench)
    #expect(read.output.buffer == read.systemBuffer && read.output.memory == read.systemBuffer)
    #expect(read.output.memoryCount == 64 && read.output.isSameMemory == 1)
    let control = try probe(.control, bench)
    #expect(
      control.input.buffer == control.systemBuffer && control.output.buffer == control.systemBuffer)
    #expect(control.input.bufferCount == 16 && control.output.bufferCount == 64)
  }

  @Test("REQ-16: direct reads and writes have a mapping of the requester's pages")
  func direct() throws {
    let bench = try QueueBench()
    let read = try probe(.read, io: 3, bench)
    #expect(read.output.buffer == read.mappedMdl && read.output.memory == read.mappedMdl)
    #expect(read.systemBuffer == 0 && read.output.memoryCount == 64)
    let write = try probe(.write, io: 3, bench)
    #expect(write.input.buffer == write.mappedMdl && write.input.memoryCount == 16)
  }

  @Test("REQ-16: without room for a mapping there is no buffer")
  func unmapped() throws {
    let bench = try QueueBench()
    bench.kernel.machine.mdls.pointee.mappingLimit = 0
    let read = try probe(.read, io: 3, bench)
    #expect(
      [read.output.bufferStatus, read.output.memoryStatus] == [exhausted, exhausted])
    #expect(read.output.buffer == 0)
    bench.kernel.machine.mdls.pointee.mappingLimit = .max
    #expect(try probe(.read, io: 3, bench).output.bufferStatus == 0)
  }

  private let exhausted: UInt64 = 0xC000_009A

  @Test(
    "REQ-02, REQ-17: control requests go by the method of their code",
    arguments: [1, 2] as [UInt32])
  func directControl(_ method: UInt32) throws {
    let bench = try QueueBench()
    let control = try probe(.control, io: 3, method: method, bench)
    #expect(control.input.buffer == control.systemBuffer && control.input.bufferCount == 16)
    #expect(control.output.buffer == control.mappedMdl && control.output.bufferCount == 64)
    let buffered = try probe(.control, io: 3, bench)
    #expect(buffered.output.buffer == buffered.systemBuffer)
  }

  @Test("REQ-18, REQ-22: neither method gives a program's buffers to no one")
  func neither() throws {
    let bench = try QueueBench()
    let control = try probe(.control, method: 3, bench)
    let read = try probe(.read, io: 1, bench)
    for side in [control.input, control.output, read.output] {
      #expect(
        [side.bufferStatus, side.memoryStatus, side.mdlStatus] == [invalid, invalid, invalid])
    }
  }

  @Test("REQ-18, REQ-22: the kernel's own buffers are given with neither method, without an MDL")
  func neitherFromKernel() throws {
    let bench = try QueueBench()
    for isInternal in [false, true] {
      let device = try bench.make(.defaultHandler)
      try device.plan(.probe, information: 1)
      let answer = try device.send(0x222003, isInternal: isInternal)
      #expect(answer[0] == 0)
      let log = try bench.log()
      #expect(log[0] == .init(kind: .byDefault, value: isInternal ? 15 : 14))
      let found = Probe(log.dropFirst().map(\.value))
      #expect(found.input.buffer == answer[1] && found.input.memory == answer[1])
      #expect(found.output.buffer == answer[2] && found.output.memoryCount == 64)
      #expect(found.input.mdlStatus == invalid && found.output.mdlStatus == invalid)
    }
  }

  @Test("REQ-11, REQ-12: internal control requests have both sides")
  func internalControl() throws {
    let bench = try QueueBench()
    let device = try bench.make(.defaultHandler)
    try device.plan(.probe, information: 1)
    #expect(try device.send(0x222000, isInternal: true)[0] == 0)
    let found = Probe(try bench.log(.value))
    #expect(found.input.bufferStatus == 0 && found.input.bufferCount == 16)
    #expect(found.output.bufferStatus == 0 && found.output.bufferCount == 64)
  }

  @Test("REQ-20, MEM-21: what the requester did not give for writing cannot be written")
  func readOnly() throws {
    let bench = try QueueBench()
    #expect(try probe(.write, bench).input.copyStatus == denied)
    #expect(try probe(.write, io: 3, bench).input.copyStatus == denied)
    #expect(try probe(.control, method: 2, bench).input.copyStatus == denied)
    #expect(try probe(.control, method: 1, bench).output.copyStatus == denied)
    #expect(try probe(.control, method: 2, bench).output.copyStatus == 0)
    #expect(try probe(.read, bench).output.copyStatus == 0)
    #expect(try probe(.control, bench).input.copyStatus == 0)
  }

  @Test(
    "REQ-21, REQ-23, MDL-46: each side has its MDL, over the system buffer or the requester's pages"
  )
  func mdls() throws {
    let bench = try QueueBench()
    let control = try probe(.control, bench)
    #expect(control.input.mdlCount == 16 && control.output.mdlCount == 64)
    // MDL_SOURCE_IS_NONPAGED_POOL
    #expect(control.input.mdlFlags & 4 != 0)
    #expect(control.input.mdlAddress == control.systemBuffer)
    #expect(control.output.mdlAddress == control.systemBuffer)
    let direct = try probe(.control, method: 2, bench)
    #expect(direct.output.mdlAddress == direct.mappedMdl && direct.output.mdlCount == 64)
    #expect(direct.input.mdlAddress == direct.systemBuffer && direct.input.mdlCount == 16)
    let read = try probe(.read, io: 3, bench)
    #expect(read.output.mdlAddress == read.mappedMdl)
    let nothing = try probe(.write, io: 3, input: 1, bench)
    #expect(nothing.input.mdlCount == 1)
  }

  @Test("REQ-25: buffers may be asked for at DISPATCH_LEVEL")
  func level() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keep)
    let request = try file.startRead(into: UserBuffer(bench.process, count: 8))
    _ = try bench.log()
    try device.kept(0, .completeAtDispatch)
    #expect(try request.wait()?.status == .success)
    let words = try bench.log(.value)
    #expect(words[0] == 0 && words[2] == 8 && words[3] == 0 && words[8] == 0)
  }

  @Test("REQ-26: a driver reads the parameters of a request")
  func parameters() throws {
    let bench = try QueueBench()
    let read = try probe(.read, bench)
    #expect(read.rest[0] == 3 && read.rest[2] == 64 && read.rest[5] == 0x1234)
    let control = try probe(.control, method: 2, bench)
    #expect(control.rest[0] == 14 && control.rest[2] == 64 && control.rest[3] == 16)
    #expect(control.rest[4] == 0x222002)
  }

  @Test("REQ-45: a request knows its queue, its file object, its requester's mode and process")
  func origin() throws {
    let bench = try QueueBench()
    let read = try probe(.read, bench)
    // User mode, 64 bit, with a queue, no WDFFILEOBJECT, not reserved.
    #expect(Array(read.rest[6...]) == [1, 0, 1, 0, 0, UInt64(bench.process.identifier)])
    let withFile = try probe(.read, bench, flags: .files)
    #expect(withFile.rest.suffix(3).first == 1)
  }

  @Test("REQ-27: addresses of the requester are given only in its own context, for neither I/O")
  func unsafeBuffers() throws {
    let bench = try QueueBench()
    let device = try bench.make(.inCallerContext)
    let file = try device.open()
    try device.plan(.unsafe)
    _ = try file.deviceControl(
      IoControlCode(bits: 0x222000), input: [1, 2], outputCount: 3)
    #expect(Array(try bench.log(.value).prefix(4)) == [invalid, 0, invalid, 0])
    try device.plan(.unsafe, information: 3)
    _ = try file.deviceControl(IoControlCode(bits: 0x222003), input: [1, 2], outputCount: 3)
    #expect(Array(try bench.log(.value).prefix(4)) == [tooSmall, 0, 0, 3])
  }

  @Test("REQ-28: EvtIoInCallerContext runs in the requester's thread and enqueues")
  func callerContext() throws {
    let bench = try QueueBench()
    let device = try bench.make(.inCallerContext)
    let file = try device.open()
    _ = try file.read(count: 4)
    #expect(
      try bench.log() == [
        .init(kind: .inCaller, value: 1), .init(kind: .read, value: 4),
        .init(kind: .value, value: 0),
      ])
    try device.queue(.purge)
    #expect(try file.read(at: 0, count: 0).status.bits == 0x8000_0011)
    #expect(try bench.log(.value) == [0xC020_0204])
    let none = try bench.make([.inCallerContext, .noQueue])
    let second = try none.open()
    #expect(try second.read(at: 0, count: 0).status.bits == 0xC000_0010)
  }

  @Test("REQ-29, REQ-30, MEM-21: pages of the requester are locked until the request ends")
  func lockedPages() throws {
    let bench = try QueueBench()
    let device = try bench.make(.inCallerContext)
    let file = try device.open()
    try device.plan(.unsafe, information: 0)
    let output = try #require(UserBuffer(bench.process, count: 8))
    let input = try #require(UserBuffer(bench.process, count: 8))
    input.store([0x41])
    let answer = try file.deviceControl(
      IoControlCode(bits: 0x222003), inputAt: input.address, inputCount: 8,
      outputAt: output.address,
      outputCount: 8)
    #expect(answer.status == .success)
    let words = Array(try bench.log(.value).dropFirst(4))
    // No bytes; locked; the byte of the program; not to be written; locked; written; no such page.
    #expect(Array(words.prefix(7)) == [0xC000_00E8, 0, 0x41, denied, 0, 0, denied])
    #expect(output.bytes?.first == 0x77)
    try file.close()
    try bench.driver.unload()
    #expect(bench.kernel.bugCheck == nil)
  }
}
