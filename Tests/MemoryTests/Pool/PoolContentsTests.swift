import Glibc
import Machine
import Testing

@testable import Memory

@Suite struct PoolContentsTests {
  @Test("POOL-07: memory that is not asked for zeroed is visibly not zero when verifying")
  func filled() throws {
    let test = try PoolMachine { $0.verifier = .ordinaryPool }
    let bytes = try test.run {
      [100, 5000, 100_000].map { size -> Bool in
        guard let block = exAllocatePoolWithTag(512, UInt64(size), testTag) else { return false }
        defer { exFreePoolWithTag(block, testTag) }
        return UnsafeRawBufferPointer(start: block, count: size).allSatisfy { $0 != 0 }
      }
    }
    #expect(bytes == [true, true, true])
  }

  @Test(
    "POOL-08: a zeroed block is zero even where the memory was dirty",
    arguments: [1, 24, 700, 2040, 4096, 9000, 65536, 70000, 300_000])
  func zeroed(size: Int) throws {
    let test = try PoolMachine()
    try test.run {
      // ExAllocatePoolZero: the type with POOL_ZERO_ALLOCATION.
      expectZero(size) { exAllocatePoolWithTag(512 | 1024, UInt64(size), testTag) }
      expectZero(size) { exAllocatePoolWithQuotaTag(1 | 8 | 1024, UInt64(size), testTag) }
      expectZero(size) { exAllocatePoolWithTagPriority(512 | 1024, UInt64(size), testTag, 16) }
    }
  }

  @Test(
    "POOL-09: ExAllocatePool2 and 3 give zeroed memory unless told not to",
    arguments: [64, 3000, 8192])
  func zeroedByDefault(size: Int) throws {
    let test = try PoolMachine()
    try test.run {
      expectZero(size) { exAllocatePool2(0x40, UInt64(size), testTag) }
      expectZero(size) { exAllocatePool3(0x100, UInt64(size), testTag, nil, 0) }
      // Freed last, given first: what is uninitialized shows what was there.
      dirty(size, 0x40)
      let block = exAllocatePool2(0x42, UInt64(size), testTag)
      #expect(block?.load(fromByteOffset: size / 2, as: UInt8.self) == 0xEE)
      exFreePool(block)
    }
  }

  private func dirty(_ size: Int, _ flags: UInt64) {
    let block = exAllocatePool2(flags, UInt64(size), testTag)
    if let block { memset(block, 0xEE, size) }
    exFreePool(block)
  }

  private func expectZero(_ size: Int, _ allocate: () -> UnsafeMutableRawPointer?) {
    for flags: UInt64 in [0x40, 0x80, 0x100] { dirty(size, flags) }
    guard let block = allocate() else {
      Issue.record("no memory")
      return
    }
    #expect(UnsafeRawBufferPointer(start: block, count: size).allSatisfy { $0 == 0 })
    exFreePoolWithTag(block, testTag)
  }

  @Test("POOL-14: NonPagedPool is executable, NonPagedPoolNx and paged pool are not")
  func execution() throws {
    let test = try PoolMachine()
    try test.run {
      for (type, text): (UInt32, String) in [
        (0, "rwxs"), (512, "rw-s"), (1, "rw-s"), (516, "rw-s"),
      ] {
        let block = exAllocatePoolWithTag(type, 64, testTag)
        #expect(protection(at: number(block)) == text)
        #expect(test.pool.isExecutable(number(block)) == (type == 0))
        exFreePool(block)
      }
    }
  }

  @Test("POOL-20: POOL_FLAG_NON_PAGED is not executable, POOL_FLAG_NON_PAGED_EXECUTE is")
  func executionByFlag() throws {
    let test = try PoolMachine()
    try test.run {
      for (flags, text): (UInt64, String) in [(0x40, "rw-s"), (0x80, "rwxs"), (0x100, "rw-s")] {
        let block = exAllocatePool2(flags, 5000, testTag)
        #expect(protection(at: number(block)) == text)
        exFreePool(block)
      }
    }
  }

  @Test("POOL-15: paged pool is gone while it is hidden, nonpaged pool is not")
  func hiding() throws {
    let test = try PoolMachine()
    try test.run {
      let pool = test.pool
      let paged = exAllocatePoolWithTag(1, 64, testTag)
      let nonpaged = exAllocatePoolWithTag(512, 64, testTag)
      pool.hidePaged()
      #expect(protection(at: number(paged)) == "---s")
      #expect(protection(at: number(nonpaged)) == "rw-s")
      // A raised thread may not touch it; another one gets it back.
      #expect(!pool.resolveFault(number(paged), irql: 2))
      #expect(!pool.resolveFault(number(nonpaged), irql: 0))
      #expect(pool.resolveFault(number(paged), irql: 1))
      #expect(protection(at: number(paged)) == "rw-s")
      pool.hidePaged()
      pool.showPaged()
      exFreePool(paged)
      exFreePool(nonpaged)
    }
  }

  @Test("POOL-17: cache-aligned blocks begin on a cache line and are freed like others")
  func cacheAligned() throws {
    let test = try PoolMachine()
    try test.run {
      for size in [1, 17, 64, 100, 500, 1900, 2000, 3000, 4096, 5000] {
        let blocks = [
          exAllocatePoolWithTag(4, UInt64(size), testTag),
          exAllocatePoolWithTag(5, UInt64(size), testTag),
          exAllocatePool2(0x48, UInt64(size), testTag),
        ]
        for block in blocks {
          #expect(block != nil)
          #expect(number(block) & 63 == 0)
          if let block { memset(block, 0x11, size) }
        }
        #expect(test.pool.liveBlocks(tag: testTag).count == 3)
        for block in blocks { exFreePoolWithTag(block, testTag) }
      }
      #expect(test.pool.liveBlocks(tag: testTag).isEmpty)
    }
  }

  @Test("POOL-13: a cold allocation is like any other")
  func cold() throws {
    let test = try PoolMachine()
    try test.run {
      let block = exAllocatePoolWithTag(512 | 256, 64, testTag)
      #expect(block != nil)
      #expect(!test.pool.isExecutable(number(block)))
      exFreePoolWithTag(block, testTag)
    }
  }
}
