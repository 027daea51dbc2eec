import CDriverKit
import IOManager
import Machine
import Ring3
import TestSupport
import Testing

/// BUF-48 to BUF-55: flags, statuses and what comes back.
@Suite struct StatusTests {
  @Test("BUF-48: each kind of request has its flags")
  func flags() throws {
    let bench = try Bench()
    try bench.plan()
    let buffer = try bench.buffer(16)
    let (file, address) = (bench.file, buffer.address)
    func flags(_ send: () throws -> File.Completion) throws -> UInt64 {
      #expect(try send().status == .success)
      return try bench.seen.flags & 0x370
    }
    #expect(try flags { try file.read(at: address, count: 16) } == 0x170)
    #expect(try flags { try file.write(at: address, count: 16) } == 0x230)
    #expect(try flags { try file.read(at: address, count: 0) } == 0x110)
    #expect(try flags { try file.write(at: address, count: 0) } == 0x210)
    #expect(try bench.seen.systemBuffer == 0)
    func control(_ method: UInt32, _ input: Int, _ output: Int) throws -> UInt64 {
      try flags {
        try file.deviceControl(
          Bench.subject(method), inputAt: address, inputCount: input, outputAt: address,
          outputCount: output)
      }
    }
    #expect(try control(0, 8, 8) == 0x70)
    #expect(try control(0, 8, 0) == 0x30)
    #expect(try control(0, 0, 8) == 0x70)
    #expect(try control(1, 8, 8) == 0x30)
    #expect(try control(2, 8, 8) == 0x30)
    #expect(try control(2, 0, 8) == 0)
    #expect(try control(3, 8, 8) == 0)
  }

  @Test("BUF-49: IRP_DEALLOCATE_BUFFER alone decides whether the buffer is freed")
  func ownBuffer() throws {
    let builder = try Builder()
    let result = try builder.run(.ownBuffer)
    // The driver still has it, and the data was copied out of it.
    #expect(result[0] == 0x77 && result[1] == 0x77)
  }

  @Test(
    "BUF-50, BUF-51, BUF-52, BUF-53: success, information and warnings bring data, errors do not",
    arguments: [
      (0, true), (0x0000_0102, true), (0x4000_0000, true), (0x4000_0001, true),
      (0x8000_0005, true), (0x8000_0006, true), (0x8000_0016, false), (0xC000_0001, false),
      (0xC000_0023, false), (0xC000_0120, false),
    ] as [(UInt32, Bool)])
  func copyRule(bits: UInt32, isCopied: Bool) throws {
    let bench = try Bench()
    try bench.plan(status: NTStatus(bits: bits), information: 8, fill: 100, byte: 0x99)
    let buffer = try bench.buffer(100)
    let read = try bench.file.read(at: buffer.address, count: 100)
    #expect(read.status == NTStatus(bits: bits) && read.information == 8)
    let expected: [UInt8] =
      [UInt8](repeating: isCopied ? 0x99 : 0x11, count: 8) + [UInt8](repeating: 0x11, count: 92)
    #expect(buffer.bytes == expected)
    let output = try bench.buffer(100)
    let control = try bench.file.deviceControl(
      Bench.subject(0), inputAt: 0, inputCount: 0, outputAt: output.address, outputCount: 100)
    #expect(control.status == NTStatus(bits: bits))
    #expect(output.bytes == expected)
    #expect(bench.kernel.poolUsage(of: .ioBuffers)?.liveCount == 0)
  }

  @Test("BUF-54: no reported byte, no copied byte")
  func nothingReported() throws {
    let bench = try Bench()
    try bench.plan(information: 0, fill: 16)
    let buffer = try bench.buffer(16)
    #expect(try bench.file.read(at: buffer.address, count: 16).information == 0)
    #expect(buffer.bytes == [UInt8](repeating: 0x11, count: 16))
  }

  @Test("BUF-55: the status block is filled at the end of a request that pended")
  func blockOfPendedRequest() throws {
    let bench = try Bench()
    let block = try bench.buffer(16, filledWith: 0xCC)
    let buffer = try bench.buffer(16)
    for status in [NTStatus.success, .unsuccessful] {
      block.store([UInt8](repeating: 0xCC, count: 16))
      try bench.plan(.keep)
      let progress = UnsafeMutablePointer<RequestProgress>.allocate(capacity: 1)
      progress.initialize(to: RequestProgress())
      defer { progress.deallocate() }
      #expect(try bench.start(buffer, statusBlock: block.address, progress) == 0x103)
      #expect(block.bytes == [UInt8](repeating: 0xCC, count: 16))
      try bench.complete(status: status, information: 5)
      bench.awaitDone(progress)
      let words = numbers(block.bytes ?? [])
      #expect(UInt32(truncatingIfNeeded: words[0]) == status.bits && words[1] == 5)
    }
  }

  @Test("BUF-55: a request that fails at once is answered by the call alone")
  func blockOfFailedRequest() throws {
    let bench = try Bench()
    let block = try bench.buffer(16, filledWith: 0xCC)
    let buffer = try bench.buffer(16)
    let progress = UnsafeMutablePointer<RequestProgress>.allocate(capacity: 1)
    progress.initialize(to: RequestProgress())
    defer { progress.deallocate() }
    try bench.plan(status: .unsuccessful, information: 5)
    let failed = NTStatus.unsuccessful.bits
    #expect(try bench.start(buffer, statusBlock: block.address, progress) == failed)
    #expect(block.bytes == [UInt8](repeating: 0xCC, count: 16))
    progress.pointee = RequestProgress()
    try bench.plan(information: 6)
    #expect(try bench.start(buffer, statusBlock: block.address, progress) == 0)
    #expect(numbers(block.bytes ?? [])[1] == 6)
  }
}

extension Bench {
  /// Starts a read as a program does that has a status block; gives what the call returns.
  func start(
    _ buffer: UserBuffer, statusBlock: UInt = 0, event: UnsafeMutableRawPointer? = nil,
    _ progress: UnsafeMutablePointer<RequestProgress>
  ) throws -> UInt32 {
    var call = RequestCall(
      machine: kernel.machine, process: process.process, handle: file.handle,
      majorFunction: UInt8(IRP_MJ_READ))
    call.input = buffer.address
    call.inputCount = buffer.count
    call.statusBlock = statusBlock
    call.event = event
    call.progress = progress
    try withUnsafeMutablePointer(to: &call) {
      _ = try kernel.machine.enter(process.process, $0, transferEntry)
    }
    return UInt32(bitPattern: call.status)
  }

  /// Waits until a started request has come to its end.
  func awaitDone(_ progress: UnsafeMutablePointer<RequestProgress>) {
    while !progress.pointee.isDone { _ = try? kernel.machine.inside(process.process) {} }
  }
}
