import Machine
import Memory
import Ring3
import Testing

/// TGT-11 to TGT-20, MEM-31, MEM-32, MEM-40: requests formatted with memory objects.
@Suite struct FormattingTests {
  @Test("TGT-11: a formatted and sent read comes back with its data")
  func roundTrip() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(32))
    try bench.request(0)
    try bench.plan(information: 32, fill: 32, byte: 0x77)
    #expect(try bench.formatRead(0, 0) == .success)
    #expect(try bench.send(0).wasSent)
    #expect(try bench.completions.map(\.status) == [.success])
    #expect(try bench.contents(0, 32) == fill(0x77, 32))
  }

  @Test("TGT-12, MEM-31: parts of one memory go to several requests")
  func parts() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(64))
    try bench.plan()
    for (slot, part) in [(0, 0, 64), (16, 0, 48), (16, 8, 8), (64, 0, 0)].enumerated() {
      try bench.request(slot)
      #expect(try bench.formatWrite(slot, 0, offset: part.0, length: part.1) == .success)
      #expect(try bench.send(slot).wasSent)
      let seen = try bench.seen
      #expect(seen.length == UInt64(part.2))
      let count = min(part.2, 64)
      #expect(seen.bytes.first(count) == Array(pattern(64)[part.0..<(part.0 + count)]))
    }
  }

  @Test("TGT-13, MEM-32: a part beyond the memory is refused by every formatting function")
  func badOffsets() throws {
    let bench = try TargetBench(opening: "Bench")
    let overflow = NTStatus(bits: 0xC000_0095)
    try bench.memory(0, pattern(32))
    try bench.request(0)
    #expect(try bench.formatRead(0, 0, offset: 31, length: 2) == overflow)
    #expect(try bench.formatWrite(0, 0, offset: 33, length: 0) == overflow)
    #expect(try bench.formatRead(0, 0, offset: -2, length: 3) == overflow)
    let code = TargetBench.control(0)
    #expect(try bench.call(.formatControl, 0, 0, code, 0, 0, 31, 2, -1, -1, 0) == overflow)
    #expect(try bench.call(.formatControl, 0, 0, code, 1, -1, -1, 0, 0, 31, 2) == overflow)
    try bench.call(.memoryDelete, 0)
    #expect(try bench.log.map(\.event) == [.memoryCleanup, .memoryDestroy])
  }

  @Test("TGT-13: a request that is at a target, or for a closed target, is not formatted")
  func states() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(32))
    try bench.request(0)
    try bench.plan(.keep)
    try bench.formatRead(0, 0)
    #expect(try bench.send(0).wasSent)
    #expect(try bench.formatRead(0, 0) == .invalidDeviceRequest)
    try bench.finish()
    try bench.call(.targetClose, 0)
    #expect(try bench.formatRead(0, 0) == .invalidDeviceState)
  }

  @Test("TGT-13: without memory nothing is formatted", arguments: 0..<2)
  func noMemory(after count: Int) throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(32))
    try bench.request(0)
    bench.kernel.machine.pool.inject(
      PoolFaults(tag: TargetBench.driverTag, after: count + 1, failing: 1))
    #expect(try bench.formatRead(0, 0) == .insufficientResources)
    bench.kernel.machine.pool.inject(nil)
    #expect(try bench.formatRead(0, 0) == .success)
  }

  @Test("TGT-13, REQ-41: an IRP of the driver that is too small is refused")
  func tooSmall() throws {
    let bench = try TargetBench(opening: "Bench")
    // A filter makes the stack of the target two devices high.
    let direct = try bench.process.open(#"\Device\BenchDirect"#)
    _ = try direct.deviceControl(
      TargetBench.plain(0x806), input: fill(0, 24))
    try bench.open(1, "BenchDirect")
    try bench.memory(0, pattern(32))
    #expect(try bench.call(.fromIrp, 0, 1, 1) == .success)
    let notAccepted = NTStatus(bits: 0xC000_00D0)
    #expect(try bench.call(.changeTarget, 0, 1) == .success)
    #expect(try bench.call(.fromIrp, 1, 1, 0) == .success)
    #expect(try bench.call(.changeTarget, 1, 1) == notAccepted)
    #expect(try bench.call(.formatTransfer, 1, 1, 0, 0, -1, 0, -1) == notAccepted)
    #expect(try bench.formatRead(1, 0) == .success)
    // A request of the framework gets a larger IRP.
    try bench.request(2)
    #expect(try bench.call(.changeTarget, 2, 1) == .success)
  }

  @Test("TGT-14: the last format counts, and memory of the former is let go")
  func reformatted() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(16))
    try bench.memory(1, pattern(16, from: 100))
    try bench.request(0)
    try bench.formatWrite(0, 0)
    try bench.call(.memoryDelete, 0)
    #expect(try bench.log.map(\.event) == [.memoryCleanup])
    #expect(try bench.formatWrite(0, 1) == .success)
    #expect(try bench.log.map(\.event) == [.memoryDestroy])
    try bench.plan()
    #expect(try bench.send(0).wasSent)
    #expect(try bench.seen.bytes.first(16) == pattern(16, from: 100))
  }

  @Test("TGT-15: the lower driver sees lengths, place, code and file")
  func parameters() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(64))
    try bench.memory(1, pattern(48))
    try bench.request(0)
    try bench.plan()
    try bench.formatRead(0, 0, offset: 4, length: 20, at: 0x1234)
    try bench.send(0)
    var seen = try bench.seen
    #expect(seen.major == 3 && seen.length == 20 && seen.offset == 0x1234)
    #expect(seen.file == (try bench.ask(.targetInfo, 0, 1)[2]))
    try bench.reuse(0)
    try bench.call(.setCompletion, 0, 0)
    try bench.formatControl(0, method: 0, input: 1, output: 0)
    try bench.send(0)
    seen = try bench.seen
    #expect(seen.major == 14 && seen.code == UInt64(TargetBench.control(0)))
    #expect(seen.inputLength == 48 && seen.length == 64)
    try bench.reuse(0)
    try bench.formatControl(0, method: 3, input: 1, output: 0, isInternal: true)
    try bench.send(0)
    #expect(try bench.seen.major == 15)
  }

  @Test("TGT-16, TGT-17: memory is referred to from the format to the reuse, past completion")
  func references() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(16))
    try bench.request(0)
    try bench.plan()
    try bench.formatRead(0, 0)
    try bench.send(0)
    try bench.call(.memoryDelete, 0)
    #expect(try bench.log.filter { $0.event == .memoryDestroy }.isEmpty)
    try bench.reuse(0)
    #expect(try bench.log.map(\.event) == [.memoryDestroy])
  }

  @Test("TGT-17: deleting the request lets its memory go")
  func deletedRequest() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(16))
    try bench.request(0)
    try bench.formatRead(0, 0)
    try bench.call(.memoryDelete, 0)
    try bench.call(.requestDelete, 0)
    #expect(
      try bench.log.map(\.event)
        == [.memoryCleanup, .memoryDestroy, .requestCleanup, .requestDestroy])
  }

  @Test("TGT-18, MEM-40: memory that is deleted while it is at a target stays until it is let go")
  func deletedMemory() throws {
    let bench = try TargetBench(opening: "BenchDirect")
    try bench.memory(0, pattern(16))
    try bench.request(0)
    try bench.plan(.keep)
    try bench.formatRead(0, 0)
    try bench.send(0)
    try bench.call(.memoryDelete, 0)
    #expect(try bench.log.map(\.event) == [.memoryCleanup])
    try bench.finish(information: 16, fill: 16)
    #expect(try bench.completions.map(\.status) == [.success])
    try bench.reuse(0)
    #expect(try bench.log.map(\.event) == [.memoryDestroy])
    #expect(bench.kernel.ioFigures.lockedPages == 0)
  }

  @Test(
    "TGT-19: a request that is deleted while it is sent lives until its completion routine is back")
  func deletedWhileSent() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(16))
    try bench.request(0)
    try bench.plan(.keep)
    try bench.formatRead(0, 0)
    try bench.send(0)
    try bench.call(.requestDelete, 0)
    #expect(try bench.log.map(\.event) == [.requestCleanup])
    try bench.finish(information: 16, fill: 16, byte: 0x44)
    let events = try bench.log.map(\.event)
    #expect(events == [.irql, .params, .completed, .requestDestroy])
    #expect(try bench.contents(0, 16) == fill(0x44, 16))
    #expect(bench.kernel.machine.io.counters.liveIRPs == 0)
  }

  @Test("TGT-20: a received request gets its own buffers back before it is completed")
  func restored() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(64))
    let buffer = try #require(UserBuffer(bench.process, count: 16))
    buffer.store(fill(0x11, 16))
    let read = try bench.process.open(#"\Device\Targets"#).startRead(into: buffer)
    let subject = TargetBench.subject
    #expect(
      try bench.call(.memoryWrite, subject, 0, 8, 0x2222_2222_2222_2222) == .success)
    try bench.plan(information: 64, fill: 64, byte: 0x99)
    try bench.call(.setCompletion, subject, 0)
    #expect(try bench.formatRead(subject, 0) == .success)
    #expect(try bench.send(subject).wasSent)
    #expect(try bench.contents(0, 64) == fill(0x99, 64))
    try bench.call(.complete, subject, 0, 8)
    #expect(try read.wait()?.information == 8)
    #expect(
      buffer.bytes
        == fill(0x22, 8) + fill(0x11, 8))
  }
}
