import Hardware
import Machine
import NTTypes
import Ring3
import TestSupport
import Testing

@Suite("Scatter/gather lists")
struct ScatterGatherTests {
  /// Lengths around page boundaries, up to 65537.
  static let lengths = [1, 2, 3, 511, 4095, 4096, 4097, 8191, 8193, 20000, 65535, 65536, 65537]

  @Test("DMA-22: the elements are exactly the caller's locked pages", arguments: lengths)
  func userPages(length: Int) throws {
    let bench = try HardwareBench()
    try bench.makeAdapter()
    let bytes = HardwareBench.pattern(length, 3)
    #expect(try bench.file.write(bytes) == length)
    #expect(bench.memory(length) == bytes)
    #expect(bench.mover.memory[length] == 0)
    bench.setMemory(HardwareBench.pattern(length, 9))
    #expect(try bench.file.read(count: length) == HardwareBench.pattern(length, 9))
  }

  @Test("Pages that came and went are found by their frames")
  func scatteredPages() throws {
    let bench = try HardwareBench()
    try bench.makeAdapter()
    // Every second page of a first buffer stays: the next buffer's frames are not adjacent.
    let pages = try (0..<32).map { _ in try #require(UserBuffer(bench.process, count: 4096)) }
    for page in pages { page.store([1]) }
    for index in stride(from: 0, to: 32, by: 2) { pages[index].unmap() }
    let bytes = HardwareBench.pattern(40000, 5)
    #expect(try bench.file.write(bytes) == 40000)
    #expect(bench.memory(40000) == bytes)
    withExtendedLifetime(pages) {}
  }

  @Test("DMA-19: bytes are accounted for at every offset and form", arguments: [UInt64](0...2))
  func pool(form: UInt64) throws {
    let bench = try HardwareBench()
    try bench.makeAdapter(version: 3)
    try bench.makePool(70000, fill: 1)
    let all = HardwareBench.pattern(70000, 1)
    for (offset, count) in [(0, 65537), (1, 4095), (4095, 2), (100, 65537), (4096, 4096)] {
      let figures = try bench.runList(offset: offset, count, isWrite: true, form: form)
      #expect(figures.bytes == count && figures.isDone)
      // Pool is adjacent memory: its pages are one element.
      #expect(figures.elements == 1)
      #expect(figures.level == 2, "DISPATCH_LEVEL")
      #expect(bench.memory(count) == Array(all[offset..<offset + count]))
    }
  }

  @Test("The device's data is in the buffer", arguments: [UInt64](0...2))
  func reading(form: UInt64) throws {
    let bench = try HardwareBench()
    try bench.makeAdapter(version: 3)
    try bench.makePool(65537)
    bench.setMemory(HardwareBench.pattern(65537, 4))
    _ = try bench.runList(65537, isWrite: false, form: form)
    #expect(try bench.control(0x817, 65537, 4)[0] == 65537)
  }

  @Test("DMA-03: a device of 32 bits gets addresses below 4 GiB, wherever the buffer lies")
  func bounces() throws {
    let bench = try HardwareBench(
      BlockMover(addressWidth: 32), configuration: HardwareBench.large)
    try bench.makeAdapter(width: 32)
    #expect(try bench.makePool(65537, fill: 2) > 0xFFFF_FFFF)
    let out = try bench.runList(offset: 5, 60000, isWrite: true)
    #expect(out.isDone && out.bytes == 60000 && out.highest <= 0xFFFF_FFFF)
    #expect(bench.memory(60000) == Array(HardwareBench.pattern(65537, 2)[5..<60005]))
    bench.setMemory(HardwareBench.pattern(65537, 8))
    let back = try bench.runList(65537, isWrite: false)
    #expect(back.isDone && back.highest <= 0xFFFF_FFFF)
    #expect(try bench.control(0x817, 65537, 8)[0] == 65537)
  }

  @Test("A device of 64 bits gets the buffer itself")
  func reachesAll() throws {
    let bench = try HardwareBench(configuration: HardwareBench.large)
    try bench.makeAdapter()
    let physical = try bench.makePool(8192, fill: 2)
    let figures = try bench.runList(8192, isWrite: true)
    #expect(figures.highest == physical + 8191)
  }

  @Test("Without map registers a device of 32 bits is told no, and the device refuses the address")
  func unreachable() throws {
    let bench = try HardwareBench(
      BlockMover(addressWidth: 32), configuration: HardwareBench.large)
    try bench.makeAdapter(width: 64)
    let physical = try bench.makePool(4096, fill: 2)
    #expect(try !bench.runList(4096, isWrite: true).isDone)
    #expect(
      bench.mover.lastError
        == .unreachable(address: physical, byteCount: 4096, addressWidth: 32))
  }

  @Test("A range that does not lie in the buffer is STATUS_BUFFER_TOO_SMALL")
  func tooLong() throws {
    let bench = try HardwareBench()
    try bench.makeAdapter()
    try bench.makePool(4096)
    for form in [UInt64](0...1) {
      let error = #expect(throws: KernelError.self) {
        try bench.runList(offset: 1, 4096, isWrite: true, form: form)
      }
      #expect(error?.status == .bufferTooSmall)
    }
  }

  @Test("A chain of lists is one buffer", arguments: [UInt64(24), 64])
  func chain(width: UInt64) throws {
    let bench = try HardwareBench()
    try bench.makeAdapter(version: 3, width: width)
    for form in UInt64(0)...2 {
      try bench.makePool(16384, fill: 6)
      let words = try bench.control(0x819, 0, 5000, 3000, form, 1)
      let all = HardwareBench.pattern(16384, 6)
      #expect(words[1] == 8000 && words[4] != 0)
      let moved = bench.memory(8000)
      #expect(Array(moved[..<5000]) == Array(all[..<5000]))
      #expect(Array(moved[5000...]) == Array(all[8192..<11192]))
    }
  }

  @Test("A common buffer is one range that device and driver see")
  func commonBuffer() throws {
    let bench = try HardwareBench(
      BlockMover(addressWidth: 32), configuration: HardwareBench.large)
    try bench.makeAdapter(width: 32)
    let words = try bench.control(0x807, 0, 8192)
    #expect(words[0] == 1 && words[1] == 64)
    #expect(words[2] & 0xFFF == 0 && words[2] <= 0xFFFF_FFFF)
  }

  @Test("Versions have their tables and map registers")
  func versions() throws {
    let bench = try HardwareBench()
    for version in UInt64(0)...3 {
      let words = try bench.makeAdapter(version: version, maximum: 10000)
      #expect(words[1] == 4)
      #expect(words[2] == max(version, 1))
      #expect(words[3] == (version < 3 ? 0x80 : 0x118))
    }
    for adapter in UInt64(0)..<4 { try bench.control(0x803, adapter) }
    try bench.makeAdapter(version: 3, scatterGather: false, width: 40)
    #expect(try bench.control(0x818, 0)[..<2] == [1, 40])
    #expect(throws: KernelError.self) { try bench.makeAdapter(version: 4) }
  }

  @Test("A routine that Ring3 lacks ends the kernel with its name")
  func missing() throws {
    let bench = try HardwareBench()
    try bench.makeAdapter()
    let error = #expect(throws: KernelError.self) { try bench.control(0x815, 0) }
    #expect(error?.bugCheck?.code == BugCheckCode(0x5233_0001))
    #expect(error?.bugCheck?.context.subject == "ReadDmaCounter")
  }
}
