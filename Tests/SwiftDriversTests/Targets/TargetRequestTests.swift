import Ring3
import TestSupport
import Testing

/// Requests that a driver in Swift makes.
struct TargetRequestTests {
  private let kernel: Kernel

  init() throws {
    kernel = try Kernel()
    try kernel.addFunction()
  }

  @Test func `a request comes back to its completion handler and is sent again`() throws {
    let told = Told<String>()
    let driver = try kernel.run { _, device in
      let target = try RemoteTarget(opening: functionName, for: device).leaveToParent()
      let memory = try Memory(size: 4, tag: "Test", parent: device)
      try TargetRequest(for: target, parent: device).send(.read(into: memory.whole, at: 3)) {
        request, result in
        told.tell("\(result.status) \(result.information)")
        request.send(.deviceControl(.internal)) { request, result in
          told.tell("\(result.status) \(request.target == target)")
        }
      }
      told.tell("\(memory.bytes.array)")
    }
    #expect(
      told.values
        == ["\(NTStatus.success) 4", "\(NTStatus.invalidDeviceRequest) true", "[3, 4, 5, 6]"])
    try driver.unload()
    #expect(kernel.leaks.isEmpty)
    #expect(kernel.ioFigures.irps == 0)
  }

  @Test func `a request under way is cancelled by what sending gave`() throws {
    let told = Told<String>()
    try kernel.run { _, device in
      let target = try RemoteTarget(opening: functionName, for: device).leaveToParent()
      let sent = try TargetRequest(for: target).send(.deviceControl(.hang)) { _, result in
        told.tell("\(result.status)")
      }
      told.tell("under way")
      told.tell("\(sent.cancel())")
      told.tell("\(sent.cancel())")
    }
    #expect(told.values == ["under way", "\(NTStatus.cancelled)", "true", "false"])
  }

  @Test func `memory that is lent to a request lives until that came back`() throws {
    let told = Told<String>()
    let driver = try kernel.run { _, device in
      let target = try RemoteTarget(opening: functionName, for: device).leaveToParent()
      let sent: SentRequest
      do {
        let memory = try Memory(size: 4, tag: "Lent", parent: device)
        sent = try TargetRequest(for: target).send(.deviceControl(.hang, output: memory.whole)) {
          _, result in told.tell("\(result.status)")
        }
      }
      sent.cancel()
    }
    #expect(told.values == ["\(NTStatus.cancelled)"])
    #expect(kernel.poolBlocks(tag: "Lent").isEmpty)
    try driver.unload()
  }

  @Test func `a limit of time ends a request`() async throws {
    let told = Told<NTStatus>()
    try kernel.run { _, device in
      let target = try RemoteTarget(opening: functionName, for: device).leaveToParent()
      try TargetRequest(for: target).send(
        .deviceControl(.hang), options: .timeout(.milliseconds(1))
      ) { _, result in told.tell(result.status) }
    }
    #expect(await told.values(1) == [.ioTimeout])
  }
}
