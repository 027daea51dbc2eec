import Machine
import Testing

@testable import Memory

@Suite struct PoolTagTests {
  @Test("POOL-31: a tag is shown in memory order")
  func order() {
    #expect(PoolTagUsage.name(0x4672_6564) == "derF")
    #expect(PoolTagUsage.name(testTag) == "Test")
  }

  @Test(
    "POOL-32: tags without a name are refused when verifying",
    arguments: [
      (0, 0x9B), (0x0047_4942, 0x9C), (0x2047_4942, 0x9C), (0x2D2D_2D2D, 0x9D),
    ] as [(UInt32, UInt64)])
  func refused(tag: UInt32, code: UInt64) throws {
    let test = try PoolMachine { $0.verifier = .ordinaryPool }
    let record = test.expectBugCheck(0xC2, code) { _ = exAllocatePoolWithTag(512, 64, tag) }
    #expect(record?.parameters.1 == 512)
    #expect(record?.parameters.2 == 64)
  }

  @Test("POOL-32: without verifying, a legacy caller may do without a tag")
  func accepted() throws {
    let test = try PoolMachine()
    try test.run {
      let block = exAllocatePoolWithTag(512, 64, 0)
      #expect(block != nil)
      exFreePoolWithTag(block, 0)
    }
  }

  @Test("POOL-33: the figures of each tag balance, also over threads")
  func balance() throws {
    let test = try PoolMachine()
    let machine = test.machine
    onThreads(3) { thread in
      try? machine.inside(machine.systemProcess) {
        var random = SplitMix(state: UInt64(thread))
        var live: [(UnsafeMutableRawPointer, UInt32)] = []
        for _ in 0..<2000 {
          let tag = testTag + UInt32(random.next() % 100)
          let size = Int(random.next() % 3000)
          let kind: PoolKind = random.next() & 1 == 0 ? .paged : .nonpaged
          if let block = machine.pool.allocate(size, kind: kind, tag: tag) {
            live.append((block, tag))
          }
          if live.count > 50 {
            let (block, tag) = live.remove(at: Int(random.next() % 50))
            machine.pool.free(block, tag: tag)
          }
        }
        for (block, tag) in live { machine.pool.free(block, tag: tag) }
      }
    }
    let usages = test.pool.tagStatistics()
    #expect(usages.count == 200)
    #expect(usages.reduce(0) { $0 + $1.allocationCount } == 6000)
    for usage in usages {
      #expect(usage.allocationCount == usage.freeCount)
      #expect(usage.byteCount == 0)
    }
    #expect(test.pool.liveBlocks().isEmpty)
  }

  @Test("POOL-33: live bytes and peak of a tag, paged and nonpaged apart")
  func figures() throws {
    let test = try PoolMachine()
    try test.run {
      let first = exAllocatePoolWithTag(512, 100, testTag)
      let second = exAllocatePoolWithTag(0, 5000, testTag)
      let paged = exAllocatePoolWithTag(1, 30, testTag)
      exFreePool(second)
      let usage = test.pool.usage(of: testTag, isPaged: false)
      #expect(usage.allocationCount == 2)
      #expect(usage.freeCount == 1)
      #expect(usage.byteCount == 100)
      #expect(usage.peakByteCount == 5100)
      #expect(test.pool.usage(of: testTag, isPaged: true).byteCount == 30)
      let blocks = test.pool.liveBlocks(tag: testTag)
      #expect(Set(blocks.map(\.address)) == [number(first), number(paged)])
      #expect(Set(blocks.map(\.kind)) == [.nonpaged, .paged])
      exFreePool(first)
      exFreePool(paged)
    }
  }

  @Test("POOL-44: a block that nobody frees stays, and is counted as left")
  func left() throws {
    let test = try PoolMachine()
    let address = try test.run { number(exAllocatePoolWithTag(512, 123, testTag)) }
    let blocks = test.pool.liveBlocks(tag: testTag)
    #expect(blocks.map(\.address) == [address])
    #expect(blocks.map(\.byteCount) == [123])
    try test.run { exFreePool(UnsafeMutableRawPointer(bitPattern: address)) }
    #expect(test.pool.liveBlocks(tag: testTag).isEmpty)
  }
}
