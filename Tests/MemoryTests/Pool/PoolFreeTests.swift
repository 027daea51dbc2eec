import Machine
import Testing

@testable import Memory

@Suite struct PoolFreeTests {
  @Test(
    "POOL-04, POOL-34: one byte after a block is found when it is freed",
    arguments: [1, 8, 64, 100, 2000, 2024, 2025, 3000, 4095], [false, true])
  func overrun(size: Int, verifies: Bool) throws {
    let test = try PoolMachine { $0.verifier = verifies ? .ordinaryPool : [] }
    let record = test.expectBugCheck(0x19, 0x21) {
      guard let block = exAllocatePoolWithTag(512, UInt64(size), testTag) else { return }
      block.storeBytes(of: 0x42, toByteOffset: size, as: UInt8.self)
      exFreePoolWithTag(block, testTag)
    }
    #expect(record?.parameters.2 == UInt64(size))
    #expect(record?.parameters.3 == 0x42)
  }

  @Test("POOL-05: the byte after a block of more than a page is found", arguments: [4097, 100_001])
  func overrunOfPages(size: Int) throws {
    let test = try PoolMachine()
    test.expectBugCheck(0x19, 0x21) {
      guard let block = exAllocatePoolWithTag(1, UInt64(size), testTag) else { return }
      block.storeBytes(of: 0, toByteOffset: size, as: UInt8.self)
      exFreePoolWithTag(block, testTag)
    }
  }

  @Test("POOL-34: an overrun into the next header is found when that block is freed")
  func header() throws {
    let test = try PoolMachine()
    test.expectBugCheck(0x19, 0x20) {
      guard let block = exAllocatePoolWithTag(512, 64, testTag) else { return }
      (block - 12).storeBytes(of: 0x4141_4141, as: UInt32.self)
      exFreePoolWithTag(block, testTag)
    }
  }

  @Test("POOL-34: when verifying, any byte between the block and its end is watched")
  func far() throws {
    let test = try PoolMachine { $0.verifier = .ordinaryPool }
    test.expectBugCheck(0x19, 0x21) {
      // 16 + 270 + 8 + 16 lies in a slot of 336: the last guarded byte is at 303.
      guard let block = exAllocatePoolWithTag(512, 270, testTag) else { return }
      block.storeBytes(of: 1, toByteOffset: 303, as: UInt8.self)
      exFreePoolWithTag(block, testTag)
    }
  }

  @Test("POOL-35: a block is freed with its tag, or with any tag through ExFreePool")
  func tags() throws {
    let test = try PoolMachine()
    try test.run {
      for size: UInt64 in [64, 5000] {
        exFreePool(exAllocatePoolWithTag(512, size, testTag))
        exFreePoolWithTag(exAllocatePoolWithQuotaTag(1, size, testTag), testTag)
        exFreePool2(exAllocatePool2(0x40, size, testTag), testTag, nil, 0)
      }
    }
  }

  @Test("POOL-35: a wrong tag is fatal", arguments: [64, 5000, 200_000] as [UInt64])
  func wrongTag(size: UInt64) throws {
    let test = try PoolMachine()
    let record = test.expectBugCheck(0xC2, 0x0A) {
      exFreePoolWithTag(exAllocatePoolWithTag(512, size, testTag), 0x4141_4141)
    }
    #expect(record?.parameters.2 == UInt64(testTag))
    #expect(record?.parameters.3 == 0x4141_4141)
  }

  @Test("POOL-36: tag 0 is not compared")
  func zeroTag() throws {
    let test = try PoolMachine()
    try test.run { exFreePoolWithTag(exAllocatePoolWithTag(512, 64, testTag), 0) }
    #expect(test.pool.liveBlocks().isEmpty)
  }

  @Test(
    "POOL-37: freeing twice is fatal", arguments: [1, 64, 3000, 5000] as [UInt64], [false, true])
  func twice(size: UInt64, verifies: Bool) throws {
    let test = try PoolMachine { $0.verifier = verifies ? .ordinaryPool : [] }
    let record = test.expectBugCheck(verifies ? 0xC4 : 0xC2, verifies ? 0x13 : 0x07) {
      let block = exAllocatePoolWithTag(512, size, testTag)
      exFreePool(block)
      exFreePool(block)
    }
    #expect(record?.parameters.3 ?? 0 != 0)
  }

  // MARK: POOL-38

  @Test(
    "POOL-38: an address that was never allocated is fatal",
    arguments: [
      (0, 0x46), (0x1000_0000_0010, 0x40), (0x7FFF_FFFF_F000_0010, 0x43),
    ] as [(UInt, UInt64)])
  func elsewhere(address: UInt, code: UInt64) throws {
    let test = try PoolMachine()
    test.expectBugCheck(0xC2, code) { exFreePool(UnsafeMutableRawPointer(bitPattern: address)) }
  }

  @Test(
    "POOL-38: an address in pool that no block begins at is fatal",
    arguments: [
      (512, 64, 16, 0x99), (1, 64, 16, 0x41286), (1, 64, 8, 0x41286), (512, 5000, 4096, 0x99),
      (1, 5000, 4096, 0x41286), (1, 200_000, 0x20000, 0x41286), (1, 5000, 48, 0x41286),
    ] as [(UInt32, UInt64, Int, UInt64)])
  func interior(type: UInt32, size: UInt64, offset: Int, code: UInt64) throws {
    let test = try PoolMachine()
    test.expectBugCheck(0xC2, code) {
      guard let block = exAllocatePoolWithTag(type, size, testTag) else { return }
      exFreePool(block + offset)
    }
  }

  @Test(
    "POOL-38: an unused page and an unused slot are fatal",
    arguments: [(512, 0x41), (1, 0x50)] as [(UInt32, UInt64)], [112, 0x80000])
  func unused(type: (UInt32, UInt64), offset: Int) throws {
    let test = try PoolMachine()
    test.expectBugCheck(0xC2, type.1) {
      guard let block = exAllocatePoolWithTag(type.0, 80, testTag) else { return }
      let page = UInt(bitPattern: block) & ~0xFFF
      // Slots are of 112 bytes: the second one was never given.
      exFreePool(UnsafeMutableRawPointer(bitPattern: page + UInt(offset) + 16))
    }
  }

  // MARK: POOL-39

  @Test(
    "POOL-39: allocating at each level", arguments: [UInt32(512), 0, 1], [UInt8(0), 1, 2, 3])
  func allocationLevels(type: UInt32, irql: UInt8) throws {
    let test = try PoolMachine()
    let body = {
      CurrentThread.irql = irql
      let block = exAllocatePoolWithTag(type, 64, testTag)
      CurrentThread.irql = 0
      exFreePool(block)
    }
    guard irql > (type & 1 != 0 ? 1 : 2) else {
      try test.run(body)
      return
    }
    let record = test.expectBugCheck(0xC2, 0x08, body)
    #expect(record?.parameters.1 == UInt64(irql))
    #expect(record?.parameters.2 == UInt64(type))
    #expect(record?.parameters.3 == 64)
  }

  @Test("POOL-39: freeing at each level", arguments: [UInt32(512), 1], [UInt8(0), 1, 2, 3])
  func freeLevels(type: UInt32, irql: UInt8) throws {
    let test = try PoolMachine()
    let body = {
      let block = exAllocatePoolWithTag(type, 64, testTag)
      CurrentThread.irql = irql
      exFreePool(block)
      CurrentThread.irql = 0
    }
    guard irql > (type & 1 != 0 ? 1 : 2) else {
      try test.run(body)
      return
    }
    let record = test.expectBugCheck(0xC2, 0x09, body)
    #expect(record?.parameters.1 == UInt64(irql))
    #expect(record?.parameters.2 == UInt64(type))
  }

  @Test(
    "POOL-39: the verifier has codes of its own",
    arguments: [(1, true, 0x01), (512, true, 0x02), (1, false, 0x11), (512, false, 0x12)]
      as [(UInt32, Bool, UInt64)])
  func verifiedLevels(type: UInt32, allocates: Bool, code: UInt64) throws {
    let test = try PoolMachine { $0.verifier = .ordinaryPool }
    test.expectBugCheck(0xC4, code) {
      let block = allocates ? nil : exAllocatePoolWithTag(type, 64, testTag)
      CurrentThread.irql = 5
      if allocates { _ = exAllocatePoolWithTag(type, 64, testTag) } else { exFreePool(block) }
    }
  }

  // MARK: POOL-40

  @Test("POOL-40: freeing a block that holds a lookaside list in use")
  func holdsList() throws {
    let test = try PoolMachine { $0.verifier = .ordinaryPool }
    test.expectBugCheck(0xC4, 0xCC) {
      guard let block = exAllocatePoolWithTag(512, 256, testTag) else { return }
      exInitializeNPagedLookasideList(block + 64, 0, 0, 512, 64, testTag, 0)
      exFreePool(block)
    }
  }

  @Test("POOL-40: unloading a driver that left a block behind")
  func leftBehind() throws {
    let test = try PoolMachine { $0.verifier = .ordinaryPool }
    let pool = test.pool
    let record = test.expectBugCheck(0xC4, 0x62) {
      guard let frame = Frame.push(rip: 0x7F00_1234_5678) else { return }
      _ = exAllocatePoolWithTag(512, 64, testTag)
      _ = exAllocatePoolWithTag(1, 9000, testTag)
      Frame.pop(frame)
      pool.checkUnload(of: 0x7F00_2000_0000..<0x7F00_2000_1000)
      pool.checkUnload(of: 0x7F00_1234_5000..<0x7F00_1234_6000)
    }
    #expect(record?.parameters.3 == 2)
  }

  @Test("POOL-40: executable pool under the rule that forbids it")
  func executable() throws {
    let test = try PoolMachine()
    test.pool.forbidExecutable()
    test.expectBugCheck(0xC4, 0x2000) { _ = exAllocatePoolWithTag(0, 64, testTag) }
  }
}
