import Ring3
import Testing

/// Buffers of lookaside lists without memory objects.
struct BufferTests {
  private let kernel: Kernel
  private let driver: Driver
  private let file: File

  init() throws {
    kernel = try Kernel()
    driver = try kernel.load(BufferDriver.self)
    file = try kernel.makeProcess().open(#"\Device\Buffers"#)
  }

  @Test func `a buffer holds what is written, and is the size of its list`() throws {
    #expect(try file.write([1, 2, 3]) == 3)
    let bytes = try file.read(count: 100)
    #expect(bytes.count == 64 && bytes.prefix(3) == [1, 2, 3])
    let answer = try file.deviceControl(BufferDriver.control, input: [], outputCount: 100)
    #expect(answer == [UInt8](repeating: 7, count: 64))
  }

  @Test func `buffers are used again, and all go with the driver`() throws {
    for _ in 0..<100 { _ = try file.write([1, 2, 3]) }
    let usage = try #require(kernel.poolUsage(of: "Bufs", paged: false))
    #expect(usage.allocationCount <= 4)
    try file.close()
    try driver.unload()
    #expect(kernel.poolBlocks(tag: "Bufs").isEmpty)
    #expect(kernel.leaks.isEmpty && kernel.bugCheck == nil)
  }
}
