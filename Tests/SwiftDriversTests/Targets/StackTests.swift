import Ring3
import TestSupport
import Testing

/// Drivers in Swift and in C in one stack, or one opening the other.
struct StackTests {
  private let kernel: Kernel

  init() throws { kernel = try Kernel() }

  private func bytes(_ range: Range<UInt8>, inverted: Bool = false) -> [UInt8] {
    range.map { inverted ? ~$0 : $0 }
  }

  private func open(_ name: String) throws -> File { try kernel.makeProcess().open(name) }

  @Test func `a request that its target refuses comes back to the filter`() throws {
    try kernel.addFunction(above: [try kernel.load(RefusedFilter.self)])
    let file = try open(functionName)
    let read = #expect(throws: KernelError.self) { try file.read(count: 1) }
    #expect(read?.status == .noSuchDevice)
    let write = #expect(throws: KernelError.self) { try file.write([1]) }
    #expect(write?.status == .invalidDeviceState)
    try file.close()
    #expect(kernel.ioFigures.irps == 0)
  }

  @Test func `a driver in Swift sends to its own queues`() throws {
    let driver = try kernel.load(SelfReader.self)
    let device = try kernel.addDevice(stack: [driver], hardwareIDs: [#"ROOT\FUNCTION"#])
    let file = try open(SelfReader.deviceName)
    #expect(try file.deviceControl(.reverse, outputCount: 1) == [0x5E])
    try file.close()
    try device.remove()
    try driver.unload()
    #expect(kernel.leaks.isEmpty)
  }

  @Test(arguments: [false, true])
  func `a filter in Swift stands over a function driver in C`(verifies: Bool) throws {
    var configuration = Configuration()
    configuration.verifies = verifies
    let kernel = try Kernel(configuration: configuration)
    let device = try kernel.addFunction(above: [try kernel.load(StackFilter.self)])
    let file = try kernel.makeProcess().open(functionName)
    #expect(try file.read(count: 4) == bytes(0..<4, inverted: true))
    #expect(try file.write([9, 9]) == 2)
    #expect(kernel.debugOutput.contains("write 9 2"))
    let answer = try file.deviceControl(.reverse, input: [1, 2, 3], outputCount: 3)
    #expect(answer == [3, 2, 1])
    let error = #expect(throws: KernelError.self) { try file.deviceControl(.internal) }
    #expect(error?.status == .invalidDeviceRequest)
    try file.close()
    try device.remove()
    #expect(kernel.ioFigures.irps == 0)
  }

  @Test func `a request that waits below a filter in Swift is cancelled by its requester`() throws {
    try kernel.addFunction(above: [try kernel.load(StackFilter.self)])
    let file = try open(functionName)
    let request = try file.startControl(.hang)
    while !kernel.debugOutput.contains("hangs") {}
    #expect(!request.isFinished)
    request.cancel()
    #expect(try request.wait()?.status == .cancelled)
    #expect(kernel.debugOutput.contains("cancelled"))
  }

  @Test(arguments: ["wdf-pnp-filter", "pnpfilter"])
  func `a filter in C stands over a function driver in Swift`(filter: String) throws {
    let function = try kernel.load(StackFunction.self)
    let device = try kernel.addDevice(
      stack: [function, try kernel.loadTestDriver(filter)], hardwareIDs: [#"ROOT\FUNCTION"#])
    #expect(device.state == .started)
    let file = try open(StackFunction.deviceName)
    #expect(try file.read(count: 6) == bytes(0..<6))
    #expect(try file.write([1]) == 1)
    let request = try file.startControl(.hang)
    #expect(!request.isFinished)
    request.cancel()
    #expect(try request.wait()?.status == .cancelled)
    try file.close()
    try device.remove()
    try function.unload()
    #expect(kernel.leaks.isEmpty)
    #expect(kernel.ioFigures.irps == 0)
  }

  @Test func `a filter in Swift stands over a function driver in Swift`() throws {
    let drivers = [try kernel.load(StackFunction.self), try kernel.load(StackFilter.self)]
    let device = try kernel.addDevice(stack: drivers, hardwareIDs: [#"ROOT\FUNCTION"#])
    let file = try open(StackFunction.deviceName)
    #expect(try file.read(count: 6) == bytes(0..<6, inverted: true))
    try file.close()
    try device.remove()
    for driver in drivers { try driver.unload() }
    #expect(kernel.leaks.isEmpty)
  }

  @Test func `a driver in C opens a device of one in Swift by its name`() throws {
    let function = try kernel.load(StackFunction.self)
    try kernel.addDevice(stack: [function], hardwareIDs: [#"ROOT\FUNCTION"#])
    try kernel.loadTestDriver("wdf-opener")
    let name = StackFunction.deviceName.utf16.flatMap {
      [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
    }
    let answer = try open(#"\Device\WdfOpener"#)
      .deviceControl(.reverse, input: name, outputCount: 5)
    #expect(answer == bytes(0..<5))
  }
}
