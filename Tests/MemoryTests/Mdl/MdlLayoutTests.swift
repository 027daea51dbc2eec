import CDriverKit
import Glibc
import Machine
@testable import Memory
import Testing

@Suite struct MdlLayoutTests {
  @Test("MDL-01: fields lie where drivers expect them")
  func offsets() {
    #expect(MemoryLayout<MDL>.size == 0x30)
    #expect(MemoryLayout<MDL>.offset(of: \.Next) == 0)
    #expect(MemoryLayout<MDL>.offset(of: \.Size) == 8)
    #expect(MemoryLayout<MDL>.offset(of: \.MdlFlags) == 0x0A)
    #expect(MemoryLayout<MDL>.offset(of: \.AllocationProcessorNumber) == 0x0C)
    #expect(MemoryLayout<MDL>.offset(of: \.Reserved) == 0x0E)
    #expect(MemoryLayout<MDL>.offset(of: \.Process) == 0x10)
    #expect(MemoryLayout<MDL>.offset(of: \.MappedSystemVa) == 0x18)
    #expect(MemoryLayout<MDL>.offset(of: \.StartVa) == 0x20)
    #expect(MemoryLayout<MDL>.offset(of: \.ByteCount) == 0x28)
    #expect(MemoryLayout<MDL>.offset(of: \.ByteOffset) == 0x2C)
  }

  @Test("MDL-02: the frame numbers follow the structure")
  func frames() throws {
    let test = try TestMachine()
    try test.inside {
      let mdl = try #require(test.machine.allocateMdl(0x1000, 1))
      #expect(UnsafeMutableRawPointer(mdl.frames) == UnsafeMutableRawPointer(mdl.pointer) + 0x30)
      test.machine.freeMdl(mdl)
    }
  }

  @Test("MDL-03: flags have their documented values")
  func flags() {
    let pairs: [(MdlFlags, Int32)] = [
      (.mappedToSystem, MDL_MAPPED_TO_SYSTEM_VA), (.pagesLocked, MDL_PAGES_LOCKED),
      (.sourceIsNonpagedPool, MDL_SOURCE_IS_NONPAGED_POOL),
      (.allocatedFixedSize, MDL_ALLOCATED_FIXED_SIZE), (.partial, MDL_PARTIAL),
      (.partialHasBeenMapped, MDL_PARTIAL_HAS_BEEN_MAPPED),
      (.writeOperation, MDL_WRITE_OPERATION), (.ioSpace, MDL_IO_SPACE),
    ]
    for (flag, value) in pairs { #expect(Int32(flag.rawValue) == value) }
    #expect(
      [
        MDL_MAPPED_TO_SYSTEM_VA, MDL_PAGES_LOCKED, MDL_SOURCE_IS_NONPAGED_POOL,
        MDL_ALLOCATED_FIXED_SIZE, MDL_PARTIAL, MDL_PARTIAL_HAS_BEEN_MAPPED, MDL_IO_PAGE_READ,
        MDL_WRITE_OPERATION, MDL_LOCKED_PAGE_TABLES, MDL_FREE_EXTRA_PTES, MDL_DESCRIBES_AWE,
        MDL_IO_SPACE, MDL_NETWORK_HEADER, MDL_MAPPING_CAN_FAIL, MDL_PAGE_CONTENTS_INVARIANT,
        MDL_INTERNAL,
      ] == (0..<16).map { 1 << $0 })
  }

  @Test(
    "MDL-04: a buffer spans the pages that it touches",
    arguments: [
      (0, 0, 0), (0, 1, 1), (0xFFF, 2, 2), (0x800, 0x1000, 2), (0, 0x1001, 2), (0x5000, 0x3000, 3),
    ] as [(UInt, Int, Int)])
  func span(address: UInt, count: Int, pages: Int) {
    #expect(Mdl.span(address, count) == pages)
  }

  @Test("MDL-06: MmSizeOfMdl counts the structure and eight bytes a page")
  func size() {
    #expect(mmSizeOfMdl(0x1000, 0x1000) == 0x38)
    #expect(mmSizeOfMdl(0x1FFF, 2) == 0x40)
    #expect(mmSizeOfMdl(0, 0) == 0x30)
  }

  @Test("MDL-07: a fresh list describes the buffer, and its frame numbers are not written")
  func initialize() {
    let storage = UnsafeMutableRawPointer.allocate(byteCount: 0x50, alignment: 16)
    defer { storage.deallocate() }
    memset(storage, 0xAB, 0x50)
    let mdl = Mdl(storage.bindMemory(to: MDL.self, capacity: 1))
    mdl.initialize(0x12345, 0x1800)
    #expect(mdl.next == nil)
    #expect(mdl.pointer.pointee.Size == 0x40)
    #expect(mdl.flags == [])
    #expect(mdl.page == 0x12000)
    #expect(mdl.byteOffset == 0x345)
    #expect(mdl.byteCount == 0x1800)
    #expect(mdl.frames[0] == 0xABAB_ABAB_ABAB_ABAB)
  }

  @Test("MDL-08: address, count and offset are those of the request")
  func accessors() throws {
    let test = try TestMachine()
    try test.inside {
      let mdl = try #require(test.machine.allocateMdl(0x7654_3210, 12345))
      #expect(mdl.address == 0x7654_3210)
      #expect(mdl.byteCount == 12345)
      #expect(mdl.byteOffset == 0x210)
      test.machine.freeMdl(mdl)
    }
  }

  @Test("MDL-09: frame numbers match the translation of each page")
  func translation() throws {
    let test = try TestMachine()
    let address = try test.commit(3)
    try test.inside {
      let mdl = try test.machine.lockedMdl(
        test.process, address + 5, 3 * 4096 - 5, forWriting: true)
      for index in 0..<3 {
        let physical = test.machine.physicalAddress(behind: address + UInt(index) * 4096)
        #expect(mdl.frames[index] << 12 == physical)
      }
      test.machine.freeMdlChain(mdl)
    }
  }
}
