import CDriverKit
import Machine
@testable import Memory
import Testing

@Suite struct PageAllocationTests {
  @Test("MDL-41, MDL-42: pages come locked, unmapped and zeroed, and may be fewer than asked for")
  func short() throws {
    let test = try TestMachine()
    try test.inside {
      // Six pages that were written before.
      let dirty = try #require(mmAllocatePagesForMdl(0x10_0000, 0x10_5FFF, 0, 6 * 4096))
      let start = try #require(Mdl(dirty).systemAddress())
      start.initializeMemory(as: UInt8.self, repeating: 0xFF, count: 6 * 4096)
      mmFreePagesFromMdl(dirty)
      test.machine.pool.free(dirty)

      let list = try #require(mmAllocatePagesForMdlEx(0x10_0000, 0x10_5FFF, 0, 10 * 4096, 1, 0))
      let mdl = Mdl(list)
      #expect(mdl.byteCount == 6 * 4096)
      #expect(mdl.flags == .pagesLocked)
      #expect(mdl.address == 0)
      let zeros = try #require(mdl.systemAddress())
      #expect(UnsafeRawBufferPointer(start: zeros, count: 6 * 4096).allSatisfy { $0 == 0 })
      #expect(mmAllocatePagesForMdlEx(0x10_0000, 0x10_5FFF, 0, 4096, 1, 0) == nil)
      mmFreePagesFromMdl(list)
      test.machine.pool.free(list)
      #expect(mmAllocatePagesForMdlEx(0x10_0000, 0x10_5FFF, 0, 10 * 4096, 1, 4) == nil)
      let all = try #require(mmAllocatePagesForMdlEx(0x10_0000, 0x10_5FFF, 0, 6 * 4096, 1, 4))
      mmFreePagesFromMdl(all)
      test.machine.pool.free(all)
    }
    #expect(test.machine.mdlCount == 0)
  }

  @Test(
    "MDL-42: flags have their documented values; hot removal needs PASSIVE_LEVEL and no full result"
  )
  func flags() throws {
    #expect(PageRequest.Flags.dontZero.rawValue == MM_DONT_ZERO_ALLOCATION)
    #expect(PageRequest.Flags.localNodeOnly.rawValue == MM_ALLOCATE_FROM_LOCAL_NODE_ONLY)
    #expect(PageRequest.Flags.fullyRequired.rawValue == MM_ALLOCATE_FULLY_REQUIRED)
    #expect(PageRequest.Flags.noWait.rawValue == MM_ALLOCATE_NO_WAIT)
    #expect(PageRequest.Flags.preferContiguous.rawValue == MM_ALLOCATE_PREFER_CONTIGUOUS)
    #expect(
      PageRequest.Flags.requireContiguousChunks.rawValue == MM_ALLOCATE_REQUIRE_CONTIGUOUS_CHUNKS)
    #expect(PageRequest.Flags.fastLargePages.rawValue == MM_ALLOCATE_FAST_LARGE_PAGES)
    #expect(PageRequest.Flags.andHotRemove.rawValue == MM_ALLOCATE_AND_HOT_REMOVE)
    let test = try TestMachine()
    try test.inside {
      #expect(mmAllocatePagesForMdlEx(0, .max, 0, 4096, 1, 0x104) == nil)
      CurrentThread.irql = 1
      #expect(mmAllocatePagesForMdlEx(0, .max, 0, 4096, 1, 0x100) == nil)
      CurrentThread.irql = 0
      let list = try #require(mmAllocatePagesForMdlEx(0, .max, 0, 4096, 1, 0x100))
      mmFreePagesFromMdl(list)
      test.machine.pool.free(list)
      #expect(mmAllocatePagesForMdlEx(0, .max, 0, 0, 1, 0) == nil)
    }
  }

  @Test("MDL-43: chunks are contiguous")
  func chunks() throws {
    let test = try TestMachine()
    try test.inside {
      let one = try #require(mmAllocatePagesForMdlEx(0, .max, 0, 9 * 4096, 1, 0x20))
      for index in 1..<9 { #expect(Mdl(one).frames[index] == Mdl(one).frames[0] + UInt64(index)) }
      let chunks = try #require(mmAllocatePagesForMdlEx(0, .max, 0x4000, 16 * 4096, 1, 0x20))
      #expect(Mdl(chunks).pageCount == 16)
      for index in 0..<16 where index % 4 != 0 {
        #expect(Mdl(chunks).frames[index] == Mdl(chunks).frames[index - 1] + 1)
      }
      for list in [one, chunks] {
        mmFreePagesFromMdl(list)
        test.machine.pool.free(list)
      }
      #expect(mmAllocatePagesForMdlEx(0, .max, 0x3000, 0x6000, 1, 0x20) == nil)
      #expect(mmAllocatePagesForMdlEx(0, .max, 0x800, 0x4000, 1, 0x20) == nil)
      #expect(mmAllocatePagesForMdlEx(0, .max, 0x4000, 0x6000, 1, 0x20) == nil)
      #expect(mmAllocatePagesForMdlEx(0x10_0000, 0x10_2FFF, 0, 0x4000, 1, 0x20) == nil)
    }
  }

  @Test("MDL-44: pages, mapping and list are given back")
  func leaks() throws {
    let test = try TestMachine()
    let general = test.machine.state.pointee.memory.general.freeCount
    try test.inside {
      for round in 0..<50 {
        let list = try #require(mmAllocatePagesForMdl(0, .max, 0, UInt(round + 1) * 4096))
        if round % 2 == 0 { #expect(Mdl(list).systemAddress() != nil) }
        mmFreePagesFromMdl(list)
        test.machine.pool.free(list)
      }
    }
    #expect(test.machine.state.pointee.memory.general.freeCount == general)
    #expect(test.machine.systemMappingCount == 0)
    #expect(test.machine.mdlCount == 0)
  }

  @Test("MDL-44: freeing the pages twice is bug check 0x4E")
  func twice() throws {
    let test = try TestMachine()
    let values = try test.bugCheck {
      let list = try #require(mmAllocatePagesForMdl(0, .max, 0, 4096))
      mmFreePagesFromMdl(list)
      mmFreePagesFromMdl(list)
    }
    #expect(values.prefix(2) == [0x4E, 7])
  }

  @Test("MDL-45: frames lie in the range that was asked for, and in its repetitions")
  func range() throws {
    let test = try TestMachine()
    try test.inside {
      let low = try #require(mmAllocatePagesForMdl(0, 0xFF_FFFF, 0, 100 * 4096))
      #expect((0..<Mdl(low).pageCount).allSatisfy { Mdl(low).frames[$0] < 0x1000 })
      let narrow = try #require(mmAllocatePagesForMdl(0x200_0800, 0x200_37FF, 0, 10 * 4096))
      #expect((0..<Mdl(narrow).pageCount).map { Mdl(narrow).frames[$0] } == [0x2001, 0x2002])
      let skipping = try #require(
        mmAllocatePagesForMdl(0x210_0000, 0x210_0FFF, 0x2000, 3 * 4096))
      #expect(
        (0..<Mdl(skipping).pageCount).map { Mdl(skipping).frames[$0] } == [0x2100, 0x2102, 0x2104])
      for list in [low, narrow, skipping] {
        mmFreePagesFromMdl(list)
        test.machine.pool.free(list)
      }
      #expect(mmAllocatePagesForMdl(0x1_0000_0000_0000, .max, 0, 4096) == nil)
    }
  }
}
