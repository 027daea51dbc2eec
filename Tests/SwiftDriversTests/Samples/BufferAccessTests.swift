import Ring3
import SampleDrivers
import Testing

/// How the samples get at a program's data.
struct BufferAccessTests {
  /// The steps that the requests of `body` take.
  private func steps(_ kernel: Kernel, _ body: () throws -> Void) throws -> Set<TraceStep> {
    kernel.startTrace()
    try body()
    return Set(kernel.trace.map(\.step))
  }

  @Test("BUF-78: devices of small and interactive transfers are buffered, a disk is direct")
  func guidance() throws {
    let keyboard = try KeyboardStage()
    keyboard.type((30, 1))
    let keys = try keyboard.open()
    let read = try steps(keyboard.kernel) { _ = try keys.read(count: 12) }
    #expect(read.isSuperset(of: [.bufferAllocated, .copiedBack]) && !read.contains(.pagesLocked))

    let serial = try SerialStage()
    let written = try steps(serial.kernel) { try serial.port.write([1, 2, 3]) }
    #expect(serial.receive(3) == [1, 2, 3])
    #expect(
      written.isSuperset(of: [.bufferAllocated, .copiedIn]) && !written.contains(.pagesLocked))

    let kernel = try Kernel()
    _ = try kernel.load(RAMDisk.self)
    let disk = try kernel.makeProcess().open(#"\\.\RAMDisk"#)
    let sectors = try steps(kernel) { _ = try disk.read(count: 4096) }
    #expect(sectors.contains(.pagesLocked) && !sectors.contains(.bufferAllocated))
  }
}
