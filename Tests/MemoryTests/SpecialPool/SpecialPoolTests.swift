import CRing3
import Glibc
import Machine
import NTTypes
import Testing

@testable import Memory

/// Blocks beside guarded pages, and what is found as they are released.
@Suite struct SpecialPoolTests {
  private func machine(
    _ change: @escaping (inout SpecialPoolSelection) -> Void = { _ in }
  ) throws -> PoolMachine {
    try PoolMachine {
      $0.verifier = [.specialPool, .poolTracking, .miscellaneous]
      change(&$0.specialPool)
    }
  }

  @Test(
    "4.1: a block ends at a guarded page, up to alignment",
    arguments: [1, 16, 100, 4000, 4096, 4097, 9000, 300_000])
  func placement(size: Int) throws {
    let test = try machine()
    let pool = test.pool
    try test.run {
      let block = try #require(exAllocatePoolWithTag(512, UInt64(size), testTag))
      // A block of a page or more begins a page; a smaller one ends at one.
      #expect(size < 4096 || number(block) & 0xFFF == 0)
      let alignment: UInt = size < 4096 ? 16 : 4096
      let end = (number(block) + UInt(size) + alignment - 1) & ~(alignment - 1)
      #expect(end & 0xFFF == 0)
      #expect(number(block) & 15 == 0)
      var fault = GuardedFault(isInDriver: true)
      #expect(pool.judgeFault(end, &fault))
      #expect(fault.code == 0xD6)
      #expect(isGuarded(end))
      #expect(!isGuarded(end - 1))
      #expect(isGuarded((number(block) & ~0xFFF) - 1))
      exFreePoolWithTag(block, testTag)
      #expect(isGuarded(number(block)))
      var other = GuardedFault(isInDriver: false)
      #expect(pool.judgeFault(number(block), &other))
      #expect(other.code == 0xCC)
    }
  }

  @Test("4.1: with Verify Start a block begins behind a guarded page")
  func start() throws {
    let test = try machine { $0.placement = .start }
    try test.run {
      let block = try #require(exAllocatePoolWithTag(512, 100, testTag))
      #expect(number(block) & 0xFFF == 0)
      #expect(isGuarded(number(block) - 1))
      exFreePoolWithTag(block, testTag)
    }
  }

  @Test(
    "4.1: bytes beside a block that changed are found at its release: 0xC1",
    arguments: [(100, 0x24), (111, 0x24), (-1, 0x23), (-3000, 0x23)])
  func damage(offset: Int, kind: Int) throws {
    let test = try machine()
    let record = test.expectBugCheck(0xC1, 0, isExact: false) {
      guard let block = exAllocatePoolWithTag(512, 100, testTag) else { return }
      (block + offset).storeBytes(of: 0, as: UInt8.self)
      exFreePoolWithTag(block, testTag)
    }
    #expect(record?.parameters.3 == UInt64(kind))
    #expect(
      record?.parameters.1 == (record?.parameters.0).map { $0 &+ UInt64(bitPattern: Int64(offset)) }
    )
  }

  @Test("4.1: one bit that changed is 0xC1/0x32")
  func bit() throws {
    let test = try machine()
    let record = test.expectBugCheck(0xC1, 0, isExact: false) {
      guard let block = exAllocatePoolWithTag(512, 100, testTag) else { return }
      (block - 1).storeBytes(of: PoolLayout.guardByte ^ 8, as: UInt8.self)
      exFreePoolWithTag(block, testTag)
    }
    #expect(record?.parameters.3 == 0x32)
  }

  @Test("4.1: an address inside a block is no block: 0xC1/0x21")
  func middle() throws {
    let test = try machine()
    let record = test.expectBugCheck(0xC1, 0, isExact: false) {
      guard let block = exAllocatePoolWithTag(512, 100, testTag) else { return }
      exFreePoolWithTag(block + 16, testTag)
    }
    #expect(record?.parameters.3 == 0x21)
  }

  @Test("4.2: a second release is found: 0xC4/0x13")
  func twice() throws {
    let test = try machine()
    test.expectBugCheck(0xC4, 0x13) {
      guard let block = exAllocatePoolWithTag(512, 100, testTag) else { return }
      exFreePoolWithTag(block, testTag)
      exFreePoolWithTag(block, testTag)
    }
  }

  @Test("4.1: fresh blocks are filled, zeroed ones are zero, also in a slot used before")
  func contents() throws {
    let test = try machine { $0.quarantineByteCount = 0 }
    try test.run {
      for _ in 0..<300 {
        let block = try #require(exAllocatePool2(0x40, 100, testTag))
        #expect((0..<100).allSatisfy { block.load(fromByteOffset: $0, as: UInt8.self) == 0 })
        memset(block, 0xFF, 100)
        exFreePoolWithTag(block, testTag)
        let other = try #require(exAllocatePoolWithTag(512, 100, testTag))
        #expect(other.load(as: UInt8.self) == PoolLayout.freshByte)
        exFreePoolWithTag(other, testTag)
      }
    }
  }

  @Test("4.1: special pool can be had by tag, size and driver")
  func selection() throws {
    let test = try machine {
      $0.tags = ["Test"]
      $0.sizes = 50...200
      $0.drivers = ["Wanted.sys"]
    }
    let pool = test.pool
    pool.noteImage("other.sys", 0x1000..<0x2000)
    pool.noteImage("wanted.SYS", 0x5000..<0x6000)
    func isSpecial(_ size: Int, _ tag: UInt32, _ site: UInt64) -> Bool {
      guard let frame = Frame.push(rip: site) else { return false }
      defer { Frame.pop(frame) }
      guard let block = exAllocatePoolWithTag(512, UInt64(size), tag) else { return false }
      defer { exFreePool(block) }
      return pool.specialPage(number(block)) != nil
    }
    try test.run {
      #expect(isSpecial(100, testTag, 0x5800))
      #expect(!isSpecial(100, testTag, 0x1800))
      #expect(!isSpecial(49, testTag, 0x5800))
      #expect(!isSpecial(100, 0x7265_6854, 0x5800))
      pool.forgetImage(0x5000)
      #expect(!isSpecial(100, testTag, 0x5800))
    }
  }

  @Test("4.1: released slots are used again only when the quarantine is full, the oldest first")
  func quarantine() throws {
    let test = try machine { $0.quarantineByteCount = 64 << 12 }
    try test.run {
      var order: [UInt] = []
      for _ in 0..<200 {
        let block = try #require(exAllocatePoolWithTag(512, 100, testTag))
        order.append(number(block))
        exFreePoolWithTag(block, testTag)
      }
      #expect(Set(order.prefix(65)).count == 65)
      #expect(order[65] == order[0])
      #expect(order[66] == order[1])
    }
  }

  @Test("4.1: live blocks and figures are those of other pool")
  func figures() throws {
    let test = try machine()
    let pool = test.pool
    try test.run {
      let block = try #require(exAllocatePoolWithTag(512, 100, testTag))
      #expect(pool.liveBlocks(tag: testTag).map(\.address) == [number(block)])
      #expect(pool.usage(of: testTag, isPaged: false).byteCount == 100)
      exFreePoolWithTag(block, testTag)
      #expect(pool.liveBlocks(tag: testTag).isEmpty)
      #expect(pool.usage(of: testTag, isPaged: false).liveCount == 0)
    }
  }

  @Test("4.1: when only the guards use up a pool the kernel ends and names the limit")
  func exhaustion() throws {
    let test = try machine()
    let record = test.expectBugCheck(0x5233_0010, 100) {
      while exAllocatePoolWithTag(512, 100, testTag) != nil {}
    }
    #expect(record?.subject.map { String(cString: $0) } == "nonpagedPoolByteCount")
  }

  @Test("4.1: a pool that is full without guards, too, has no memory for more")
  func full() throws {
    let test = try machine()
    try test.run {
      var blocks: [UnsafeMutableRawPointer] = []
      while let block = exAllocatePoolWithTag(512, 1 << 20, testTag) { blocks.append(block) }
      #expect(blocks.count >= 3)
      for block in blocks { exFreePoolWithTag(block, testTag) }
      let again = try #require(exAllocatePoolWithTag(512, 1 << 20, testTag))
      exFreePoolWithTag(again, testTag)
    }
  }

  @Test("4.1: a hundred thousand blocks have guards at once, without a mapping for each")
  func many() throws {
    let test = try PoolMachine {
      $0.verifier = .specialPool
      $0.nonpagedPoolByteCount = 1 << 30
      $0.memoryByteCount = 2 << 30
    }
    let pool = test.pool
    try #require(pool.special?.pointee.guards.marks == true)
    try test.run {
      var last: UnsafeMutableRawPointer?
      for _ in 0..<100_000 {
        last = exAllocatePoolWithTag(512, 24, testTag)
        if last == nil { break }
      }
      let block = try #require(last)
      #expect(isGuarded(number(block) + 32))
    }
  }
}

/// Whether the host refuses to read a byte, asked without touching it.
private func isGuarded(_ address: UInt) -> Bool {
  !r3_is_readable(UnsafeRawPointer(bitPattern: address)!)
}
