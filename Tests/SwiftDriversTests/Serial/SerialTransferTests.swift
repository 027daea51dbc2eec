import Glibc
import Ring3
import Testing

@testable import SampleDrivers

/// Bytes through the serial port.
struct SerialTransferTests {
  let stage: SerialStage

  init() throws { stage = try SerialStage() }

  // MARK: Reading

  @Test func `a read waits for all its bytes`() throws {
    let (read, buffer) = try stage.startRead(5)
    stage.send(Array("abc".utf8))
    try stage.waitForInput(3)
    #expect(!read.isFinished)
    stage.send(Array("def".utf8))
    #expect(try read.wait()?.information == 5)
    #expect(buffer.bytes(0..<5) == Array("abcde".utf8))
    #expect(try stage.port.read(count: 1) == Array("f".utf8))
  }

  @Test func `reads are served in order`() throws {
    let (first, one) = try stage.startRead(2)
    let (second, two) = try stage.startRead(3)
    stage.send([1, 2, 3, 4, 5])
    #expect(try first.wait()?.information == 2)
    #expect(try second.wait()?.information == 3)
    #expect(one.bytes(0..<2) == [1, 2] && two.bytes(0..<3) == [3, 4, 5])
  }

  @Test func `a read may ask for more than the queue holds`() throws {
    let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let (read, buffer) = try stage.startRead(bytes.count)
    stage.send(bytes)
    #expect(try read.wait()?.information == bytes.count)
    #expect(buffer.bytes(0..<bytes.count) == bytes)
  }

  @Test func `a read of no bytes ends at once`() throws {
    #expect(try stage.port.read(count: 0) == [])
  }

  // MARK: Timeouts

  @Test func `a read ends when its total time is over`() throws {
    try stage.set(.serialSetTimeouts, SerialTimeouts(readMultiplier: 10, readConstant: 50))
    let (read, _) = try stage.startRead(5)
    try stage.kernel.advanceTime(by: .milliseconds(99))
    #expect(!read.isFinished)
    try stage.kernel.advanceTime(by: .milliseconds(1))
    let answer = try #require(try read.wait())
    #expect(answer.status == .timeout && answer.information == 0)
  }

  @Test func `a read ends when no byte follows in time`() throws {
    try stage.set(.serialSetTimeouts, SerialTimeouts(readInterval: 20))
    let (read, buffer) = try stage.startRead(5)
    // The interval begins with the first byte.
    try stage.kernel.advanceTime(by: .seconds(100))
    #expect(!read.isFinished)
    stage.send([1, 2])
    try stage.waitForInput(2)
    try stage.kernel.advanceTime(by: .milliseconds(19))
    #expect(!read.isFinished)
    // The driver may set its timer a little after the bytes are counted.
    for _ in 0..<20 where !read.isFinished {
      try stage.kernel.advanceTime(by: .milliseconds(1))
    }
    let answer = try #require(try read.wait())
    #expect(answer.status == .timeout && answer.information == 2)
    #expect(buffer.bytes(0..<2) == [1, 2])
  }

  @Test func `a read that takes what is there does not wait`() throws {
    try stage.set(.serialSetTimeouts, SerialTimeouts(readInterval: .max))
    #expect(try stage.port.read(count: 5) == [])
    stage.send([1, 2])
    try stage.waitForInput(2)
    #expect(try stage.port.read(count: 5) == [1, 2])
  }

  @Test func `a read for the first byte ends with it, or with its time`() throws {
    try stage.set(
      .serialSetTimeouts,
      SerialTimeouts(readInterval: .max, readMultiplier: .max, readConstant: 30))
    let (read, _) = try stage.startRead(5)
    stage.send([7])
    #expect(try read.wait()?.information == 1)
    let (late, _) = try stage.startRead(5)
    // It may begin only when the thread that ended the first one gives it to the driver.
    while !late.isFinished {
      try stage.kernel.advanceTime(by: .milliseconds(30))
      sched_yield()
    }
    #expect(try late.wait()?.status == .timeout)
  }

  // MARK: Writing

  @Test func `what is written arrives at the other end`() throws {
    #expect(try stage.port.write("hello\n\r\u{11}\u{13}") == 9)
    #expect(stage.receive(9) == Array("hello\n\r\u{11}\u{13}".utf8))
  }

  @Test func `a write waits until the tty has all bytes`() throws {
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
    let write = try stage.startWrite(bytes)
    #expect(!write.isFinished)
    let received = stage.receive(bytes.count)
    // Comparing long arrays in an expectation takes minutes when they differ.
    let difference = zip(received, bytes).enumerated().first { $1.0 != $1.1 }?.offset
    #expect(received.count == bytes.count && difference == nil)
    #expect(try write.wait()?.information == bytes.count)
  }

  @Test func `a write ends when its time is over, with what was sent`() throws {
    try stage.set(.serialSetTimeouts, SerialTimeouts(writeConstant: 40))
    let write = try stage.startWrite([UInt8](repeating: 1, count: 300_000))
    try stage.kernel.advanceTime(by: .milliseconds(39))
    #expect(!write.isFinished)
    try stage.kernel.advanceTime(by: .milliseconds(1))
    let answer = try #require(try write.wait())
    #expect(answer.status == .timeout)
    #expect(answer.information > 0 && answer.information < 300_000)
    #expect(stage.receive(answer.information).count == answer.information)
  }

  // MARK: Giving up

  @Test func `a read is cancelled, and its bytes go to the next`() throws {
    let (read, _) = try stage.startRead(5)
    stage.send([1, 2])
    try stage.waitForInput(2)
    read.cancel()
    #expect(try read.wait()?.status == .cancelled)
    #expect(try stage.port.read(count: 2) == [1, 2])
  }

  @Test func `a write is cancelled`() throws {
    let write = try stage.startWrite([UInt8](repeating: 1, count: 300_000))
    write.cancel()
    #expect(try write.wait()?.status == .cancelled)
  }

  @Test func `purging cancels reads and drops what was received`() throws {
    let (first, _) = try stage.startRead(5)
    let (second, _) = try stage.startRead(5)
    stage.send([1, 2])
    try stage.waitForInput(2)
    try stage.set(.serialPurge, 0xA as UInt32)
    #expect(try first.wait()?.status == .cancelled)
    #expect(try second.wait()?.status == .cancelled)
    #expect(try stage.get(.serialGetCommStatus, SerialStatus.self).inputCount == 0)
    stage.send([3])
    #expect(try stage.port.read(count: 1) == [3])
    #expect(stage.refusal(.serialPurge, 0 as UInt32) == .invalidParameter)
    #expect(stage.refusal(.serialPurge, 0x10 as UInt32) == .invalidParameter)
  }

  @Test func `purging cancels writes and drops what was not sent`() throws {
    let write = try stage.startWrite([UInt8](repeating: 1, count: 300_000))
    try stage.set(.serialPurge, 0x5 as UInt32)
    #expect(try write.wait()?.status == .cancelled)
    try stage.port.write([2])
  }

  @Test func `closing the port ends what waits`() throws {
    let (read, _) = try stage.startRead(5)
    try stage.set(.serialSetWaitMask, SerialEvents.breakReceived)
    let (wait, _) = try stage.startWait()
    try stage.port.close()
    #expect(try read.wait()?.status == .cancelled)
    #expect(try wait.wait()?.status == .cancelled)
  }
}
