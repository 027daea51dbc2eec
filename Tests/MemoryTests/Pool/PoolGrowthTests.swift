import CRing3
import Machine
import Testing

@testable import Memory

/// Pools that grow, and blocks that are replaced again and again.
@Suite struct PoolGrowthTests {
  private func largePool() throws -> PoolMachine {
    try PoolMachine {
      $0.memoryByteCount = 96 << 20
      $0.nonpagedPoolByteCount = 64 << 20
    }
  }

  @Test("POOL-42: a pool that grows large changes no block, even while another thread writes to it")
  func growth() throws {
    let test = try largePool()
    let machine = test.machine
    let largest = test.pool.largestBlock(.nonpaged)
    try test.run {
      // Below the size from which the host is asked for huge pages.
      let early = (0..<1500).compactMap { index -> UnsafeMutableRawPointer? in
        let block = machine.pool.allocate(4096, kind: .nonpaged, tag: testTag)
        block?.initializeMemory(as: UInt64.self, repeating: UInt64(index), count: 512)
        return block
      }
      #expect(early.count == 1500)
      onThreads(2) { number in
        try? machine.inside(machine.systemProcess) {
          if number == 0 {
            for round in 1...200 as ClosedRange<UInt64> {
              for block in early { block.storeBytes(of: round, toByteOffset: 8, as: UInt64.self) }
            }
          } else {
            let late = (0..<10_000).compactMap { _ in
              machine.pool.allocate(4096, kind: .nonpaged, tag: testTag, zeroed: true)
            }
            #expect(late.count == 10_000)
            #expect(late.allSatisfy { $0.load(fromByteOffset: 64, as: UInt64.self) == 0 })
            for block in late { machine.pool.free(block, tag: testTag) }
          }
        }
      }
      for (index, block) in early.enumerated() {
        let words = block.assumingMemoryBound(to: UInt64.self)
        #expect(words[0] == UInt64(index) && words[511] == UInt64(index) && words[1] == 200)
        machine.pool.free(block, tag: testTag)
      }
      #expect(machine.pool.usage(of: testTag, isPaged: false).byteCount == 0)
    }
    #expect(test.pool.largestBlock(.nonpaged) == largest)
  }

  @Test("POOL-42: replaced at random by threads that free each other's blocks, nothing is lost")
  func replacement() throws {
    let test = try largePool()
    let machine = test.machine
    let largest = test.pool.largestBlock(.nonpaged)
    let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: 1000)
    slots.initialize(repeating: 0, count: 1000)
    defer { slots.deallocate() }
    nonisolated(unsafe) let shared = slots
    onThreads(3) { number in
      try? machine.inside(machine.systemProcess) {
        var random = SplitMix(state: UInt64(number))
        for _ in 0..<20_000 {
          let value = random.next()
          let size = 16 + Int(value >> 32 % 8177)
          // Two tags, so that the figures at hand change.
          let tag = testTag + UInt32(value >> 20 & 1)
          let block = machine.pool.allocate(size, kind: .nonpaged, tag: tag)
          let old = r3_swap64(shared + Int(value % 1000), UInt64(number64(block)))
          if let other = UnsafeMutableRawPointer(bitPattern: UInt(old)) { machine.pool.free(other) }
        }
      }
    }
    try test.run {
      for index in 0..<1000 {
        let address = UnsafeMutableRawPointer(bitPattern: UInt(shared[index]))
        if let address { machine.pool.free(address) }
      }
    }
    for tag in [testTag, testTag + 1] {
      let usage = test.pool.usage(of: tag, isPaged: false)
      #expect(usage.allocationCount > 20_000 && usage.liveCount == 0 && usage.byteCount == 0)
    }
    #expect(test.pool.liveBlocks(tag: testTag).isEmpty)
    #expect(test.pool.largestBlock(.nonpaged) == largest)
  }

  private func number64(_ pointer: UnsafeMutableRawPointer?) -> UInt { UInt(bitPattern: pointer) }
}
