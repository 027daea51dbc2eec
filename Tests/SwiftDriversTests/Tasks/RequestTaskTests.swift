import Ring3
import TestSupport
import Testing

/// A driver whose handlers await: what they do is told by the code of a control request.
private final class Awaiting: SwiftDriver {
  static let deviceName = #"\Device\Awaiting"#
  @TaskLocal static var told = Told<String>()

  static func code(_ function: UInt16) -> IoControlCode {
    IoControlCode(deviceType: .unknown, function: 0x900 + function, method: .buffered, access: .any)
  }

  struct Trouble: Error {}

  init(_ driver: DriverObject) throws {
    let told = Self.told
    let device = try driver.makeControlDevice(named: Self.deviceName)
    let target = try RemoteTarget(opening: functionName, for: device).leaveToParent()
    try device.makeQueue(.parallel) { queue in
      queue.onRead { (request: consuming Request) in
        let memory = try Memory(size: request.length, tag: "Wait", parent: device)
        let count = try await target.read(into: memory.whole)
        var output = try request.output()
        output.copy(from: memory.bytes)
        request.complete(information: count)
      }
      queue.onDeviceControl { (request: consuming Request, code) in
        switch code {
        case Self.code(0): try await target.deviceControl(.hang, inputMemory: .none)
        case Self.code(1): throw NTStatus.noSuchDevice
        case Self.code(2): throw Trouble()
        case Self.code(3):
          request.complete(information: 0)
          throw NTStatus.noSuchDevice
        case Self.code(4): _ = request.inputLength
        case Self.code(5): return request.send(to: target)
        case Self.code(6):
          let pended = request.pend { (request: consuming Request) in
            told.tell("pended and cancelled")
            request.complete(.cancelled)
          }
          told.tell("pended")
          while !Task.isCancelled, told.values.count < 2 { await Task.yield() }
          if let request = pended.resume() { request.complete() }
          return
        case Self.code(7):
          told.tell("waits")
          while !Task.isCancelled { await Task.yield() }
          told.tell("\(request.isCancelled)")
          request.complete(information: 0)
          return
        default: request.complete(.invalidDeviceRequest)
        }
      }
    }
  }
}

struct RequestTaskTests {
  private let kernel: Kernel
  private let driver: Driver
  private let file: File
  private let told = Told<String>()

  init() throws {
    kernel = try Kernel()
    try kernel.addFunction()
    driver = try Awaiting.$told.withValue(told) { [kernel] in try kernel.load(Awaiting.self) }
    file = try kernel.makeProcess().open(Awaiting.deviceName)
  }

  private func status(_ function: UInt16) throws -> NTStatus? {
    do {
      _ = try file.deviceControl(Awaiting.code(function))
      return nil
    } catch {
      return error.status
    }
  }

  @Test func `a handler that awaits completes its request later`() throws {
    #expect(try file.read(count: 5) == [0, 1, 2, 3, 4])
    for _ in 0..<100 { #expect(try file.read(count: 2) == [0, 1]) }
    try file.close()
    try driver.unload()
    #expect(kernel.poolBlocks(tag: "Wait").isEmpty)
    #expect(kernel.leaks.isEmpty)
    #expect(kernel.ioFigures.irps == 0)
  }

  @Test func `many requests are handled at a time`() throws {
    let process = file.process
    let requests = try (0..<64).map { _ in
      let buffer = try #require(UserBuffer(process, count: 3))
      return (buffer, try file.startRead(into: buffer))
    }
    for (buffer, request) in requests {
      #expect(try request.wait()?.information == 3)
      #expect(buffer.bytes == [0, 1, 2])
    }
  }

  @Test func `a thrown error completes the request`() throws {
    #expect(try status(1) == .noSuchDevice)
    #expect(try status(2) == .unsuccessful)
    #expect(try status(8) == .invalidDeviceRequest)
  }

  @Test func `an error after the completion is noted`() throws {
    #expect(try status(3) == nil)
    while !kernel.debugOutput.contains("A task threw") {}
  }

  @Test func `a request that a task lets go ends the kernel`() throws {
    let error = #expect(throws: KernelError.self) { try file.deviceControl(Awaiting.code(4)) }
    #expect(error?.bugCheck?.code.rawValue == 0x5233_0002)
  }

  @Test func `a task sends its request on`() throws {
    // The function driver does not know the code.
    #expect(try status(5) == .invalidDeviceRequest)
  }

  @Test func `a cancelled request cancels the task, and with it what that awaits`() throws {
    let request = try file.startControl(Awaiting.code(0))
    while !kernel.debugOutput.contains("hangs") {}
    #expect(!request.isFinished)
    request.cancel()
    #expect(try request.wait()?.status == .cancelled)
    #expect(kernel.debugOutput.contains("cancelled"))
  }

  @Test func `a cancelled task still completes its request as it likes`() async throws {
    let request = try file.startControl(Awaiting.code(7))
    _ = await told.values(1)
    request.cancel()
    #expect(try request.wait()?.status == .success)
    #expect(told.values == ["waits", "true"])
  }

  @Test func `a task pends its request, whose cancel handler is called`() async throws {
    let request = try file.startControl(Awaiting.code(6))
    _ = await told.values(1)
    request.cancel()
    #expect(try request.wait()?.status == .cancelled)
    #expect(told.values == ["pended", "pended and cancelled"])
  }

  @Test func `requests are cancelled and completed at the same time, each once`() throws {
    let process = file.process
    for _ in 0..<200 {
      let buffer = try #require(UserBuffer(process, count: 3))
      let request = try file.startRead(into: buffer)
      request.cancel()
      let status = try request.wait()?.status
      #expect(status == .success || status == .cancelled)
    }
    try file.close()
    try driver.unload()
    #expect(kernel.leaks.isEmpty)
    #expect(kernel.ioFigures.irps == 0)
    #expect(kernel.bugCheck == nil)
  }
}
