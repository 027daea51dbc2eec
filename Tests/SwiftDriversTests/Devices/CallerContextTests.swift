import Ring3
import Testing

/// Neither I/O in a Swift driver: what the caller's context is for.
struct CallerContextTests {
  let kernel: Kernel
  let driver: Driver
  let process: UserProcess
  let file: File

  init() throws {
    kernel = try Kernel()
    driver = try kernel.load(CallerDriver.self)
    process = try kernel.makeProcess()
    file = try process.open(#"\\.\Caller"#)
  }

  @Test func `locked user buffers are used in another thread`() throws {
    let input = try #require(UserBuffer(process, count: 5))
    let output = try #require(UserBuffer(process, count: 5))
    input.store([1, 2, 3, 4, 5])
    let request = try file.startControl(CallerDriver.reverse, input: input, output: output)
    #expect(try request.wait()?.information == 5)
    #expect(output.bytes(0..<5) == [5, 4, 3, 2, 1])
  }

  @Test func `reads and writes have one buffer`() throws {
    let buffer = try #require(UserBuffer(process, count: 8))
    let reading = try file.startRead(into: buffer)
    #expect(try reading.wait()?.information == 8)
    #expect(buffer.bytes(0..<8) == Array(repeating: 0x5A, count: 8))
    let writing = try file.startWrite(from: buffer)
    #expect(try writing.wait()?.information == 8)
  }

  @Test func `an address that the caller cannot use is refused`() throws {
    let answer = try file.deviceControl(
      CallerDriver.reverse, inputAt: 0x10, inputCount: 4, outputAt: 0, outputCount: 0)
    #expect(answer.status == .accessViolation)
  }

  @Test func `buffers that are not locked cannot be used`() throws {
    let input = try #require(UserBuffer(process, count: 4))
    let request = try file.startControl(CallerDriver.unlocked, input: input)
    #expect(try request.wait()?.status == .invalidDeviceRequest)
  }

  @Test func `buffers are locked once`() throws {
    let input = try #require(UserBuffer(process, count: 4))
    let request = try file.startControl(CallerDriver.twice, input: input)
    #expect(try request.wait()?.status == .objectNameCollision)
  }

  @Test func `addresses are told unchecked`() throws {
    let answer = try file.deviceControl(
      CallerDriver.addresses, inputAt: 0x10, inputCount: 4, outputAt: 0x20, outputCount: 6)
    #expect(answer.status == .success && answer.information == 10)
    let none = try file.deviceControl(
      CallerDriver.addresses, inputAt: 0, inputCount: 0, outputAt: 0x20, outputCount: 6)
    #expect(none.status == .bufferTooSmall)
  }
}
