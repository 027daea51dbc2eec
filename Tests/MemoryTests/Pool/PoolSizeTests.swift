import Glibc
import Machine
import Memory
import Testing

@Suite struct PoolSizeTests {
  @Test("POOL-01, POOL-03: blocks below a page are aligned to 16 and lie in one page")
  func small() throws {
    let test = try PoolMachine()
    try test.run {
      for size in 1..<4096 {
        let block = test.pool.allocate(size, kind: .nonpaged, tag: testTag)
        let address = number(block)
        #expect(block != nil)
        #expect(address & 15 == 0)
        #expect(address >> 12 == (address + UInt(size) - 1) >> 12)
        if let block { test.pool.free(block, tag: testTag) }
      }
    }
  }

  @Test("POOL-02: blocks from a page up begin on a page", arguments: [4096, 4097, 8192, 1 << 20])
  func large(size: Int) throws {
    let test = try PoolMachine()
    try test.run {
      let block = test.pool.allocate(size, kind: .nonpaged, tag: testTag)
      #expect(block != nil)
      #expect(number(block) & 0xFFF == 0)
      if let block { test.pool.free(block) }
    }
  }

  @Test("POOL-06: live blocks do not overlap and keep what is written", arguments: [1, 2])
  func soak(seed: UInt64) throws {
    let test = try PoolMachine()
    try test.run {
      var random = SplitMix(state: seed)
      var live: [(block: UnsafeMutableRawPointer, size: Int, fill: UInt8)] = []
      for _ in 0..<4000 {
        if live.count > 200 || (!live.isEmpty && random.next() % 3 == 0) {
          let one = live.remove(at: Int(random.next() % UInt64(live.count)))
          let bytes = UnsafeRawBufferPointer(start: one.block, count: one.size)
          #expect(bytes.allSatisfy { $0 == one.fill })
          test.pool.free(one.block, tag: testTag)
        } else {
          let size = Int(random.next() % (random.next() % 4 == 0 ? 20000 : 600)) + 1
          let kind: PoolKind = random.next() & 1 == 0 ? .nonpaged : .paged
          guard let block = test.pool.allocate(size, kind: kind, tag: testTag) else { continue }
          let fill = UInt8(truncatingIfNeeded: random.next())
          memset(block, Int32(fill), size)
          live.append((block, size, fill))
        }
      }
      for one in live { test.pool.free(one.block) }
      #expect(test.pool.liveBlocks().isEmpty)
    }
  }
}
