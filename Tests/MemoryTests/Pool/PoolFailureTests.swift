import Machine
import Testing

@testable import Memory

@Suite struct PoolFailureTests {
  @Test("POOL-10: exhaustion and forced failure give NULL")
  func exhausted() throws {
    let test = try PoolMachine()
    try test.run {
      #expect(exAllocatePoolWithTag(512, 9 << 20, testTag) == nil)
      #expect(exAllocatePoolWithTag(1, .max, testTag) == nil)
      test.pool.inject(PoolFaults(tag: testTag, after: 1, failing: 2))
      let results = (0..<4).map { _ in exAllocatePoolWithTag(512, 64, testTag) }
      #expect(results.map { $0 != nil } == [true, false, false, true])
      #expect(test.pool.faults.seen == 4)
      test.pool.inject(nil)
      for block in results where block != nil { exFreePool(block) }
      #expect(test.pool.usage(of: testTag, isPaged: false).byteCount == 0)
    }
  }

  @Test("POOL-11: zero bytes give a small block, and a report when verifying")
  func zeroBytes() throws {
    let test = try PoolMachine()
    try test.run {
      let block = exAllocatePoolWithTag(512, 0, testTag)
      #expect(block != nil)
      exFreePoolWithTag(block, testTag)
      #expect(exAllocatePool2(0x40, 0, testTag) == nil)
    }
    let verified = try PoolMachine { $0.verifier = .ordinaryPool }
    let record = verified.expectBugCheck(0xC4, 0x00) {
      _ = exAllocatePoolWithTag(1, 0, testTag)
    }
    #expect(record?.parameters.2 == 1)
    #expect(record?.parameters.3 == UInt64(testTag))
  }

  @Test("POOL-16: a failing allocation with POOL_RAISE_IF_ALLOCATION_FAILURE raises")
  func raises() throws {
    let test = try PoolMachine()
    let pool = test.pool
    test.expectRaise(insufficientResources) {
      pool.inject(PoolFaults())
      _ = exAllocatePoolWithTag(512 | 16, 64, testTag)
    }
  }

  @Test("POOL-18: a must-succeed type stops the machine", arguments: [UInt32(2), 6, 3])
  func mustSucceed(type: UInt32) throws {
    let test = try PoolMachine()
    let record = test.expectBugCheck(0xC2, 0x9A) { _ = exAllocatePoolWithTag(type, 64, testTag) }
    #expect(record?.parameters.1 == UInt64(type))
    #expect(record?.parameters.2 == 64)
  }

  // MARK: ExAllocatePool2 and 3

  @Test("POOL-21: unknown required flags fail, unknown optional flags do not matter")
  func unknownFlags() throws {
    let test = try PoolMachine()
    try test.run {
      for bit: UInt64 in [0x10, 0x200, 0x400, 0x10000, 0x8000_0000, 0x4] {
        #expect(exAllocatePool2(0x40 | bit, 64, testTag) == nil)
      }
      for bit: UInt64 in [1 << 32, 1 << 40, 1 << 63] {
        let block = exAllocatePool2(0x40 | bit, 64, testTag)
        #expect(block != nil)
        exFreePool(block)
      }
    }
  }

  @Test("POOL-22: ExAllocatePool2 gives NULL without memory, tag or one kind")
  func invalid() throws {
    let test = try PoolMachine()
    try test.run {
      #expect(exAllocatePool2(0x40, 64, 0) == nil)
      #expect(exAllocatePool2(0, 64, testTag) == nil)
      #expect(exAllocatePool2(0x140, 64, testTag) == nil)
      #expect(exAllocatePool2(0x40, 1 << 40, testTag) == nil)
    }
  }

  @Test(
    "POOL-23: with POOL_FLAG_RAISE_ON_FAILURE each of them raises",
    arguments: [
      (0x60, 64, 0, 0xC000_000D), (0x20, 64, testTag, 0xC000_000D),
      (0x60, 1 << 40, testTag, insufficientResources),
    ] as [(UInt64, UInt64, UInt32, UInt32)])
  func raisesOnFailure(flags: UInt64, size: UInt64, tag: UInt32, status: UInt32) throws {
    let test = try PoolMachine()
    test.expectRaise(status) { _ = exAllocatePool2(flags, size, tag) }
  }

  @Test("POOL-25: an unknown parameter of ExAllocatePool3 matters unless it is optional")
  func parameters() throws {
    let test = try PoolMachine()
    try test.run {
      for (type, value): (UInt64, UInt64) in [(60, 0), (0, 0), (2, 0), (1, 77)] {
        #expect(allocate3(0x40, [(type, false, value)]) == nil)
        let block = allocate3(0x40, [(1, false, 16), (type, true, value)])
        #expect(block != nil)
        exFreePool(block)
      }
    }
  }

  @Test("POOL-26: without parameters ExAllocatePool3 does what ExAllocatePool2 does")
  func noParameters() throws {
    let test = try PoolMachine()
    try test.run {
      for low: UInt64 in 0..<0x200 {
        for flags in [low & ~0x20, low & ~0x20 | 1 << 35] {
          let second = exAllocatePool2(flags, 48, testTag)
          let third = exAllocatePool3(flags, 48, testTag, nil, 0)
          #expect((second == nil) == (third == nil))
          if second != nil { exFreePool(second) }
          if third != nil { exFreePool(third) }
        }
      }
    }
  }

  @Test("POOL-27: low priority fails first, high last; a NUMA node needs nonpaged pool")
  func priorities() throws {
    let test = try PoolMachine()
    try test.run {
      #expect(allocate3(0x100, [(3, false, 0)]) == nil)
      let node = allocate3(0x40, [(3, false, 0)])
      #expect(node != nil)
      exFreePool(node)
      // Fill until memory is low.
      var blocks: [UnsafeMutableRawPointer?] = []
      while !test.pool.conditions.contains(.lowNonpaged) {
        blocks.append(exAllocatePoolWithTag(512, 4096, testTag))
      }
      #expect(exAllocatePoolWithTagPriority(512, 64, testTag, 0) == nil)
      #expect(allocate3(0x40, [(1, false, 8)]) == nil)
      for priority: UInt32 in [16, 25, 32, 41] {
        let block = exAllocatePoolWithTagPriority(512, 64, testTag, priority)
        #expect(block != nil)
        exFreePool(block)
      }
      for block in blocks { exFreePool(block) }
      let low = exAllocatePoolWithTagPriority(512, 64, testTag, 0)
      #expect(low != nil)
      exFreePool(low)
    }
  }

  private func allocate3(
    _ flags: UInt64, _ parameters: [(type: UInt64, isOptional: Bool, value: UInt64)]
  ) -> UnsafeMutableRawPointer? {
    let words = parameters.flatMap { [$0.type | ($0.isOptional ? 0x100 : 0), $0.value] }
    return words.withUnsafeBytes {
      exAllocatePool3(flags, 64, testTag, $0.baseAddress, UInt32(parameters.count))
    }
  }

  @Test("POOL-45: the legacy names and their replacements, side by side")
  func replacements() throws {
    let test = try PoolMachine()
    let process = try test.machine.makeProcess("small")
    process.pointer.pointee.nonpagedQuota.limit = 0
    try test.run(in: process) {
      let old = exAllocatePoolWithTag(512, 64, testTag)
      let new = exAllocatePool2(0x42, 64, testTag)
      #expect(test.pool.isExecutable(number(old)) == test.pool.isExecutable(number(new)))
      exFreePool(old)
      exFreePool(new)
      let untagged = exAllocatePool(512, 64)
      #expect(test.pool.liveBlocks().map(\.tag) == [0x656E_6F4E])
      exFreePool(untagged)
      #expect(exAllocatePool2(0x41, 64, testTag) == nil)
    }
    test.expectRaise(quotaExceeded, in: process) { _ = exAllocatePoolWithQuota(512, 64) }
  }
}
