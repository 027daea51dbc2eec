import Hardware
import Machine
import Ring3
import TestSupport
import Testing

@Suite struct CommonBufferTests {
  /// A common buffer as the driver sees it.
  private struct Buffer {
    let handle: UInt64
    let address: UInt64
    let logical: UInt64
    let byteCount: UInt64
  }

  private func attempt(
    _ bench: DmaBench, _ enabler: UInt64, _ length: UInt64, mask: UInt64? = nil, size: UInt64 = 0,
    parent: UInt64 = 0
  ) throws -> (status: NTStatus, buffer: Buffer) {
    let words = try bench.control(
      0x80F, enabler, length, mask == nil ? 0 : 1, mask ?? 0, size, parent)
    return (
      bench.status(words[0]),
      Buffer(handle: words[1], address: words[2], logical: words[3], byteCount: words[4])
    )
  }

  @Test("DMA-34: device and driver see the same memory")
  func shared() throws {
    let bench = try DmaBench(BlockMover(addressWidth: 32), configuration: DmaBench.large)
    let enabler = try bench.makeEnabler(Dma.scatterGather)
    let (status, buffer) = try attempt(bench, enabler, 5000)
    #expect(status == Dma.success && buffer.byteCount == 5000)
    #expect(buffer.logical + 5000 <= 1 << 32)
    bench.setMemory(DmaBench.pattern(5000, 1))
    // From the device's memory to the buffer; DMA-37: one range for all of it.
    #expect(try bench.control(0x81E, 0, buffer.logical, 5000, 1)[0] & 0xFF == 1)
    for offset in [0, 1, 4095, 4096, 4999] {
      let byte = try bench.control(0x81D, buffer.address + UInt64(offset))[0]
      #expect(byte == UInt64(DmaBench.pattern(5000, 1)[offset]))
    }
  }

  @Test("DMA-35: no length, a parent, or more than there is, is refused")
  func refused() throws {
    let bench = try DmaBench()
    let enabler = try bench.makeEnabler(Dma.scatterGather64)
    #expect(try attempt(bench, enabler, 0).status == Dma.invalidParameter)
    #expect(
      try attempt(bench, enabler, 100, parent: bench.device).status
        == Dma.parentAssignmentNotAllowed)
    #expect(try attempt(bench, enabler, 1 << 33).status == Dma.insufficientResources)
    #expect(try attempt(bench, enabler, 0xF000_0000).status == Dma.insufficientResources)
    #expect(
      try attempt(bench, enabler, 0xFFFF_FFFF, mask: 0xFFFF).status == Dma.insufficientResources)
  }

  @Test(
    "DMA-36: buffers are aligned as the driver asks", arguments: [0xF, 0xFFF, 0xFFFF, 0xF_FFFF])
  func aligned(mask: UInt64) throws {
    let bench = try DmaBench()
    let enabler = try bench.makeEnabler(Dma.packet)
    for length: UInt64 in [1, 100, 4096, 10000] {
      let (status, buffer) = try attempt(bench, enabler, length, mask: mask)
      #expect(status == Dma.success && buffer.byteCount == length)
      #expect(buffer.logical & mask == 0)
      #expect(buffer.address & min(mask, 0xFFF) == 0)
      bench.setMemory([0xAB])
      #expect(try bench.control(0x81E, 0, buffer.logical + length - 1, 1, 1)[0] & 0xFF == 1)
      #expect(try bench.control(0x81D, buffer.address + length - 1)[0] == 0xAB)
    }
    #expect(
      try attempt(bench, enabler, 100, mask: mask, size: 12).status == Dma.infoLengthMismatch)
  }

  @Test(
    "DMA-36: without a configuration the alignment of the device counts, as it was for the enabler")
  func deviceAlignment() throws {
    let bench = try DmaBench()
    let before = try bench.makeEnabler(Dma.scatterGather64)
    try bench.control(0x81A, 0xF_FFFF)
    let after = try bench.makeEnabler(Dma.scatterGather64)
    let buffers = try (0..<3).map { _ in try attempt(bench, after, 100).buffer }
    #expect(buffers.allSatisfy { $0.logical & 0xF_FFFF == 0 })
    let old = try (0..<3).map { _ in try attempt(bench, before, 100).buffer }
    #expect(!old.allSatisfy { $0.logical & 0xF_FFFF == 0 })
  }

  @Test("DMA-37: a buffer goes with its enabler, or when it is deleted")
  func deletion() throws {
    let bench = try DmaBench()
    // Much of the memory there is: what is not given back is missed soon.
    let enabler = try bench.makeEnabler(Dma.scatterGather64)
    for _ in 0..<20 {
      let (status, buffer) = try attempt(bench, enabler, 64 << 20)
      try #require(status == Dma.success)
      try bench.delete(buffer.handle)
    }
    for _ in 0..<20 {
      let enabler = try bench.makeEnabler(Dma.scatterGather64)
      try #require(try attempt(bench, enabler, 64 << 20, mask: 0xFFFF).status == Dma.success)
      try bench.delete(enabler)
    }
  }

  @Test("DMA-37: a buffer is not deleted at DISPATCH_LEVEL")
  func level() throws {
    let bench = try DmaBench()
    let (_, buffer) = try attempt(bench, try bench.makeEnabler(Dma.scatterGather64), 100)
    let bugCheck = bench.bugCheck { try bench.delete(buffer.handle, level: 2) }
    #expect(bugCheck?.code.rawValue == 0x10D && bugCheck?.parameter1 == 0xE)
  }
}
