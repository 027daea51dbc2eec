import CRing3
import Machine
import Testing

@testable import Memory

@Suite struct PoolLifeTests {
  @Test(
    "POOL-41, POOL-42: pool fragments, and freed neighbours are merged",
    arguments: [PoolKind.nonpaged, .nonpagedExecutable, .paged])
  func fragments(kind: PoolKind) throws {
    let test = try PoolMachine()
    try test.run {
      let largest = test.pool.largestBlock(kind)
      var pages: [UnsafeMutableRawPointer] = []
      while let page = test.pool.allocate(4096, kind: kind, tag: testTag) { pages.append(page) }
      #expect(pages.count == largest / 4096)
      pages.sort()
      for index in stride(from: 0, to: pages.count, by: 2) { test.pool.free(pages[index]) }
      #expect(test.pool.allocate(8192, kind: kind, tag: testTag) == nil)
      let one = test.pool.allocate(4096, kind: kind, tag: testTag)
      #expect(one != nil)
      if let one { test.pool.free(one) }
      for index in stride(from: 1, to: pages.count, by: 2) { test.pool.free(pages[index]) }
      let whole = test.pool.allocate(largest, kind: kind, tag: testTag)
      #expect(whole != nil)
      if let whole { test.pool.free(whole) }
      #expect(test.pool.largestBlock(kind) == largest)
    }
  }

  @Test("POOL-42: small blocks of every size give their pages back")
  func smallBlocks() throws {
    let test = try PoolMachine()
    try test.run {
      let largest = test.pool.largestBlock(.nonpaged)
      var blocks: [UnsafeMutableRawPointer] = []
      for round in 0..<3 {
        for size in stride(from: 1, through: 12000, by: 13 + round) {
          if let block = test.pool.allocate(size, kind: .nonpaged, tag: testTag) {
            blocks.append(block)
          }
        }
        for block in blocks { test.pool.free(block) }
        blocks = []
      }
      #expect(test.pool.largestBlock(.nonpaged) == largest)
    }
  }

  @Test("POOL-42: blocks that other threads kept come back when they end")
  func threads() throws {
    let test = try PoolMachine()
    let machine = test.machine
    let largest = test.pool.largestBlock(.nonpaged)
    onThreads(2) { _ in
      try? machine.inside(machine.systemProcess) {
        let blocks = (0..<300).map { machine.pool.allocate($0 * 20, kind: .nonpaged, tag: testTag) }
        for case let block? in blocks { machine.pool.free(block) }
      }
    }
    #expect(test.pool.largestBlock(.nonpaged) == largest)
  }

  @Test("POOL-43: the conditions hold exactly while memory is low or high")
  func conditions() throws {
    let test = try PoolMachine()
    try test.run {
      for (kind, low, high): (PoolKind, PoolCondition, PoolCondition) in [
        (.nonpaged, .lowNonpaged, .highNonpaged), (.paged, .lowPaged, .highPaged),
      ] {
        #expect(test.pool.conditions.contains(high))
        #expect(!test.pool.conditions.contains(low))
        var blocks: [UnsafeMutableRawPointer] = []
        while let block = test.pool.allocate(2000, kind: kind, tag: testTag) {
          blocks.append(block)
        }
        #expect(test.pool.conditions.contains(low))
        #expect(!test.pool.conditions.contains(high))
        for block in blocks { test.pool.free(block) }
        #expect(test.pool.conditions.contains(high))
        #expect(!test.pool.conditions.contains(low))
      }
    }
  }

  @Test("POOL-43: an observer is told of each change")
  func observer() throws {
    let test = try PoolMachine()
    try test.run {
      test.machine.state.pointee.bugCheck.stack[0] = 0
      test.pool.observeConditions { machine, conditions in
        let state = machine.assumingMemoryBound(to: MachineState.self)
        state.pointee.bugCheck.stack[0] += 1
        state.pointee.bugCheck.stack[1] = UInt64(conditions)
      }
      let seen = test.machine.state.pointee.bugCheck.stack
      #expect(seen[0] == 1)
      let block = test.pool.allocate(8 << 20 - 4096, kind: .nonpaged, tag: testTag)
      let large = block ?? test.pool.allocate(15 << 19, kind: .nonpaged, tag: testTag)
      #expect(seen[0] == 2)
      #expect(PoolCondition(rawValue: UInt32(seen[1])) == [.lowNonpaged, .highPaged])
      if let large { test.pool.free(large) }
      #expect(seen[0] == 3)
      #expect(PoolCondition(rawValue: UInt32(seen[1])) == [.highNonpaged, .highPaged])
    }
  }

  @Test("Blocks move between threads, and host threads outside a kernel may allocate")
  func crossing() throws {
    let test = try PoolMachine()
    let pool = test.pool
    let machine = test.machine
    let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: 2000)
    slots.initialize(repeating: 0, count: 2000)
    defer { slots.deallocate() }
    onThreads(2) { thread in
      try? machine.inside(machine.systemProcess) {
        for index in 0..<2000 {
          if thread == 0 {
            let block = pool.allocate(256, kind: .nonpaged, tag: testTag)
            r3_store64(slots + index, UInt64(number(block)))
          } else {
            while r3_load64(slots + index) == 0 { r3_pause() }
            if let block = UnsafeMutableRawPointer(bitPattern: UInt(slots[index])) {
              pool.free(block, tag: testTag)
            }
          }
        }
      }
    }
    #expect(pool.usage(of: testTag, isPaged: false).byteCount == 0)
    let outside = pool.allocate(100, kind: .paged, tag: testTag, zeroed: true)
    #expect(outside?.load(as: UInt64.self) == 0)
    if let outside { pool.free(outside, tag: testTag) }
    #expect(pool.usage(of: testTag, isPaged: true).liveCount == 0)
  }
}
