import Foundation
import Glibc
import Ring3
import Testing

@testable import SampleDrivers

/// A kernel with a serial port, and the other end of its pseudo-terminal.
final class SerialStage {
  let kernel: Kernel
  let driver: Driver
  let device: Device
  let process: UserProcess
  let port: File
  /// The other end, raw.
  let other: Int32

  init(configure: (inout Configuration) -> Void = { _ in }) throws {
    var configuration = Configuration()
    configuration.usesManualClock = true
    configure(&configuration)
    kernel = try Kernel(configuration: configuration)
    driver = try kernel.load(Serial.self)
    device = try kernel.addDevice(stack: [driver])
    process = try kernel.makeProcess()
    port = try process.open(#"\\.\COM3"#)
    let path = String(
      decoding: try port.deviceControl(.serialTerminalPath, outputCount: 64), as: UTF8.self)
    other = Glibc.open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(other >= 0)
  }

  deinit { close(other) }

  // MARK: The other end

  func send(_ bytes: [UInt8]) { #expect(write(other, bytes, bytes.count) == bytes.count) }

  /// Waits for bytes at the other end.
  func receive(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var part = [UInt8](repeating: 0, count: min(4096, count - bytes.count))
      let got = read(other, &part, part.count)
      guard got > 0 else { break }
      bytes += part.prefix(got)
    }
    return bytes
  }

  // MARK: The port

  func set(_ code: IoControlCode, _ value: some BitwiseCopyable) throws {
    _ = try port.deviceControl(code, input: withUnsafeBytes(of: value) { Array($0) })
  }

  func get<T: BitwiseCopyable>(_ code: IoControlCode, _ type: T.Type = T.self) throws -> T {
    let bytes = try port.deviceControl(code, outputCount: MemoryLayout<T>.size)
    #expect(bytes.count == MemoryLayout<T>.size)
    return bytes.withUnsafeBytes { $0.loadUnaligned(as: T.self) }
  }

  /// The status that a control request is refused with.
  func refusal(_ code: IoControlCode, _ value: some BitwiseCopyable) -> NTStatus? {
    #expect(throws: KernelError.self) { try set(code, value) }?.status
  }

  /// Waits until the driver has received so many bytes.
  func waitForInput(_ count: Int) throws {
    while try get(.serialGetCommStatus, SerialStatus.self).inputCount < count { sched_yield() }
  }

  func startRead(_ count: Int) throws -> (request: PendingRequest, buffer: UserBuffer) {
    let buffer = try #require(UserBuffer(process, count: count))
    return (try port.startRead(into: buffer), buffer)
  }

  func startWrite(_ bytes: [UInt8]) throws -> PendingRequest {
    let buffer = try #require(UserBuffer(process, count: bytes.count))
    buffer.store(bytes)
    return try port.startWrite(from: buffer)
  }

  func startWait() throws -> (request: PendingRequest, buffer: UserBuffer) {
    let buffer = try #require(UserBuffer(process, count: 4))
    return (try port.startControl(.serialWaitOnMask, output: buffer), buffer)
  }
}

/// A pseudo-terminal that a test makes.
struct TestTerminal {
  let descriptor: Int32
  let path: String

  init() throws {
    descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (unlocked, number) = (0 as Int32, 0 as Int32)
    try #require(ioctl(descriptor, 0x4004_5431, &unlocked) == 0)
    try #require(ioctl(descriptor, 0x8004_5430, &number) == 0)
    path = "/dev/pts/\(number)"
  }
}
