import IOManager
import Machine
import Ring3
import Testing

/// REQ-39, REQ-41 to REQ-43: requests that a driver makes, and their reuse.
@Suite struct CreatedRequestTests {
  @Test("REQ-39: a request that the driver made is deleted, not completed")
  func notCompleted() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.request(0)
    try bench.call(.requestDelete, 0)
    #expect(try bench.log.map(\.event) == [.requestCleanup, .requestDestroy])
    #expect(bench.kernel.ioFigures.irps == 0)
    try bench.request(1)
    try expectViolation(6) { try bench.call(.complete, 1, 0, 0) }
  }

  @Test("REQ-39: the IRP of a driver goes with the request only when the driver wants that")
  func ownerOfTheIrp() throws {
    let bench = try TargetBench(opening: "Bench")
    #expect(try bench.call(.fromIrp, 0, 2, 1) == .success)
    #expect(try bench.call(.fromIrp, 1, 2, 0) == .success)
    #expect(bench.kernel.ioFigures.irps == 2)
    try bench.call(.requestDelete, 0)
    #expect(bench.kernel.ioFigures.irps == 1)
    try bench.call(.requestDelete, 1)
    #expect(bench.kernel.ioFigures.irps == 1)
    try bench.call(.newIrp, 1)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test("REQ-41: a request has as many locations as its target needs; a closed target needs none")
  func stackSize() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.request(0)
    try bench.memory(0, pattern(16))
    try bench.plan()
    #expect(try bench.formatRead(0, 0) == .success)
    try bench.send(0)
    #expect(try bench.seen.words[17] == 1)
    try bench.call(.targetClose, 0)
    #expect(try bench.call(.requestCreate, 1, 0).bits == 0xC000_0184)
    #expect(try bench.call(.changeTarget, 0, 0).bits == 0xC000_0184)
  }

  @Test("REQ-41: a request without a target gets one before it is formatted")
  func withoutTarget() throws {
    let bench = try TargetBench(opening: "Bench")
    #expect(try bench.call(.requestCreate, 0, TargetBench.none) == .success)
    #expect(bench.kernel.ioFigures.irps == 0)
    #expect(try bench.call(.changeTarget, 0, 0) == .success)
    #expect(bench.kernel.ioFigures.irps == 1)
    try bench.call(.requestDelete, 0)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test("REQ-42: reuse sets the status and clears the routine, the format and the cancel state")
  func reuse() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(16))
    try bench.request(0)
    try bench.plan(status: .dataError)
    try bench.formatRead(0, 0)
    try bench.send(0)
    #expect(try bench.ask(.status, 0)[0] == UInt64(NTStatus.dataError.bits))
    #expect(try bench.ask(.cancelSent, 0)[0] == 0)
    try bench.formatRead(0, 0)
    #expect(try bench.send(0).status == .cancelled)
    try bench.call(.memoryDelete, 0)
    #expect(try bench.reuse(0, .deviceBusy) == .success)
    #expect(try bench.ask(.status, 0)[0] == UInt64(NTStatus.deviceBusy.bits))
    #expect(try bench.log.last?.event == .memoryDestroy)
    try bench.memory(1, pattern(16))
    try bench.formatRead(0, 1)
    #expect(try bench.send(0).wasSent)
    // The routine was set before the reuse.
    #expect(try bench.completions.isEmpty)
  }

  @Test("REQ-42: a structure of a wrong size and unknown flags are refused")
  func badReuse() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.request(0)
    #expect(try bench.call(.reuse, 0, 0, 0, 0, 20) == .invalidParameter)
    #expect(try bench.call(.reuse, 0, 4, 0) == .invalidParameter)
    // To be completed, a request needs an IRP of the driver.
    #expect(try bench.call(.reuse, 0, 2, 0) == .invalidDeviceRequest)
  }

  @Test("REQ-42: a request that is sent is not reused")
  func reuseOfSent() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.memory(0, pattern(16))
    try bench.request(0)
    try bench.plan(.keep)
    try bench.formatRead(0, 0)
    try bench.send(0)
    try expectViolation(6, 3) { try bench.reuse(0) }
  }

  @Test("REQ-42: a request over a driver's IRP that must be completed is completed once")
  func mustComplete() throws {
    let bench = try TargetBench()
    #expect(try bench.call(.mustComplete, 0) == .success)
    let log = try bench.log
    #expect(log.map(\.event) == [.selfQueue])
    #expect(log.first?.status == .dataError)
    try expectViolation(6, 2) { try bench.call(.complete, 0, 0, 0) }
  }

  @Test("REQ-43: only a request over a driver's IRP takes another one")
  func newIrp() throws {
    let bench = try TargetBench(opening: "Bench")
    let invalidState = NTStatus(bits: 0xC020_0208)
    try bench.request(0)
    #expect(try bench.call(.reuse, 0, 0, 0, 2) == invalidState)
    #expect(try bench.call(.fromIrp, 1, 1, 1) == .success)
    #expect(try bench.call(.reuse, 1, 0, 0, 3) == .success)
    try bench.memory(0, pattern(16))
    try bench.plan()
    #expect(try bench.formatRead(1, 0) == .success)
    #expect(try bench.send(1).wasSent)
    #expect(try bench.seen.words[17] == 3)
    let buffer = try #require(UserBuffer(bench.process, count: 16))
    let read = try bench.process.open(#"\Device\Targets"#).startRead(into: buffer)
    #expect(try bench.call(.reuse, TargetBench.subject, 0, 0, 2) == invalidState)
    try bench.call(.complete, TargetBench.subject, 0, 0)
    #expect(try read.wait()?.status == .success)
    try bench.call(.requestDelete, 1)
    try bench.call(.newIrp, 1)
    try bench.call(.requestDelete, 0)
    #expect(bench.kernel.ioFigures.irps == 0)
  }
}
