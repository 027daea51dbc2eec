import Ring3
import Testing

/// Memory descriptor lists as values that are lent.
struct DescriptorTests {
  private let kernel: Kernel
  private let file: File
  private let buffer: UserBuffer

  init() throws {
    kernel = try Kernel()
    try kernel.load(DescriptorDriver.self)
    file = try kernel.makeProcess().open(#"\Device\Lists"#)
    buffer = try #require(UserBuffer(file.process, count: 5 * 4096))
  }

  private func ask(_ function: UInt16, at offset: Int, count: Int) throws -> [UInt64] {
    let answer = try file.deviceControl(
      DescriptorDriver.code(function), inputAt: 0, inputCount: 0,
      outputAt: buffer.address + UInt(offset), outputCount: count)
    try answer.status.check()
    let bytes = try #require(buffer.bytes(offset..<offset + answer.information))
    return (0..<bytes.count / 8).map { load(bytes, at: $0 * 8, as: UInt64.self) }
  }

  @Test(arguments: [(0, 4096, 1), (100, 4096, 2), (4095, 64, 2), (4000, 10000, 4), (0, 20480, 5)])
  func `a list tells its buffer, its pages and its runs`(offset: Int, count: Int, pages: UInt64)
    throws
  {
    let numbers = try ask(0x800, at: offset, count: count)
    #expect(numbers[0] == UInt64(count) && numbers[1] == UInt64(offset & 4095))
    #expect(numbers[2] == pages && (1...pages).contains(numbers[3]))
    #expect(numbers[4] == UInt64(count))
    // Every run but the first begins a page.
    #expect(numbers[5] == numbers[3] - (offset & 4095 == 0 ? 0 : 1))
  }

  @Test func `a part is the same pages`() throws {
    let numbers = try ask(0x801, at: 16, count: 12000)
    #expect(numbers[..<5] == [300, 2, 1, 1, 1])
    #expect(numbers[5...].allSatisfy { $0 == UInt64(NTStatus.invalidParameter.bits) })
    #expect(kernel.ioFigures.mdls == 0 && kernel.ioFigures.mappings == 0)
  }

  @Test func `a part of input is read`() throws {
    #expect(try file.write(pattern(5000)) == 4999)
    #expect(kernel.ioFigures.lockedPages == 0)
  }

  @Test func `memory of the driver has a list, which goes before it`() throws {
    let numbers = try ask(0x802, at: 0, count: 64)
    #expect(numbers == [9000, 1, 3, 1])
    #expect(kernel.poolBlocks(tag: "Mine").isEmpty && kernel.ioFigures.mdls == 0)
  }

  @Test func `a request without output has no list`() throws {
    let answer = try file.deviceControl(
      DescriptorDriver.code(0x800), inputAt: 0, inputCount: 0, outputAt: 0, outputCount: 0)
    #expect(answer.status == .bufferTooSmall)
  }
}
