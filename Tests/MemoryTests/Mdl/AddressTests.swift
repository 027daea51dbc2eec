import Machine
@testable import Memory
import NTTypes
import Testing

@Suite struct AddressTests {
  @Test("Contiguous memory keeps its range and boundary, and is freed by its address")
  func contiguous() throws {
    let test = try TestMachine()
    let general = test.machine.state.pointee.memory.general.freeCount
    try test.inside {
      let first = try #require(mmAllocateContiguousMemory(5 * 4096, 0xFF_FFFF))
      #expect(mmGetPhysicalAddress(UInt(bitPattern: first)) <= 0xFF_FFFF - 5 * 4096)
      #expect(
        mmGetVirtualForPhysical(mmGetPhysicalAddress(UInt(bitPattern: first) + 77)) == first + 77)
      let second = try #require(
        mmAllocateContiguousMemorySpecifyCache(0x3000, 0x10_2000, 0x1F_FFFF, 0x4000, 1))
      let physical = mmGetPhysicalAddress(UInt(bitPattern: second))
      #expect(physical >> 14 == (physical + 0x2FFF) >> 14 && physical >= 0x10_2000)
      let third = try #require(mmAllocateNonCachedMemory(100))
      #expect(mmAllocateContiguousMemory(0, .max) == nil)
      #expect(mmAllocateContiguousMemorySpecifyCache(0x8000, 0, .max, 0x4000, 1) == nil)
      #expect(mmAllocateContiguousMemory(1 << 40, .max) == nil)
      mmFreeContiguousMemory(UInt(bitPattern: first))
      mmFreeContiguousMemorySpecifyCache(UInt(bitPattern: second), 0x3000, 1)
      mmFreeNonCachedMemory(UInt(bitPattern: third), 100)
    }
    #expect(test.machine.state.pointee.memory.general.freeCount == general)
    let values = try test.bugCheck { mmFreeContiguousMemory(UserRange.end + 4096) }
    #expect(values[0] == 0xC2)
  }

  @Test("A device's memory is the same for everybody who maps it")
  func device() throws {
    let test = try TestMachine()
    let ram = UInt64(test.machine.state.pointee.memory.frameCount) << 12
    try test.inside {
      let first = try #require(mmMapIoSpace(0xFEB0_0010, 0x2000, 0))
      let second = try #require(mmMapIoSpace(0xFEAF_F000, 0x10000, 0))
      first.storeBytes(of: 0x1234_5678, as: UInt32.self)
      #expect(second.load(fromByteOffset: 0x1010, as: UInt32.self) == 0x1234_5678)
      #expect(mmGetPhysicalAddress(UInt(bitPattern: first)) == 0xFEB0_0010)
      mmUnmapIoSpace(UInt(bitPattern: first), 0x2000)
      #expect(!HostAccess.canRead(first))
      let third = try #require(mmMapIoSpaceEx(0xFEB0_0010, 4, 2))
      #expect(third.load(as: UInt32.self) == 0x1234_5678)
      #expect(!HostAccess.canWrite(third))
      mmUnmapIoSpace(UInt(bitPattern: third), 4)
      mmUnmapIoSpace(UInt(bitPattern: second), 0x10000)

      let low = try #require(mmMapIoSpace(0x5000, 0x1000, 1))
      #expect(mmGetPhysicalAddress(UInt(bitPattern: low)) == 0x5000)
      mmUnmapIoSpace(UInt(bitPattern: low), 0x1000)
      #expect(mmMapIoSpace(ram - 4096, 8192, 0) == nil)
      #expect(mmMapIoSpace(.max - 4096, 8192, 0) == nil)
      #expect(mmMapIoSpace(ram, 0, 0) == nil)
    }
    #expect(test.machine.mdls.pointee.windows == nil)
    let values = try test.bugCheck {
      let start = mmMapIoSpace(0xFEB0_0000, 0x1000, 0)
      mmUnmapIoSpace(UInt(bitPattern: start) + 4096, 0x1000)
    }
    #expect(values.prefix(2) == [0xDA, 3])
  }

  @Test("An address is valid when an access would find memory")
  func validity() throws {
    let test = try TestMachine()
    let address = try test.commit(2)
    _ = test.fill(address, 1)
    try test.inside {
      var local = 0
      #expect(mmIsAddressValid(address) == 1)
      #expect(mmIsAddressValid(address + 4096) == 0)
      #expect(mmIsAddressValid(0) == 0)
      #expect(mmIsAddressValid(0x6000_0000_0000) == 0)
      withUnsafePointer(to: &local) { #expect(mmIsAddressValid(UInt(bitPattern: $0)) == 1) }
      let paged = try #require(test.machine.pool.allocate(64, kind: .paged, tag: TestMachine.tag))
      let nonpaged = try #require(
        test.machine.pool.allocate(64, kind: .nonpaged, tag: TestMachine.tag))
      #expect(mmIsAddressValid(UInt(bitPattern: paged)) == 1)
      #expect(mmIsNonPagedSystemAddressValid(UInt(bitPattern: paged)) == 0)
      #expect(mmIsNonPagedSystemAddressValid(UInt(bitPattern: nonpaged)) == 1)
      #expect(mmIsNonPagedSystemAddressValid(address) == 0)
      test.machine.pool.free(paged)
      test.machine.pool.free(nonpaged)
    }
  }

  @Test("The ranges of RAM leave frame 0 out")
  func ranges() throws {
    let test = try TestMachine()
    try test.inside {
      let block = try #require(mmGetPhysicalMemoryRanges())
      let words = (0..<4).map { block.load(fromByteOffset: $0 * 8, as: UInt64.self) }
      #expect(words == [4096, (64 << 20) - 4096, 0, 0])
      test.machine.pool.free(block)
    }
  }

  @Test("MmCopyMemory copies what is there, and says how much")
  func copy() throws {
    let test = try TestMachine()
    let address = try test.commit(2)
    let bytes = test.fill(address, 4096)
    test.process.decommit(address + 4096, 4096)
    try test.inside {
      var target = [UInt8](repeating: 0, count: 8192)
      var count: UInt = 0
      #expect(mmCopyMemory(&target, address + 96, 4000, 2, &count) == 0)
      #expect(count == 4000 && Array(target[..<4000]) == Array(bytes[96...]))
      #expect(mmCopyMemory(&target, address + 96, 5000, 2, &count) == NTStatus.invalidAddress.code)
      #expect(count == 4000)
      let physical = try #require(test.machine.physicalAddress(behind: address))
      #expect(mmCopyMemory(&target, UInt(physical), 4096, 1, &count) == 0)
      #expect(Array(target[..<4096]) == bytes)
      #expect(mmCopyMemory(&target, 1 << 46, 16, 1, &count) == NTStatus.invalidAddress.code)
      #expect(mmCopyMemory(&target, 0x6000_0000_0000, 16, 2, &count) != 0)
      #expect(mmCopyMemory(&target, address, 16, 3, &count) == NTStatus.invalidParameter4.code)
      #expect(count == 0)
    }
  }

  @Test("Reserved addresses take a mapping when one is needed")
  func reserved() throws {
    let test = try TestMachine()
    try test.inside {
      let base = try #require(mmAllocateMappingAddress(4 * 4096, TestMachine.tag))
      let start = UInt(bitPattern: base)
      #expect(!HostAccess.canRead(base))
      let (mdl, address) = try MappingTests.scattered(test, 3, offset: 5)
      let bytes = test.fill(address + 5, 100)
      let mapped = mmMapLockedPagesWithReservedMapping(start, TestMachine.tag, mdl.pointer, 1)
      #expect(mapped == base + 5)
      #expect(Array(UnsafeRawBufferPointer(start: mapped, count: 100)) == bytes)
      mmUnmapReservedMapping(start, TestMachine.tag, mdl.pointer)
      #expect(!HostAccess.canRead(base))
      let (long, _) = try MappingTests.scattered(test, 5)
      #expect(mmMapLockedPagesWithReservedMapping(start, TestMachine.tag, long.pointer, 1) == nil)
      for list in [mdl, long] { test.machine.freeMdlChain(list) }
      mmFreeMappingAddress(start, TestMachine.tag)
    }
    #expect(test.machine.mdls.pointee.windows == nil)
    let values = try test.bugCheck {
      let base = UInt(bitPattern: mmAllocateMappingAddress(4096, TestMachine.tag))
      mmFreeMappingAddress(base, TestMachine.tag + 1)
    }
    #expect(values.prefix(2) == [0xDA, 3])
  }
}
