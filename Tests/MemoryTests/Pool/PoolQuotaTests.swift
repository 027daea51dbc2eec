import CRing3
import Machine
import Testing

@testable import Memory

@Suite struct PoolQuotaTests {
  @Test("POOL-24: POOL_FLAG_USE_QUOTA fails with NULL by default")
  func flag() throws {
    let test = try PoolMachine()
    let process = try test.machine.makeProcess("poor")
    process.pointer.pointee.pagedQuota.limit = 0
    try test.run(in: process) {
      #expect(exAllocatePool2(0x101, 64, testTag) == nil)
      let block = exAllocatePool2(0x41, 64, testTag)
      #expect(test.pool.chargedByteCount(process, isPaged: false) == 64)
      exFreePool(block)
      #expect(test.pool.chargedByteCount(process, isPaged: false) == 0)
    }
    test.expectRaise(quotaExceeded, in: process) { _ = exAllocatePool2(0x121, 64, testTag) }
  }

  @Test("POOL-28: ExAllocatePoolWithQuotaTag raises when the quota is used up")
  func legacy() throws {
    let test = try PoolMachine { $0.processQuotaByteCount = 1000 }
    let process = try test.machine.makeProcess("poor")
    try test.run(in: process) {
      let first = exAllocatePoolWithQuotaTag(512, 900, testTag)
      #expect(first != nil)
      // The system process is never short.
      #expect(exAllocatePoolWithQuotaTag(512 | 8, 101, testTag) == nil)
    }
    test.expectRaise(quotaExceeded, in: process) {
      _ = exAllocatePoolWithQuotaTag(512, 101, testTag)
    }
  }

  @Test("POOL-28: without memory it raises too")
  func legacyWithoutMemory() throws {
    let test = try PoolMachine()
    let process = try test.machine.makeProcess("rich")
    test.expectRaise(insufficientResources, in: process) {
      _ = exAllocatePoolWithQuotaTag(512, 9 << 20, testTag)
    }
    #expect(test.pool.chargedByteCount(process, isPaged: false) == 0)
  }

  @Test("POOL-29: with POOL_QUOTA_FAIL_INSTEAD_OF_RAISE it gives NULL")
  func quietly() throws {
    let test = try PoolMachine { $0.processQuotaByteCount = 1000 }
    let process = try test.machine.makeProcess("poor")
    try test.run(in: process) {
      #expect(exAllocatePoolWithQuotaTag(512 | 8, 1001, testTag) == nil)
      #expect(exAllocatePoolWithQuotaTag(1 | 8, 2000, testTag) == nil)
    }
  }

  @Test(
    "POOL-30: the charge returns to the process that was charged",
    arguments: [1000, 64 << 20] as [Int])
  func returned(limit: Int) throws {
    let test = try PoolMachine { $0.processQuotaByteCount = limit }
    let payer = try test.machine.makeProcess("payer")
    let other = try test.machine.makeProcess("other")
    let sizes = [1, 40, 700]
    let blocks = try test.run(in: payer) {
      sizes.map { exAllocatePoolWithQuotaTag(512 | 8, UInt64($0), testTag) }
    }
    #expect(test.pool.chargedByteCount(payer, isPaged: false) == 741)
    try test.run(in: other) {
      for block in blocks { exFreePoolWithTag(block, testTag) }
    }
    #expect(test.pool.chargedByteCount(payer, isPaged: false) == 0)
    #expect(test.pool.chargedByteCount(other, isPaged: false) == 0)
    #expect(test.pool.chargedByteCount(payer, isPaged: true) == 0)
  }

  @Test("POOL-30: large blocks and many of them are charged alike")
  func many() throws {
    let test = try PoolMachine()
    let process = try test.machine.makeProcess("busy")
    try test.run(in: process) {
      var live: [(UnsafeMutableRawPointer, Int)] = []
      var random = SplitMix(state: 3)
      var sum = 0
      for _ in 0..<2000 {
        if live.count > 40 {
          let (block, size) = live.remove(at: Int(random.next() % 40))
          sum -= size
          test.pool.free(block, tag: testTag)
        }
        let size = Int(random.next() % 20000) + 1
        guard
          let block = test.pool.allocate(size, kind: .nonpaged, tag: testTag, charging: process)
        else { continue }
        live.append((block, size))
        sum += size
      }
      #expect(test.pool.chargedByteCount(process, isPaged: false) == sum)
      for (block, _) in live { test.pool.free(block) }
      #expect(test.pool.chargedByteCount(process, isPaged: false) == 0)
    }
  }

  @Test("POOL-30: charging from a DPC is reported when verifying")
  func fromDPC() throws {
    let test = try PoolMachine { $0.verifier = .ordinaryPool }
    let process = try test.machine.makeProcess("interrupted")
    test.expectBugCheck(0xC4, 0x10B, in: process) {
      CurrentThread.irql = 2
      CurrentThread.pointer.pointee.processor
        .assumingMemoryBound(to: ProcessorState.self).pointee.dpcRunning = 1
      _ = exAllocatePoolWithQuotaTag(512, 64, testTag)
    }
  }

  @Test("POOL-30: an overwritten owner is found when the block is freed")
  func corruptOwner() throws {
    let test = try PoolMachine()
    let process = try test.machine.makeProcess("payer")
    let record = test.expectBugCheck(0xC2, 0x0D, in: process) {
      // The trailer is the last 16 bytes of the slot: 16 + 64 + 8 + 16 bytes round up to 112.
      guard let block = exAllocatePoolWithQuotaTag(512, 64, testTag) else { return }
      (block + 80).storeBytes(of: 0x4141_4141_4141_4141, as: UInt64.self)
      exFreePool(block)
    }
    #expect(record?.parameters.2 == UInt64(testTag))
  }
}
