import Ring3
import SampleDrivers
import Testing

/// The sample driver in Swift does what its sibling in C does.
struct EchoTests {
  let kernel: Kernel
  let driver: Driver
  let file: File

  init() throws {
    kernel = try Kernel()
    driver = try kernel.load(Echo.self)
    file = try kernel.makeProcess().open(#"\\.\SwiftEcho"#)
  }

  @Test func `what is written is read back`() throws {
    try file.write("hello, ring 3")
    #expect(try file.read(count: 100) == Array("hello, ring 3".utf8))
    #expect(try file.read(count: 5) == Array("hello".utf8))
  }

  @Test func `a control request turns its bytes round`() throws {
    let answer = try file.deviceControl(.echoReverse, input: [1, 2, 3, 4, 5], outputCount: 5)
    #expect(answer == [5, 4, 3, 2, 1])
  }

  @Test func `a thrown status completes the request`() throws {
    let error = #expect(throws: KernelError.self) {
      try file.deviceControl(.echoReverse, input: [1, 2, 3], outputCount: 2)
    }
    #expect(error?.status == .bufferTooSmall)
    let other = #expect(throws: KernelError.self) {
      try file.deviceControl(IoControlCode(bits: 0x22_2FFC))
    }
    #expect(other?.status == .invalidDeviceRequest)
  }

  @Test func `nothing is left when it is unloaded`() throws {
    try file.write("kept")
    #expect(kernel.poolBlocks(tag: "Kept").count == 1)
    try file.close()
    try driver.unload()
    #expect(kernel.poolBlocks(tag: "Kept").isEmpty)
    #expect(kernel.leaks.isEmpty)
  }

  @Test func `it is loaded again after its unload`() throws {
    try file.close()
    try driver.unload()
    #expect(throws: KernelError.self) { try kernel.makeProcess().open(#"\\.\SwiftEcho"#) }
    try kernel.load(Echo.self)
    try kernel.makeProcess().open(#"\\.\SwiftEcho"#).write("again")
  }
}
