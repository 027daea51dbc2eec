import Foundation
import Glibc
import Ring3
import Testing

@testable import SampleDrivers

/// Rules of the serial port without a device, and other ways to its tty.
struct SerialPartTests {
  @Test func `timeouts say when a read ends`() {
    func plan(_ interval: UInt32, _ multiplier: UInt32, _ constant: UInt32) -> ReadPlan {
      ReadPlan(
        SerialTimeouts(
          readInterval: interval, readMultiplier: multiplier, readConstant: constant), count: 10)
    }
    #expect(plan(0, 0, 0).total == nil && plan(0, 0, 0).interval == nil)
    #expect(plan(0, 2, 5).total == .milliseconds(25))
    #expect(plan(7, 0, 0).interval == .milliseconds(7) && plan(7, 0, 0).total == nil)
    #expect(plan(.max, 0, 0).endsAtOnce)
    #expect(plan(.max, 3, 4).takesWhatIsThere && plan(.max, 3, 4).total == .milliseconds(34))
    #expect(plan(.max, 3, 4).needed == 10)
    #expect(plan(.max, .max, 4).needed == 1 && plan(.max, .max, 4).total == .milliseconds(4))
    #expect(plan(.max, 0, .max).total == nil && !plan(.max, 0, .max).takesWhatIsThere)
    #expect(plan(0, .max, .max).total == .milliseconds(Int(UInt32.max) * 11))
  }

  @Test func `marks of a tty are told from bytes`() {
    var decoder = InputDecoder()
    let bytes: [UInt8] = [65, 0xFF, 0xFF, 0xFF, 0, 66, 0xFF, 0, 0, 67]
    #expect(
      bytes.compactMap { decoder.take($0) } == [
        .byte(65), .byte(0xFF), .bad(66), .breakReceived, .byte(67),
      ])
  }

  @Test func `a queue gives its bytes in order`() {
    var queue = InputQueue()
    for byte in 0..<10 { queue.append(UInt8(byte)) }
    var bytes = [UInt8](repeating: 0, count: 4)
    var span = bytes.mutableSpan
    var output = span.mutableBytes
    #expect(queue.pop(into: &output) == 4)
    #expect(queue.count == 6)
    #expect(queue.pop(into: &output) == 4 && queue.pop(into: &output) == 2)
    #expect(bytes == [8, 9, 6, 7])
  }

  @Test func `the port is a tty of the host`() throws {
    let terminal = try TestTerminal()
    let stage = try PathStage(terminal.path)
    let port = try stage.kernel.makeProcess().open(#"\\.\COM7"#)
    // Such a tty marks errors: a byte of all ones comes through.
    var bytes: [UInt8] = [1, 0xFF, 0, 0xFF, 0xFF, 0]
    #expect(write(terminal.descriptor, &bytes, 6) == 6)
    #expect(try port.read(count: 6) == bytes)
    try port.write([0xFF, 0, 0xFE])
    #expect(read(terminal.descriptor, &bytes, 3) == 3)
    #expect(bytes.prefix(3) == [0xFF, 0, 0xFE])
    close(terminal.descriptor)
    // A program that another test is starting may hold the other end a moment longer.
    var status: NTStatus?
    while status == nil {
      do { try port.write([1]) } catch { status = error.status }
    }
    #expect(status == .deviceNotConnected)
    let path = #expect(throws: KernelError.self) {
      try port.deviceControl(.serialTerminalPath, outputCount: 64)
    }
    #expect(path?.status == .notFound)
  }

  @Test(arguments: ["/nonexistent/tty", "/dev/null"])
  func `a port without a tty does not start`(path: String) throws {
    let stage = try PathStage(path)
    #expect(stage.device.state != .started)
    #expect(stage.device.description?.problemStatus == .noSuchDevice)
  }

  /// A kernel with a port over a given tty.
  struct PathStage {
    let kernel: Kernel
    let device: Device

    init(_ path: String) throws {
      var configuration = Configuration()
      configuration.registryText = parameters(
        of: "Serial", "\"Port\"=\"\(path)\"", #""PortName"="COM7""#)
      kernel = try Kernel(configuration: configuration)
      device = try kernel.addDevice(stack: [try kernel.load(Serial.self)])
    }
  }

  // MARK: A program of the distribution

  private static let socat = ["/usr/bin/socat", "/bin/socat", "/usr/local/bin/socat"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(.enabled(if: socat != nil, "socat is not installed: apt-get install socat"))
  func `socat talks to the port as to any tty`() throws {
    let stage = try SerialStage()
    let path = String(
      decoding: try stage.port.deviceControl(.serialTerminalPath, outputCount: 64), as: UTF8.self)
    let program = Process()
    program.executableURL = URL(fileURLWithPath: try #require(Self.socat))
    program.arguments = ["-", "\(path),raw,echo=0"]
    let (typed, shown) = (Pipe(), Pipe())
    (program.standardInput, program.standardOutput) = (typed, shown)
    try program.run()
    typed.fileHandleForWriting.write(Data("to the driver".utf8))
    #expect(try stage.port.read(count: 13) == Array("to the driver".utf8))
    try stage.port.write("to the program")
    var answer = Data()
    while answer.count < 14 {
      let part = shown.fileHandleForReading.availableData
      if part.isEmpty { break }
      answer += part
    }
    #expect(answer == Data("to the program".utf8))
    kill(program.processIdentifier, SIGKILL)
    program.waitUntilExit()
  }
}
