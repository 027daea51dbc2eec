import Ring3
import TestSupport
import Testing

/// Targets that a driver in Swift opens, and requests that wait for their end.
struct IOTargetTests {
  private let kernel: Kernel
  private let device: Device

  init() throws {
    kernel = try Kernel()
    device = try kernel.addFunction()
  }

  @Test func `a device is opened by its name, read and written`() throws {
    let told = Told<[Int]>()
    try kernel.run { _, device in
      let remote = try RemoteTarget(opening: functionName, for: device)
      var bytes: [UInt8] = Array(repeating: 0, count: 4)
      var span = bytes.mutableSpan
      var room = span.mutableBytes
      told.tell([try remote.target.read(into: &room, at: 7)])
      told.tell(bytes.map(Int.init))
      told.tell([try remote.target.write([UInt8]([1, 2, 3]).span.bytes)])
      told.tell([remote.target.state == .started ? 1 : 0, remote.target.device == device ? 1 : 0])
    }
    #expect(told.values == [[4], [7, 8, 9, 10], [3], [1, 1]])
    #expect(kernel.debugOutput.contains("write 1 3"))
  }

  @Test func `memory objects are read into and written in parts`() throws {
    let told = Told<[Int]>()
    try kernel.run { _, device in
      let remote = try RemoteTarget(opening: functionName, for: device)
      let memory = try Memory(size: 8, tag: "Test", parent: device)
      try memory.copy(from: [UInt8](repeating: 0xEE, count: 8).span.bytes)
      let count = try remote.target.read(into: memory.part(2..<5), at: 0x20)
      told.tell([count] + memory.bytes.array.map(Int.init))
      told.tell([try remote.target.write(memory.part(3..<8))])
      told.tell([try remote.target.read(into: memory.whole)])
      told.tell([try remote.target.read(into: memory.part(4..<4))])
      do throws(NTStatus) {
        try remote.target.read(into: memory.part(4..<9))
      } catch {
        told.tell([error == .integerOverflow ? 1 : 0])
      }
    }
    #expect(
      told.values == [
        [3, 0xEE, 0xEE, 0x20, 0x21, 0x22, 0xEE, 0xEE, 0xEE], [5], [8], [0], [1],
      ])
    #expect(kernel.debugOutput.contains("write 21 5"))
  }

  @Test func `control requests bring input and output`() throws {
    let told = Told<[Int]>()
    try kernel.run { _, device in
      let target = try RemoteTarget(opening: functionName, for: device).leaveToParent()
      var bytes: [UInt8] = Array(repeating: 0, count: 5)
      var span = bytes.mutableSpan
      var room = span.mutableBytes
      let input: [UInt8] = [1, 2, 3, 4, 5]
      told.tell([try target.deviceControl(.reverse, input: input.span.bytes, output: &room)])
      told.tell(bytes.map(Int.init))
      told.tell([try target.internalControl(.internal, input: input.span.bytes)])
      let memory = try Memory(size: 6, tag: "Test", parent: device)
      try memory.copy(from: [UInt8]([6, 5, 4, 3, 2, 1]).span.bytes)
      try target.deviceControl(
        .reverse, inputMemory: memory.part(0..<3), outputMemory: memory.part(3..<6))
      told.tell(memory.bytes.array.map(Int.init))
      do throws(NTStatus) {
        try target.deviceControl(.internal)
      } catch {
        told.tell([error == .invalidDeviceRequest ? 1 : 0])
      }
    }
    #expect(told.values == [[5], [5, 4, 3, 2, 1], [105], [6, 5, 4, 4, 5, 6], [1]])
  }

  @Test func `a request that takes too long is cancelled`() throws {
    let told = Told<NTStatus>()
    try kernel.run { _, device in
      let remote = try RemoteTarget(opening: functionName, for: device)
      do throws(NTStatus) {
        try remote.target.deviceControl(.hang, options: .timeout(.milliseconds(1)))
      } catch {
        told.tell(error)
      }
    }
    #expect(told.values == [.ioTimeout])
    #expect(kernel.debugOutput.contains("cancelled"))
  }

  @Test func `a name that is not there is not opened, and nothing is left`() throws {
    let error = #expect(throws: DriverLoadError.self) {
      try kernel.run { _, device in
        _ = try RemoteTarget(opening: #"\Device\Nowhere"#, for: device)
      }
    }
    guard case .refused(_, let status)? = error else {
      Issue.record("The driver was loaded.")
      return
    }
    #expect(status == .objectNameNotFound)
    #expect(kernel.leaks.isEmpty)
  }

  @Test func `a target that goes closes its file`() throws {
    try kernel.run { _, device in
      let remote = try RemoteTarget(opening: functionName, for: device)
      remote.close()
      guard remote.target.state == .closed else { throw NTStatus.unsuccessful }
      do throws(NTStatus) {
        try remote.target.write([UInt8]([1]).span.bytes)
        throw NTStatus.unsuccessful
      } catch {
        guard error == .invalidDeviceState else { throw error }
      }
      try remote.reopen()
      try remote.target.write([UInt8]([1]).span.bytes)
      let other = try RemoteTarget(sharing: remote.target, for: device)
      try other.target.write([UInt8]([2]).span.bytes)
    }
    // No file is open any more.
    try device.remove()
    #expect(!device.exists)
  }

  @Test func `a stopped target keeps its requests until it is started`() throws {
    let told = Told<String>()
    try kernel.run { _, device in
      let target = try RemoteTarget(opening: functionName, for: device).leaveToParent()
      let memory = try Memory(size: 4, tag: "Test", parent: device)
      target.stop(.wait)
      try TargetRequest(for: target).send(.read(into: memory.whole)) { _, result in
        told.tell("\(result.status) \(result.information)")
      }
      told.tell("sent")
      try target.start()
      target.purge()
      try TargetRequest(for: target).send(.read(into: memory.whole)) { _, result in
        told.tell("\(result.status)")
      }
    }
    #expect(
      told.values == ["sent", "\(NTStatus.success) 4", "\(NTStatus.invalidDeviceState)"])
  }

  @Test func `a request that is sent to a closed target is completed`() throws {
    try kernel.run { driver, device in
      let remote = try RemoteTarget(opening: functionName, for: device)
      remote.close()
      let target = remote.leaveToParent()
      try driver.makeControlDevice(named: #"\Device\Closed"#).makeQueue(.parallel) { queue in
        queue.onRead { (request: consuming Request) in request.send(to: target) }
      }
    }
    let file = try kernel.makeProcess().open(#"\Device\Closed"#)
    let read = #expect(throws: KernelError.self) { try file.read(count: 1) }
    #expect(read?.status == .invalidDeviceState)
  }

  @Test func `a control device has no target below`() throws {
    let told = Told<Bool>()
    try kernel.run { _, device in told.tell(device.target == nil && device.selfTarget == nil) }
    #expect(told.values == [true])
  }
}
