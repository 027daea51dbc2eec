import IOManager
import Machine
import PlugAndPlay
import Ring3
import Synchronization
import Testing

/// A filter of the framework above a driver that takes buffered requests.
private struct Stack {
  let bench: TargetBench
  let device: Device
  let file: File

  init(_ mode: TargetBench.Mode, verifies: Bool = false) throws {
    var configuration = Configuration()
    configuration.verifies = verifies
    bench = try TargetBench(configuration)
    device = try bench.kernel.addDevice(
      stack: [bench.lowerDriver, bench.driver], hardwareIDs: [#"ROOT\TARGETS"#])
    #expect(device.state == .started)
    try bench.call(.setMode, mode.rawValue)
    file = try bench.process.open(#"\Device\BenchInTree"#)
  }
}

/// REQ-38, REQ-44, REQ-58 and the targets of a device in a stack.
@Suite struct FilterTests {
  private typealias Mode = TargetBench.Mode

  @Test(
    "REQ-38, REQ-58: a request that is passed on comes back once, with its data",
    arguments: [TargetBench.Mode.forget, .currentForget, .current, .currentSync], [false, true])
  func forwarded(mode: TargetBench.Mode, verifies: Bool) throws {
    let stack = try Stack(mode, verifies: verifies)
    try stack.bench.plan(information: 10, fill: 10, byte: 0x6B)
    let buffer = try #require(UserBuffer(stack.bench.process, count: 16))
    buffer.store(fill(0x11, 16))
    let answer = try stack.file.read(at: buffer.address, count: 16)
    #expect(answer.status == .success && answer.information == 10)
    #expect(
      buffer.bytes
        == fill(0x6B, 10) + fill(0x11, 6))
    #expect(try stack.file.write(pattern(16)) == 10)
    #expect(try stack.bench.seen.bytes.first(16) == pattern(16))
    #expect(stack.bench.kernel.ioFigures.irps == 0)
  }

  @Test(
    "REQ-38: a request that is passed on and completed later comes back once",
    arguments: [TargetBench.Mode.forget, .currentForget, .current, .currentSync], [0, 2])
  func forwardedLater(mode: TargetBench.Mode, level: Int) throws {
    for verifies in [false, true] { try forwardLater(try Stack(mode, verifies: verifies), level) }
  }

  private func forwardLater(_ stack: Stack, _ level: Int) throws {
    try stack.bench.plan(.keep)
    let buffer = try #require(UserBuffer(stack.bench.process, count: 16))
    // A driver that waits below keeps the thread of the program.
    let answer = Mutex<File.Completion?>(nil)
    let task = HostTask {
      let completion = try? stack.file.read(at: buffer.address, count: 16)
      answer.withLock { $0 = completion }
    }
    while try stack.bench.seen.count == 0 {}
    #expect(answer.withLock { $0 == nil })
    // The driver below counts a request before it keeps it.
    while true {
      do throws(KernelError) {
        try stack.bench.finish(status: .bufferOverflow, information: 16, fill: 16, level: level)
        break
      } catch {
        guard case .status(.notFound) = error else { throw error }
      }
    }
    task.join()
    let status = answer.withLock { $0?.status }
    let information = answer.withLock { $0?.information }
    #expect(status == .bufferOverflow && information == 16)
    #expect(buffer.bytes == fill(0xC3, 16))
    #expect(stack.bench.kernel.ioFigures.irps == 0)
  }

  @Test("REQ-44, REQ-58: with the current type the lower driver has the same buffer")
  func currentType() throws {
    let stack = try Stack(.keep)
    let bench = stack.bench
    try bench.plan(.keep)
    let buffer = try #require(UserBuffer(bench.process, count: 16))
    let read = try stack.file.startRead(into: buffer, offset: 0x40)
    let subject = TargetBench.subject
    #expect(try bench.ask(.targetLocal, 1)[0] == 1)
    #expect(try bench.state(1) == 1)
    try bench.call(.setCompletion, subject, TargetBench.Done.completeOwn.rawValue)
    try bench.call(.formatCurrent, subject)
    #expect(try bench.send(subject, to: 1).wasSent)
    let seen = try bench.seen
    #expect(seen.length == 16 && seen.offset == 0x40 && seen.major == 3)
    #expect(try bench.call(.memoryWrite, subject, 0, 8, 0x4141_4141_4141_4141) == .success)
    #expect(numbers(try bench.peek(8)) == [0x4141_4141_4141_4141])
    try bench.finish(information: 16)
    #expect(try read.wait()?.information == 16)
    #expect(buffer.bytes?.first(8) == fill(0x41, 8))
  }

  @Test("REQ-38: a kept request is forgotten later, and the lower driver completes it at once")
  func forgottenLater() throws {
    for verifies in [false, true] {
      let stack = try Stack(.keep, verifies: verifies)
      let bench = stack.bench
      let buffer = try #require(UserBuffer(bench.process, count: 16))
      let read = try stack.file.startRead(into: buffer)
      #expect(!read.isFinished)
      try bench.ask(.targetLocal, 1)
      try bench.plan(information: 7, fill: 7)
      #expect(try bench.send(TargetBench.subject, to: 1, flags: 8).wasSent)
      #expect(try read.wait()?.information == 7)
      #expect(bench.kernel.ioFigures.irps == 0)
    }
  }

  @Test("REQ-44: a request that the driver made has no current type")
  func noCurrentType() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.request(0)
    try expectViolation(6, 1) { try bench.call(.formatCurrent, 0) }
  }

  @Test(
    "REQ-50: a request that was forgotten is not the driver's any more", arguments: [false, true])
  func forgotten(verifies: Bool) throws {
    let stack = try Stack(.keep, verifies: verifies)
    let bench = stack.bench
    let buffer = try #require(UserBuffer(bench.process, count: 16))
    let read = try stack.file.startRead(into: buffer)
    try bench.ask(.targetLocal, 1)
    try bench.plan(.keep)
    #expect(try bench.send(TargetBench.subject, to: 1, flags: 8).wasSent)
    try bench.finish(information: 5, fill: 5)
    #expect(try read.wait()?.information == 5)
    try expectViolation(5) { try bench.call(.complete, TargetBench.subject, 0, 0) }
  }

  @Test(
    "REQ-50: a closed target does not take a request to be forgotten: the driver keeps it",
    arguments: [false, true])
  func forgottenByClosed(verifies: Bool) throws {
    let stack = try Stack(.keep, verifies: verifies)
    let bench = stack.bench
    let buffer = try #require(UserBuffer(bench.process, count: 16))
    let read = try stack.file.startRead(into: buffer)
    try bench.open(1, "Bench")
    try bench.call(.targetClose, 1)
    let answer = try bench.send(TargetBench.subject, to: 1, flags: 8)
    #expect(!answer.wasSent && answer.status == .invalidDeviceState)
    try bench.call(.complete, TargetBench.subject, 0, 0)
    #expect(try read.wait()?.status == .success)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test("TGT-38: the target of a filter is the next lower device, with its physical device")
  func localTarget() throws {
    let stack = try Stack(.keep)
    let bench = stack.bench
    #expect(try bench.ask(.targetLocal, 0)[0] == 1)
    let info = try bench.ask(.targetInfo, 0, 0)
    #expect(info[0] != 0 && info[1] != 0 && info[0] != info[1] && info[2] == 0)
    #expect(info[4] == 2)
    let answer = try bench.raw(.targetProperty, [0])
    #expect(bench.status(answer) == .success)
    // "ROOT\TARGETS", its end and the end of the list.
    #expect(answer[1] == 0xC000_0023 && answer[2] == 28 && answer[3] == 28)
    #expect(answer[4] == UInt64(UInt8(ascii: "R")))
    // Nobody in this stack knows the interface.
    #expect(try bench.call(.targetInterface, 0).isError)
  }

  @Test("A driver sends requests to itself, and its own queue passes them on")
  func selfTarget() throws {
    let stack = try Stack(.own)
    let bench = stack.bench
    try bench.plan(information: 16, fill: 16, byte: 0x51)
    let buffer = try #require(UserBuffer(bench.process, count: 16))
    let answer = try stack.file.read(at: buffer.address, count: 16)
    #expect(answer.status == .success && answer.information == 16)
    #expect(buffer.bytes == fill(0x51, 16))
    let events = try bench.log.map(\.event)
    #expect(events.first == .selfQueue && events.last == .completed)
    #expect(try bench.ask(.targetSelf, 2)[0] == 1)
    #expect(bench.kernel.ioFigures.irps == 0)
  }

  @Test("A request of the driver's own reaches its own queue")
  func createdToSelf() throws {
    let stack = try Stack(.own)
    let bench = stack.bench
    try bench.ask(.targetSelf, 0)
    try bench.memory(0, pattern(16))
    try bench.request(0)
    try bench.plan(information: 16, fill: 16, byte: 0x52)
    #expect(try bench.formatRead(0, 0) == .success)
    #expect(try bench.send(0).wasSent)
    #expect(try bench.log.map(\.event) == [.selfQueue, .irql, .params, .completed])
    #expect(try bench.contents(0, 16) == fill(0x52, 16))
  }

  @Test("A target that is opened by name is told of its device's end")
  func removal() throws {
    let stack = try Stack(.keep)
    let bench = stack.bench
    try bench.call(.targetCreate, 3)
    #expect(try bench.openByName(3, #"\Device\BenchInTree"#, callbacks: true) == .success)
    #expect(try bench.ask(.targetInfo, 3, 1)[1] != 0)
    try stack.file.close()
    try stack.device.remove()
    let events = try bench.log.map(\.event)
    #expect(events.first(2) == [.queryRemove, .removeComplete])
    #expect(try bench.state(3) == 4)
  }

  @Test("A removal that is called off opens the target again")
  func calledOff() throws {
    let stack = try Stack(.keep)
    let bench = stack.bench
    try bench.call(.targetCreate, 3)
    #expect(try bench.openByName(3, #"\Device\BenchInTree"#, callbacks: true) == .success)
    // The open file of the program keeps the device.
    #expect(throws: KernelError.self) { try stack.device.remove() }
    let events = try bench.log.map(\.event)
    #expect(events == [.queryRemove, .removeCanceled])
    #expect(try bench.state(3) == 1)
  }
}
