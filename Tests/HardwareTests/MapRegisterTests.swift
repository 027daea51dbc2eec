import Hardware
import NTTypes
import Ring3
import TestSupport
import Testing

@Suite("Map registers and channels")
struct MapRegisterTests {
  /// Moves the driver's buffer in parts of one element; gives transfers, bytes, highest, done.
  private func packets(
    _ bench: HardwareBench, offset: Int = 0, _ count: Int, isWrite: Bool, part: Int,
    isFlushed: Bool = true
  ) throws -> [UInt64] {
    try bench.control(
      0x805, 0, UInt64(offset), UInt64(count), isWrite ? 1 : 0, 0, UInt64(part), isFlushed ? 1 : 0)
  }

  @Test("DMA-22: a packet adapter moves a buffer in two transfers of one element each")
  func twoTransfers() throws {
    let bench = try HardwareBench()
    try bench.makeAdapter(scatterGather: false, width: 32, maximum: 32768)
    try bench.makePool(65536, fill: 3)
    let out = try packets(bench, offset: 3, 20000, isWrite: true, part: 12000)
    #expect(out[..<2] == [2, 20000] && out[3] == 1)
    #expect(bench.memory(20000) == Array(HardwareBench.pattern(65536, 3)[3..<20003]))
  }

  @Test("A packet in map registers is one element, and goes back when it is flushed")
  func bouncedPackets() throws {
    let bench = try HardwareBench(
      BlockMover(addressWidth: 24), configuration: HardwareBench.large)
    try bench.makeAdapter(version: 3, scatterGather: false, width: 24, maximum: 65536)
    try bench.makePool(40000, fill: 3)
    let out = try packets(bench, offset: 100, 30000, isWrite: true, part: 8000)
    #expect(out[0] == 4 && out[2] < 1 << 24)
    #expect(bench.memory(30000) == Array(HardwareBench.pattern(40000, 3)[100..<30100]))
    bench.setMemory(HardwareBench.pattern(40000, 7))
    _ = try packets(bench, 40000, isWrite: false, part: 16384)
    #expect(try bench.control(0x817, 40000, 7)[0] == 40000)
  }

  @Test("What lies in map registers and is not flushed never arrives")
  func unflushed() throws {
    let bench = try HardwareBench(configuration: HardwareBench.large)
    try bench.makeAdapter(scatterGather: false, width: 32, maximum: 65536)
    try bench.makePool(4096)
    bench.setMemory([UInt8](repeating: 0xEE, count: 4096))
    _ = try packets(bench, 4096, isWrite: false, part: 4096, isFlushed: false)
    // What the driver's buffer holds now goes to the device.
    #expect(try bench.runList(4096, isWrite: true).isDone)
    #expect(bench.memory(4096) == [UInt8](repeating: 0, count: 4096))
  }

  @Test("A scatter/gather adapter maps a bounced buffer run by run")
  func mappedRuns() throws {
    let bench = try HardwareBench(
      BlockMover(addressWidth: 32), configuration: HardwareBench.large)
    try bench.makeAdapter(width: 32)
    try bench.makePool(50000, fill: 5)
    let out = try packets(bench, offset: 7, 40000, isWrite: true, part: 9000)
    #expect(out[1] == 40000 && out[2] <= 0xFFFF_FFFF && out[3] == 1)
    #expect(bench.memory(40000) == Array(HardwareBench.pattern(50000, 5)[7..<40007]))
  }

  @Test("Lists wait for map registers, first come first served")
  func listsWait() throws {
    let bench = try HardwareBench(mapRegisterLimit: 4)
    #expect(try bench.makeAdapter()[1] == 4)
    try bench.makePool(16384)
    for entry in UInt64(0)..<3 { try bench.control(0x808, entry, 0, entry == 1 ? 16384 : 8192) }
    // The second wants all four; the third would fit but is behind it.
    #expect(try bench.control(0x80A)[0] == 0b001)
    try bench.control(0x809, 0)
    #expect(try bench.control(0x80A)[..<2] == [0b011, 2])
    try bench.control(0x809, 1)
    #expect(try bench.control(0x80A)[0] == 0b111)
    try bench.control(0x809, 2)
    let error = #expect(throws: KernelError.self) { try bench.control(0x808, 0, 0, 16385) }
    #expect(error?.status == .bufferTooSmall)
  }

  @Test("More map registers than there are is STATUS_INSUFFICIENT_RESOURCES")
  func tooMany() throws {
    let bench = try HardwareBench(mapRegisterLimit: 2)
    try bench.makeAdapter()
    try bench.makePool(16384)
    let list = #expect(throws: KernelError.self) { try bench.control(0x808, 0, 0, 12288) }
    #expect(list?.status == .insufficientResources)
    let channel = #expect(throws: KernelError.self) { try bench.control(0x80B, 0, 0, 3, 3) }
    #expect(channel?.status == .insufficientResources)
  }

  @Test("One routine at a time has the channel")
  func channelWaits() throws {
    let bench = try HardwareBench(mapRegisterLimit: 8)
    try bench.makeAdapter()
    // KeepObject, then DeallocateObject.
    try bench.control(0x80B, 0, 0, 2, 1)
    try bench.control(0x80B, 1, 0, 2, 2)
    #expect(try bench.control(0x80A)[0] == 0b01)
    try bench.control(0x80C, 0)
    #expect(try bench.control(0x80A)[..<2] == [0b11, 2])
    // Nothing is left taken.
    try bench.control(0x80B, 2, 0, 8, 2)
    #expect(try bench.control(0x80A)[0] == 0b111)
  }

  @Test("An answer of AdapterControl that does not exist ends the kernel")
  func wrongAnswer() throws {
    let bench = try HardwareBench()
    try bench.makeAdapter()
    let error = #expect(throws: KernelError.self) { try bench.control(0x80B, 0, 0, 1, 77) }
    #expect(error?.bugCheck?.code == .verifierDMAViolation)
  }
}

extension MapRegisterTests {
  @Test(
    "An adapter that is given back with transfers under way stays, and what waits gets its turn")
  func putWhileBusy() throws {
    let bench = try HardwareBench(mapRegisterLimit: 2)
    try bench.makeAdapter()
    try bench.makePool(16384)
    for entry in UInt64(0)..<2 { try bench.control(0x808, entry, 0, 8192) }
    try bench.control(0x803, 0)
    #expect(try bench.control(0x80A)[0] == 0b01)
    try bench.control(0x809, 0)
    #expect(try bench.control(0x80A)[0] == 0b11)
    try bench.control(0x809, 1)
  }
}
