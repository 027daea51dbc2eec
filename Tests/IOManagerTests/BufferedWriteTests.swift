import Ring3
import TestSupport
import Testing

/// BUF-20 to BUF-23: buffered writes.
@Suite struct BufferedWriteTests {
  @Test("BUF-20: memory that may only be read may be written from")
  func readOnlySource() throws {
    let bench = try Bench()
    try bench.plan(information: 16)
    let buffer = try bench.buffer(16, filledWith: 0x55)
    buffer.protect(.readOnly)
    #expect(try bench.file.write(at: buffer.address, count: 16).status == .success)
    #expect(try bench.seen.bytes.prefix(16) == ArraySlice(repeating: 0x55, count: 16))
    buffer.unmap()
    #expect(try bench.file.write(at: buffer.address, count: 16).status == .accessViolation)
    #expect(try bench.seen.count == 1)
  }

  @Test("BUF-21: the data is what it was when the request was made")
  func copiedBefore() throws {
    let bench = try Bench()
    try bench.plan(.keep)
    let buffer = try bench.buffer(32, filledWith: 0x66)
    let request = try bench.file.startWrite(from: buffer)
    buffer.store([UInt8](repeating: 0x99, count: 32))
    #expect(try bench.peek(32) == [UInt8](repeating: 0x66, count: 32))
    try bench.complete(information: 32)
    #expect(try request.wait()?.information == 32)
  }

  @Test("BUF-22: nothing is copied back, whatever the driver does")
  func nothingBack() throws {
    let bench = try Bench()
    try bench.plan(information: 32, fill: 32, byte: 0xFF)
    let buffer = try bench.buffer(32, filledWith: 0x12)
    #expect(try bench.file.write(at: buffer.address, count: 32).information == 32)
    #expect(buffer.bytes == [UInt8](repeating: 0x12, count: 32))
  }

  @Test("BUF-23: the length is the caller's, and the driver says how much it took")
  func shortWrite() throws {
    let bench = try Bench()
    try bench.plan(information: 3)
    #expect(try bench.file.write([1, 2, 3, 4, 5]) == 3)
    let seen = try bench.seen
    #expect(seen.major == 4 && seen.length == 5 && seen.bytes.prefix(5) == [1, 2, 3, 4, 5])
  }
}
