import Glibc
import Ring3
import Testing

@testable import SampleDrivers

/// A kernel with a keyboard that reads events from a pipe, or from a file.
final class KeyboardStage {
  let kernel: Kernel
  let driver: Driver
  let device: Device
  let process: UserProcess
  private let pipe: (reading: Int32, writing: Int32)

  init(queueSize: Int = 100, path: String? = nil) throws {
    var ends: [Int32] = [-1, -1]
    try #require(Glibc.pipe(&ends) == 0)
    pipe = (ends[0], ends[1])
    var configuration = Configuration()
    configuration.registryText = parameters(
      of: "Keyboard", "\"Device\"=\"\(path ?? "/proc/self/fd/\(ends[0])")\"",
      "\"KeyboardDataQueueSize\"=dword:\(String(queueSize, radix: 16))")
    kernel = try Kernel(configuration: configuration)
    driver = try kernel.load(Keyboard.self)
    device = try kernel.addDevice(stack: [driver])
    process = try kernel.makeProcess()
  }

  deinit {
    close(pipe.reading)
    close(pipe.writing)
  }

  func open() throws -> File { try process.open(#"\\.\Keyboard0"#) }

  /// Lets the keyboard say keys; each with a report behind it.
  func type(_ keys: (code: UInt16, value: Int32)...) {
    for (code, value) in keys { send(InputEvent(type: InputEvent.key, code: code, value: value)) }
    send(InputEvent(type: InputEvent.synchronization, code: 0, value: 0))
  }

  func send(_ event: InputEvent) {
    let bytes = Self.bytes(of: event)
    #expect(write(pipe.writing, bytes, bytes.count) == bytes.count)
  }

  static func bytes(of event: InputEvent) -> [UInt8] {
    [UInt8](repeating: 0, count: 16)
      + withUnsafeBytes(of: (event.type, event.code, event.value)) { Array($0) }
  }

  /// The scan codes in bytes that were read.
  static func inputs(_ bytes: [UInt8]) -> [KeyboardInput] {
    #expect(bytes.count % 12 == 0)
    return bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 12).map {
        bytes.loadUnaligned(fromByteOffset: $0 * 12, as: KeyboardInput.self)
      }
    }
  }

  /// Reads scan codes until there are so many.
  func read(_ file: File, _ count: Int) throws -> [KeyboardInput] {
    var inputs: [KeyboardInput] = []
    while inputs.count < count {
      inputs += Self.inputs(try file.read(count: 12 * (count - inputs.count)))
    }
    return inputs
  }
}

/// The keyboard sample.
struct KeyboardTests {
  @Test func `keys become scan codes, with prefixes and repeats`() {
    var translator = KeyTranslator()
    func codes(_ key: UInt16, _ value: Int32) -> [KeyboardInput] {
      translator.take(InputEvent(type: InputEvent.key, code: key, value: value))
    }
    #expect(codes(30, 1) == [.init(0x1E)])
    #expect(codes(30, 2) == [.init(0x1E)])
    #expect(codes(30, 0) == [.init(0x1E, .break)])
    #expect(codes(103, 1) == [.init(0x48, .e0)])
    #expect(codes(103, 0) == [.init(0x48, [.e0, .break])])
    #expect(codes(88, 1) == [.init(0x58)])
    #expect(codes(99, 1) == [.init(0x2A, .e0), .init(0x37, .e0)])
    #expect(codes(99, 2) == [.init(0x37, .e0)])
    #expect(codes(99, 0) == [.init(0x37, [.e0, .break]), .init(0x2A, [.e0, .break])])
    let pause = codes(119, 1)
    #expect(pause.map(\.makeCode) == [0x1D, 0x45, 0x1D, 0x45])
    #expect(pause.map(\.flags) == [.e1, [], [.e1, .break], .break])
    #expect(codes(119, 0) == [] && codes(0x2FF, 1) == [])
    // Not a key.
    #expect(translator.take(InputEvent(type: 4, code: 4, value: 30)) == [])
  }

  @Test func `lost events are an overrun, and what follows is dropped up to a report`() {
    var translator = KeyTranslator()
    let key = InputEvent(type: InputEvent.key, code: 30, value: 1)
    let dropped = InputEvent(type: InputEvent.synchronization, code: 3, value: 0)
    let report = InputEvent(type: InputEvent.synchronization, code: 0, value: 0)
    #expect(translator.take(dropped) == [.overrun])
    #expect(translator.take(key) == [] && translator.take(dropped) == [])
    #expect(translator.take(report) == [])
    #expect(translator.take(key) == [.init(0x1E)])
  }

  @Test func `a read waits for a key`() throws {
    let stage = try KeyboardStage()
    let file = try stage.open()
    let buffer = try #require(UserBuffer(stage.process, count: 120))
    let read = try file.startRead(into: buffer)
    #expect(!read.isFinished)
    stage.type((30, 1))
    #expect(try read.wait()?.information == 12)
    #expect(KeyboardStage.inputs(try #require(buffer.bytes(0..<12))) == [.init(0x1E)])
  }

  @Test func `a read takes as many scan codes as it has room for`() throws {
    let stage = try KeyboardStage()
    stage.type((30, 1), (30, 0), (48, 1), (48, 0))
    let file = try stage.open()
    #expect(try stage.read(file, 3) == [.init(0x1E), .init(0x1E, .break), .init(0x30)])
    #expect(KeyboardStage.inputs(try file.read(count: 1200)) == [.init(0x30, .break)])
  }

  @Test func `a read of a part of a scan code is refused`() throws {
    let stage = try KeyboardStage()
    let file = try stage.open()
    let error = #expect(throws: KernelError.self) { try file.read(count: 13) }
    #expect(error?.status == .bufferTooSmall)
    #expect(try file.read(count: 0) == [])
  }

  @Test func `reads are cancelled, one by one and with their file`() throws {
    let stage = try KeyboardStage()
    let file = try stage.open()
    let buffer = try #require(UserBuffer(stage.process, count: 24))
    let first = try file.startRead(into: buffer)
    let second = try file.startRead(into: buffer)
    first.cancel()
    #expect(try first.wait()?.status == .cancelled)
    try file.close()
    #expect(try second.wait()?.status == .cancelled)
  }

  @Test func `a full queue keeps the oldest keys`() throws {
    let stage = try KeyboardStage(queueSize: 2)
    let light = InputEvent(type: InputEvent.light, code: 1, value: 1)
    stage.type((30, 1), (30, 0), (48, 1))
    // The light comes after the keys: once it is seen, they are kept or lost.
    stage.send(light)
    let file = try stage.open()
    while try file.deviceControl(.keyboardQueryIndicators, outputCount: 4) != [0, 0, 4, 0] {
      sched_yield()
    }
    #expect(
      KeyboardStage.inputs(try file.read(count: 120)) == [.init(0x1E), .init(0x1E, .break)])
  }

  @Test func `a recorded file is played, and then the keyboard is silent`() throws {
    let path = "/tmp/ring3-keyboard-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    let keys: [(UInt16, Int32)] = [(42, 1), (35, 1), (35, 0), (42, 0), (23, 1), (23, 0)]
    let bytes = keys.flatMap { key in
      KeyboardStage.bytes(of: InputEvent(type: InputEvent.key, code: key.0, value: key.1))
        + KeyboardStage.bytes(of: InputEvent(type: 0, code: 0, value: 0))
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    defer { unlink(path) }
    #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
    let stage = try KeyboardStage(path: path)
    let file = try stage.open()
    #expect(
      try stage.read(file, 6).map(\.makeCode) == [0x2A, 0x23, 0x23, 0x2A, 0x17, 0x17])
    let buffer = try #require(UserBuffer(stage.process, count: 12))
    let read = try file.startRead(into: buffer)
    #expect(!read.isFinished)
    try file.close()
    #expect(try read.wait()?.status == .cancelled)
  }

  @Test func `attributes, lights and repeats are answered`() throws {
    let stage = try KeyboardStage()
    let file = try stage.open()
    let attributes = try file.deviceControl(.keyboardQueryAttributes, outputCount: 28)
    #expect(attributes.count == 28 && attributes[0] == 4 && attributes[8] == 101)
    #expect(Array(attributes[12..<16]) == [0xB0, 4, 0, 0])
    _ = try file.deviceControl(.keyboardSetIndicators, input: [0, 0, 5, 0])
    #expect(try file.deviceControl(.keyboardQueryIndicators, outputCount: 4) == [0, 0, 5, 0])
    _ = try file.deviceControl(.keyboardSetTypematic, input: [0, 0, 10, 0, 0xF4, 1])
    #expect(
      try file.deviceControl(.keyboardQueryTypematic, outputCount: 6) == [0, 0, 10, 0, 0xF4, 1])
    let translation = try file.deviceControl(.keyboardQueryIndicatorTranslation, outputCount: 14)
    #expect(translation == [3, 0, 0x46, 0, 1, 0, 0x45, 0, 2, 0, 0x3A, 0, 4, 0])
  }

  @Test func `what makes no sense is refused`() throws {
    let file = try KeyboardStage().open()
    func status(_ code: IoControlCode, _ input: [UInt8], _ count: Int = 0) -> NTStatus? {
      #expect(throws: KernelError.self) {
        try file.deviceControl(code, input: input, outputCount: count)
      }?.status
    }
    #expect(status(.keyboardSetIndicators, [0, 0, 8, 0]) == .invalidParameter)
    #expect(status(.keyboardSetIndicators, [0, 0, 1]) == .bufferTooSmall)
    #expect(status(.keyboardSetIndicators, [1, 0, 1, 0]) == .invalidParameter)
    #expect(status(.keyboardSetTypematic, [0, 0, 31, 0, 0xF4, 1]) == .invalidParameter)
    #expect(status(.keyboardSetTypematic, [0, 0, 10, 0, 1, 0]) == .invalidParameter)
    #expect(status(.keyboardQueryAttributes, [], 27) == .bufferTooSmall)
    let insert = IoControlCode(deviceType: .keyboard, function: 0x40, method: .buffered)
    #expect(status(insert, []) == .invalidDeviceRequest)
  }

  @Test func `keys wait while the system sleeps`() throws {
    let stage = try KeyboardStage()
    let file = try stage.open()
    try stage.kernel.sleep(.s3)
    stage.type((30, 1))
    let buffer = try #require(UserBuffer(stage.process, count: 12))
    let read = try file.startRead(into: buffer)
    #expect(!read.isFinished)
    try stage.kernel.wake()
    #expect(try read.wait()?.information == 12)
  }

  @Test func `a keyboard without a device does not start`() throws {
    let stage = try KeyboardStage(path: "/nonexistent/event0")
    #expect(stage.device.description?.problemStatus == .noSuchDevice)
  }

  @Test func `it is found by its interface, and nothing is left when it is unloaded`() throws {
    let stage = try KeyboardStage()
    let file = try stage.process.open(
      try #require(stage.kernel.deviceInterfaces(Keyboard.interface).first))
    try file.close()
    try stage.device.remove()
    try stage.driver.unload()
    #expect(stage.kernel.leaks.isEmpty)
  }
}
