import CDriverKit
import Glibc
import Machine
@testable import Memory
import NTTypes
import Testing

@Suite struct MappingTests {
  /// A locked list over pages whose frames are not adjacent.
  static func scattered(_ test: TestMachine, _ pages: Int, offset: Int = 0) throws -> (Mdl, UInt) {
    let address = try test.commit(pages)
    for page in (0..<pages).reversed() {
      _ = test.process.frame(at: address + UInt(page << 12), forWriting: true)
    }
    let mdl = try test.machine.lockedMdl(
      test.process, address + UInt(offset), pages * 4096 - offset, forWriting: true)
    try #require(mdl.frames[1] != mdl.frames[0] + 1)
    return (mdl, address)
  }

  @Test("MDL-27: the second request for a system address gives the same")
  func again() throws {
    let test = try TestMachine()
    let address = try test.commit(2)
    try test.inside {
      let mdl = try test.machine.lockedMdl(test.process, address, 8192, forWriting: true)
      let first = try #require(mdl.systemAddress())
      #expect(mdl.flags.contains(.mappedToSystem))
      #expect(mdl.systemAddress(.low) == first)
      #expect(test.machine.systemMappingCount == 1)
      #expect(test.machine.systemMappedPageCount == 2)
      test.machine.freeMdlChain(mdl)
    }
    #expect(test.machine.systemMappingCount == 0)
  }

  @Test("MDL-27, MDL-30: without mapping space the address is NULL, for low priority first")
  func exhausted() throws {
    let test = try TestMachine()
    test.machine.mdls.pointee.mappingLimit = 8
    let address = try test.commit(16)
    try test.inside {
      let lists = try (0..<3).map {
        try test.machine.lockedMdl(
          test.process, address + UInt($0) * 4 * 4096, 3 * 4096, forWriting: true)
      }
      #expect(lists[0].systemAddress(.low) != nil)
      #expect(lists[1].systemAddress(.low) == nil)
      #expect(lists[1].systemAddress(.normal) != nil)
      #expect(lists[2].systemAddress(.normal) == nil)
      #expect(lists[2].systemAddress(.high) == nil)
      #expect(!lists[2].flags.contains(.mappedToSystem))
      lists[0].unlock()
      #expect(lists[2].systemAddress(.normal) != nil)
      for mdl in lists { test.machine.freeMdlChain(mdl) }
    }
    #expect(test.machine.systemMappedPageCount == 0)
  }

  @Test("MDL-28, MDL-29: scattered pages are one run, with the buffer's offset, and the same bytes")
  func oneRun() throws {
    let test = try TestMachine()
    try test.inside {
      let (mdl, address) = try Self.scattered(test, 3, offset: 0x123)
      let bytes = test.fill(address + 0x123, 3 * 4096 - 0x123)
      let start = try #require(mdl.systemAddress())
      #expect(UInt(bitPattern: start) & 0xFFF == 0x123)
      #expect(Array(UnsafeRawBufferPointer(start: start, count: bytes.count)) == bytes)
      start.storeBytes(of: 0xC3, toByteOffset: 5000, as: UInt8.self)
      #expect(test.bytes(address + 0x123 + 5000, 1) == [0xC3])
      _ = test.fill(address + 0x123 + 6000, 10, seed: 0x40)
      #expect(start.load(fromByteOffset: 6000, as: UInt8.self) == 0x40)
      #expect(
        test.machine.physicalAddress(behind: UInt(bitPattern: start)) == mdl.frames[0] << 12 | 0x123
      )
      test.machine.freeMdlChain(mdl)
      #expect(!HostAccess.canRead(start))
    }
  }

  @Test("MDL-30: priorities have their documented values; a NoWrite mapping cannot be written")
  func noWrite() throws {
    #expect(MappingPriority.low.rawValue == LowPagePriority.rawValue)
    #expect(MappingPriority.normal.rawValue == NormalPagePriority.rawValue)
    #expect(MappingPriority.high.rawValue == HighPagePriority.rawValue)
    #expect(MappingPriority.noWrite == 0x8000_0000 && MappingPriority.noExecute == 0x4000_0000)
    let test = try TestMachine()
    let address = try test.commit(1)
    try test.inside {
      let mdl = try test.machine.lockedMdl(test.process, address, 4096, forWriting: true)
      let start = mmMapLockedPagesSpecifyCache(mdl.pointer, 0, 1, 0, 0, 16 | 0x8000_0000)
      #expect(HostAccess.canRead(start))
      #expect(!HostAccess.canWrite(start))
      _ = test.fill(address, 8, seed: 77)
      #expect(start?.load(as: UInt8.self) == 77)
      mmUnmapLockedPages(UInt(bitPattern: start), mdl.pointer)
      let writable = mmMapLockedPagesSpecifyCache(mdl.pointer, 0, 1, 0, 0, 16 | 0x4000_0000)
      #expect(HostAccess.canWrite(writable))
      test.machine.freeMdlChain(mdl)
    }
  }

  @Test("MDL-31: every way of ending a mapping is counted")
  func release() throws {
    let test = try TestMachine()
    let address = try test.commit(4)
    try test.inside {
      let locked = try test.machine.lockedMdl(test.process, address, 4096, forWriting: true)
      #expect(locked.systemAddress() != nil)
      mmUnlockPages(locked.pointer)
      #expect(test.machine.systemMappingCount == 0)
      ioFreeMdl(locked.pointer)

      let block = try #require(
        test.machine.pool.allocate(64, kind: .nonpaged, tag: TestMachine.tag))
      let nonpaged = try #require(test.machine.allocateMdl(UInt(bitPattern: block), 64))
      nonpaged.buildForNonpagedPool()
      #expect(nonpaged.systemAddress() == block)
      #expect(test.machine.systemMappingCount == 0)
      ioFreeMdl(nonpaged.pointer)
      test.machine.pool.free(block)

      let source = try test.machine.lockedMdl(test.process, address, 4 * 4096, forWriting: true)
      let part = try #require(test.machine.allocateMdl(address, 4 * 4096))
      part.build(partOf: source, address, 8192)
      #expect(part.systemAddress() != nil)
      part.prepareForReuse()
      #expect(test.machine.systemMappingCount == 0)
      part.build(partOf: source, address, 8192)
      #expect(part.systemAddress() != nil)
      ioFreeMdl(part.pointer)
      #expect(test.machine.systemMappingCount == 0)
      test.machine.freeMdlChain(source)

      for freesLast in [true, false] {
        let pages = try #require(mmAllocatePagesForMdl(0, .max, 0, 8192))
        #expect(Mdl(pages).systemAddress() != nil)
        if !freesLast { mmUnmapLockedPages(UInt(bitPattern: Mdl(pages).mappedAddress), pages) }
        mmFreePagesFromMdl(pages)
        #expect(test.machine.systemMappingCount == 0)
        test.machine.pool.free(pages)
      }
    }
    #expect(test.machine.systemMappedPageCount == 0)
    #expect(test.machine.mdlCount == 0)
  }

  @Test("MDL-32: failure of a system mapping is NULL, or bug check 0x3F on demand")
  func failure() throws {
    let test = try TestMachine()
    test.machine.mdls.pointee.mappingLimit = 1
    let address = try test.commit(4)
    let values = try test.bugCheck {
      let mdl = try test.machine.lockedMdl(test.process, address, 4 * 4096, forWriting: true)
      #expect(mmMapLockedPagesSpecifyCache(mdl.pointer, 0, 1, 0, 0, 32) == nil)
      _ = mmMapLockedPagesSpecifyCache(mdl.pointer, 0, 1, 0, 1, 32)
    }
    #expect(values[0] == 0x3F)
  }

  @Test("MDL-32: failure of a user mapping raises")
  func userFailure() throws {
    let test = try TestMachine()
    test.machine.mdls.pointee.mappingLimit = 1
    let address = try test.commit(4)
    let values = try test.bugCheck {
      let mdl = try test.machine.lockedMdl(test.process, address, 4 * 4096, forWriting: true)
      _ = mmMapLockedPagesSpecifyCache(mdl.pointer, 1, 1, 0, 0, 32)
    }
    #expect(values.prefix(2) == [0x1E, UInt64(NTStatus.insufficientResources.bits)])
  }

  @Test("MDL-33: only locked pages are mapped, and only once")
  func misuse() throws {
    let test = try TestMachine()
    let unlocked = try test.bugCheck {
      let mdl = try #require(test.machine.allocateMdl(0x1000, 8))
      _ = mmMapLockedPagesSpecifyCache(mdl.pointer, 0, 1, 0, 0, 16)
    }
    #expect(unlocked.prefix(2) == [0xC4, 0xB3])
    let other = try TestMachine()
    let address = try other.commit(1)
    let twice = try other.bugCheck {
      let mdl = try other.machine.lockedMdl(other.process, address, 8, forWriting: true)
      _ = mmMapLockedPagesSpecifyCache(mdl.pointer, 0, 1, 0, 0, 16)
      _ = mmMapLockedPagesSpecifyCache(mdl.pointer, 0, 1, 0, 0, 16)
    }
    #expect(twice.prefix(2) == [0xC4, 0xB2])
  }

  @Test(
    "MDL-33: a system mapping is made at DISPATCH_LEVEL at most, a user mapping at APC_LEVEL at most",
    arguments: [(0, 3, 0x76), (1, 2, 0x77)] as [(UInt32, UInt8, UInt64)])
  func levels(mode: UInt32, level: UInt8, rule: UInt64) throws {
    let test = try TestMachine(verifies: true)
    let address = try test.commit(1)
    let values = try test.bugCheck {
      let mdl = try test.machine.lockedMdl(test.process, address, 8, forWriting: true)
      CurrentThread.irql = level - 1
      let start = mmMapLockedPagesSpecifyCache(mdl.pointer, mode, 1, 0, 0, 16)
      mmUnmapLockedPages(UInt(bitPattern: start), mdl.pointer)
      CurrentThread.irql = level
      _ = mmMapLockedPagesSpecifyCache(mdl.pointer, mode, 1, 0, 0, 16)
    }
    #expect(values.prefix(3) == [0xC4, rule, UInt64(level)])
  }

  @Test("MDL-33: a user mapping shows the pages to the process, until it is unmapped")
  func userMapping() throws {
    let test = try TestMachine()
    let general = test.machine.state.pointee.memory.general.freeCount
    try test.inside {
      let pages = try #require(mmAllocatePagesForMdl(0, .max, 0, 8192))
      let mdl = Mdl(pages)
      let start = UInt(bitPattern: mmMapLockedPagesSpecifyCache(pages, 1, 1, 0, 0, 16))
      #expect(start < UserRange.end)
      let system = try #require(mdl.systemAddress())
      let bytes = test.fill(start, 8192)
      #expect(Array(UnsafeRawBufferPointer(start: system, count: 8192)) == bytes)
      mmUnmapLockedPages(start, pages)
      #expect(!test.process.allows(start, 1, forWriting: false))
      let again = try mdl.mapToUser(test.process, MappingPriority(rawValue: 0x8000_0010), at: start)
      #expect(again == start)
      #expect(test.process.probe(again, 8192, forWriting: true) == .accessViolation)
      #expect(test.bytes(again, 8192) == bytes)
      #expect(throws: NTStatus.conflictingAddresses) {
        try mdl.mapToUser(test.process, at: start)
      }
      mmUnmapLockedPages(again, pages)
      mmFreePagesFromMdl(pages)
      test.machine.pool.free(pages)
    }
    #expect(test.machine.state.pointee.memory.general.freeCount == general)
  }

  @Test("MDL-33: pages that a driver frees too early stay what the process sees")
  func userMappingLeft() throws {
    let test = try TestMachine()
    try test.inside {
      let pages = try #require(mmAllocatePagesForMdl(0, .max, 0, 4096))
      let frame = FrameNumber(Mdl(pages).frames[0])
      let start = try Mdl(pages).mapToUser(test.process)
      mmFreePagesFromMdl(pages)
      test.machine.pool.free(pages)
      #expect(test.machine.frameReferences(frame) == 1)
      test.process.decommit(start, 4096)
      #expect(test.machine.frameReferences(frame) == 0)
    }
  }

  @Test("MDL-34: unmapping keeps the lock")
  func unmap() throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    try test.inside {
      let mdl = try test.machine.lockedMdl(test.process, address + 9, 100, forWriting: true)
      for _ in 0..<2 {
        let start = try #require(mdl.systemAddress())
        mmUnmapLockedPages(UInt(bitPattern: start), mdl.pointer)
        #expect(mdl.flags.rawValue == 0x82)
        #expect(test.machine.lockedPageCount == 1)
      }
      test.machine.freeMdlChain(mdl)
    }
  }

  @Test("MDL-34: a shared, a missing and a wrong mapping are bug checks", arguments: 0..<3)
  func unmapMisuse(kind: Int) throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    let values = try test.bugCheck {
      let mdl = try test.machine.lockedMdl(test.process, address, 100, forWriting: true)
      let start = UInt(bitPattern: mdl.systemAddress())
      switch kind {
      case 0:
        let part = try #require(test.machine.allocateMdl(address, 100))
        part.build(partOf: mdl, address, 100)
        mmUnmapLockedPages(start, part.pointer)
      case 1:
        mmUnmapLockedPages(start, mdl.pointer)
        mmUnmapLockedPages(start, mdl.pointer)
      default:
        mmUnmapLockedPages(start + 4096, mdl.pointer)
      }
    }
    #expect(values.prefix(2) == [[0xC4, 0xB5], [0xC4, 0xB6], [0xDA, 3]][kind])
  }

  @Test("MDL-35: the protection of a mapping is changed, and what is wrong has its status")
  func protect() throws {
    let test = try TestMachine()
    let address = try test.commit(2)
    try test.inside {
      let mdl = try test.machine.lockedMdl(test.process, address, 8192, forWriting: true)
      #expect(mmProtectMdlSystemAddress(mdl.pointer, 2) == NTStatus.notMappedView.code)
      #expect(mdl.systemAddress() != nil)
      #expect(mmProtectMdlSystemAddress(mdl.pointer, 8) == NTStatus.invalidPageProtection.code)
      #expect(mmProtectMdlSystemAddress(mdl.pointer, 0) == NTStatus.invalidPageProtection.code)
      #expect(mmProtectMdlSystemAddress(mdl.pointer, 2) == 0)
      let start = mdl.systemAddress()
      #expect(HostAccess.canRead(start) && !HostAccess.canWrite(start))
      #expect(mmProtectMdlSystemAddress(mdl.pointer, 4) == 0)
      #expect(mdl.systemAddress() == start)
      #expect(HostAccess.canWrite(start))
      #expect(mmProtectMdlSystemAddress(mdl.pointer, 1) == 0)
      #expect(!HostAccess.canRead(start))
      _ = test.fill(address, 8192)
      mdl.unlock()
      // From now on mappings have an address of their own, where protection takes effect in place.
      try mdl.lock(in: test.process, isUser: true, forWriting: true)
      let second = mdl.systemAddress()
      #expect(HostAccess.canWrite(second))
      #expect(mmProtectMdlSystemAddress(mdl.pointer, 2) == 0)
      #expect(mdl.systemAddress() == second)
      #expect(!HostAccess.canWrite(second))
      test.machine.freeMdlChain(mdl)
    }
    #expect(test.machine.mdls.pointee.windows == nil)
  }

  @Test("MDL-20: a machine that verifies finds a use of the mapping after its end")
  func useAfterUnmap() throws {
    let test = try TestMachine(verifies: true)
    let address = try test.commit(1)
    try test.inside {
      let mdl = try test.machine.lockedMdl(test.process, address, 4096, forWriting: true)
      let start = mdl.systemAddress()
      #expect(HostAccess.canWrite(start))
      mdl.unlock()
      #expect(!HostAccess.canRead(start))
      test.machine.freeMdl(mdl)
    }
  }
}
