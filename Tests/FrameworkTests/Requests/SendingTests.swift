import IOManager
import Machine
import Ring3
import Testing

/// REQ-47 to REQ-53, REQ-56: sending, completion routines, timeouts and cancelling.
@Suite struct SendingTests {
  private let invalidState = NTStatus(bits: 0xC000_0184)

  private func formatted(_ bench: TargetBench, _ slot: Int = 0) throws {
    try bench.memory(0, pattern(32))
    try bench.request(slot)
    #expect(try bench.formatRead(slot, 0) == .success)
  }

  @Test("REQ-47: a request that was not sent says why, and no completion routine runs")
  func notSent() throws {
    let bench = try TargetBench(opening: "Bench")
    try formatted(bench)
    try bench.call(.targetPurge, 0, 2)
    let answer = try bench.send(0)
    #expect(!answer.wasSent && answer.status == invalidState)
    #expect(try bench.log.isEmpty)
    try bench.call(.targetStart, 0)
    #expect(try bench.send(0).wasSent)
    #expect(try bench.completions.map(\.status) == [.success])
  }

  @Test("REQ-48: options that are not valid are refused")
  func options() throws {
    let bench = try TargetBench(opening: "Bench")
    try formatted(bench)
    for (flags, size) in [(0, 12), (0x10, 0), (0x9, 0), (0xA, 0), (0x1_0000, 0)] {
      let answer = try bench.send(0, flags: flags, size: size)
      #expect(!answer.wasSent && answer.status == .invalidParameter)
    }
    #expect(try bench.seen.count == 0)
    #expect(try bench.send(0, flags: 0).wasSent)
  }

  @Test("REQ-49: a request that somebody must complete is not sent without a way back")
  func wayBack() throws {
    let bench = try TargetBench(opening: "Bench")
    let subject = TargetBench.subject
    let buffer = try #require(UserBuffer(bench.process, count: 16))
    let read = try bench.process.open(#"\Device\Targets"#).startRead(into: buffer)
    try bench.memory(0, pattern(32))
    #expect(try bench.formatRead(subject, 0) == .success)
    var answer = try bench.send(subject)
    #expect(!answer.wasSent && answer.status == .invalidDeviceRequest)
    // A request that was formatted anew cannot be forgotten.
    answer = try bench.send(subject, flags: 8)
    #expect(!answer.wasSent && answer.status == .invalidDeviceRequest)
    try bench.request(0)
    answer = try bench.send(0, flags: 8)
    #expect(!answer.wasSent && answer.status == invalidState)
    try bench.call(.complete, subject, 0, 0)
    #expect(try read.wait()?.status == .success)
    #expect(try bench.seen.count == 0)
  }

  @Test("REQ-50: a request that is at a target is not sent again")
  func twice() throws {
    let bench = try TargetBench(opening: "Bench")
    try formatted(bench)
    try bench.plan(.keep)
    try bench.send(0)
    try expectViolation(6, 3) { try bench.send(0) }
  }

  @Test("REQ-50: a request without an IRP is not sent")
  func withoutIrp() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.call(.requestCreate, 0, TargetBench.none)
    try expectViolation(6, 2) { try bench.send(0) }
  }

  @Test("REQ-50: a request without a location left is not formatted")
  func noLocation() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.call(.fromIrp, 0, 0, 1)
    try expectViolation(6, 1) { try bench.call(.formatLocation, 0, 14, 0x8000_2400) }
  }

  @Test("REQ-50: a received request is not completed while it is at a target")
  func completedWhileSent() throws {
    let bench = try TargetBench(opening: "Bench")
    let buffer = try #require(UserBuffer(bench.process, count: 16))
    _ = try bench.process.open(#"\Device\Targets"#).startRead(into: buffer)
    try bench.memory(0, pattern(32))
    try bench.call(.setCompletion, TargetBench.subject, 0)
    try bench.formatRead(TargetBench.subject, 0)
    try bench.plan(.keep)
    try bench.send(TargetBench.subject)
    try expectViolation(6, 3) { try bench.call(.complete, TargetBench.subject, 0, 0) }
  }

  @Test("REQ-51: the completion routine is called once for each send, with what was formatted")
  func completionRoutine() throws {
    let bench = try TargetBench(opening: "Bench")
    try formatted(bench)
    try bench.plan(.keep)
    try bench.send(0)
    #expect(try bench.log.isEmpty)
    try bench.finish(information: 12, level: 2)
    let log = try bench.log
    #expect(log.map(\.event) == [.irql, .params, .completed])
    #expect(log[0].value == 2)
    // A read, a structure of the right size, the target, the count.
    #expect(log[1].value == 0x3_0101_000C)
    #expect(log[2].status == .success)
    // Without another one the routine is not called again.
    try bench.plan()
    try bench.formatRead(0, 0)
    try bench.send(0)
    #expect(try bench.log.isEmpty)
  }

  @Test("REQ-51: a request with a location of the driver's own has no type")
  func noFormat() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.request(0)
    try bench.plan(information: 3)
    try bench.call(.formatLocation, 0, 15, 0x8000_2403)
    #expect(try bench.send(0).wasSent)
    #expect(try bench.seen.code == 0x8000_2403)
    let params = try bench.log.filter { $0.event == .params }.map(\.value)
    #expect(params == [0xFF_0101_0003])
  }

  @Test("REQ-52: completion parameters are kept after completion")
  func completionParameters() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(32))
    try bench.memory(1, pattern(48))
    #expect(try bench.call(.requestCreate, 0, 0) == .success)
    try bench.plan(information: 8)
    try bench.formatRead(0, 0, offset: 4, length: 16)
    try bench.send(0)
    var params = try bench.ask(.params, 0)
    #expect(params[0..<3] == [3, 0, 8])
    // Buffer, length, offset.
    #expect(params[3..<6] == [params[10], 8, 4])
    try bench.reuse(0)
    try bench.formatControl(0, method: 0, input: 0, output: 1)
    try bench.send(0)
    params = try bench.ask(.params, 0)
    #expect(params[0..<3] == [14, 0, 8])
    // Code; buffer and offset of the input; buffer, offset and length of the output.
    #expect(params[3] & 0xFFFF_FFFF == UInt64(TargetBench.control(0)))
    #expect(params[4..<9] == [params[10], 0, params[11], 0, 8])
    try bench.reuse(0)
    #expect(try bench.ask(.params, 0)[0] == 0xFF)
  }

  @Test("REQ-53: a request whose time is up comes back as timed out")
  func timeout() throws {
    let bench = try TargetBench.manual()
    try formatted(bench)
    #expect(try bench.call(.allocateTimer, 0) == .success)
    try bench.plan(.keep, cancelable: true)
    #expect(try bench.send(0, flags: 1, timeout: -10 * 10_000).wasSent)
    try bench.advance(milliseconds: 9)
    #expect(try bench.log.isEmpty)
    try bench.advance(milliseconds: 1)
    #expect(try bench.completions.map(\.status) == [.ioTimeout])
    #expect(try bench.ask(.status, 0)[0] == UInt64(NTStatus.ioTimeout.bits))
  }

  @Test("REQ-53: a request that is completed in spite of the cancel keeps its status")
  func completedInSpite() throws {
    let bench = try TargetBench.manual()
    try formatted(bench)
    try bench.plan(.keep)
    try bench.send(0, flags: 1, timeout: -10 * 10_000)
    try bench.advance(milliseconds: 20)
    #expect(try bench.log.isEmpty)
    try bench.finish(information: 4)
    #expect(try bench.completions.map(\.status) == [.success])
  }

  @Test("REQ-53: a request that comes back in time has its timer stopped; 0 is no timeout")
  func inTime() throws {
    let bench = try TargetBench.manual()
    try formatted(bench)
    try bench.plan(.keep, cancelable: true)
    try bench.send(0, flags: 1, timeout: -10 * 10_000)
    try bench.finish()
    #expect(try bench.completions.map(\.status) == [.success])
    try bench.reuse(0)
    try bench.call(.setCompletion, 0, 0)
    try bench.formatRead(0, 0)
    try bench.send(0, flags: 1, timeout: 0)
    try bench.advance(milliseconds: 1000)
    #expect(try bench.log.isEmpty)
    try bench.finish()
    try bench.call(.requestDelete, 0)
    #expect(try bench.log.last?.event == .requestDestroy)
  }

  @Test("REQ-53: the time of a request that waits for its target runs too")
  func timeoutWhileWaiting() throws {
    let bench = try TargetBench.manual()
    try formatted(bench)
    try bench.call(.targetStop, 0, 3)
    #expect(try bench.send(0, flags: 1, timeout: -10 * 10_000).wasSent)
    try bench.advance(milliseconds: 10)
    #expect(try bench.completions.map(\.status) == [.ioTimeout])
    #expect(try bench.seen.count == 0)
  }

  @Test("REQ-56: cancelling reaches a request that is pending below, and no other")
  func cancelSent() throws {
    let bench = try TargetBench(opening: "Bench")
    try formatted(bench)
    try bench.plan(.keep, cancelable: true)
    try bench.send(0)
    #expect(try bench.ask(.cancelSent, 0)[0] == 1)
    #expect(try bench.completions.map(\.status) == [.cancelled])
    #expect(try bench.ask(.cancelSent, 0)[0] == 0)
    try bench.request(1)
    try bench.formatRead(1, 0)
    try bench.plan(.keep)
    try bench.send(1)
    #expect(try bench.ask(.cancelSent, 1)[0] == 0)
    #expect(try bench.completions.isEmpty)
    try bench.finish()
    #expect(try bench.completions.map(\.status) == [.success])
  }

  @Test("Under verification a request that is not formatted is not sent")
  func unformatted() throws {
    let bench = try TargetBench.checked()
    try bench.request(0)
    let answer = try bench.send(0)
    #expect(!answer.wasSent && answer.status.bits == 0xC000_00D0)
    #expect(bench.kernel.verdicts.map { $0.rule?.name } == ["RequestFormattedValid"])
  }

  @Test("Cancelling, timing out and completing at once end a request once")
  func race() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(16))
    try bench.request(0)
    for round in 0..<200 {
      try bench.plan(.keep, cancelable: true)
      try bench.call(.setCompletion, 0, 0)
      try bench.formatRead(0, 0)
      #expect(try bench.send(0, flags: 1, timeout: round % 2 == 0 ? -1 : -100_000).wasSent)
      let other = HostTask { _ = try? bench.finish() }
      _ = try bench.ask(.cancelSent, 0)
      other.join()
      var count = 0
      while count == 0 { count = try bench.completions.count }
      #expect(count == 1)
      try bench.reuse(0)
    }
    #expect(try bench.completions.isEmpty)
    #expect(bench.kernel.ioFigures.irps == 1)
  }
}
