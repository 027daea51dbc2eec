import CDriverKit
import CRing3
import Machine
import NTTypes

@c(r3_MmGetPhysicalAddress)
func mmGetPhysicalAddress(_ address: UInt) -> UInt64 {
  Machine.current.physicalAddress(behind: address) ?? 0
}

@c(r3_MmGetVirtualForPhysical)
func mmGetVirtualForPhysical(_ physical: UInt64) -> UnsafeMutableRawPointer? {
  let offset = UInt(physical & 0xFFF)
  return Machine.current.systemAddress(of: physical >> 12, 1)
    .flatMap { UnsafeMutableRawPointer(bitPattern: $0 + offset) }
}

@c(r3_MmIsAddressValid)
func mmIsAddressValid(_ address: UInt) -> UInt8 { Machine.current.isAddressValid(address) ? 1 : 0 }

@c(r3_MmIsNonPagedSystemAddressValid)
func mmIsNonPagedSystemAddressValid(_ address: UInt) -> UInt8 {
  let machine = Machine.current
  let isValid =
    address >= UserRange.end && !machine.isPagedPool(address) && machine.isAddressValid(address)
  return isValid ? 1 : 0
}

// Sections of an image are paged out only to force IRQL checking. The handle of one is an address in it.

@c(r3_MmLockPagableDataSection)
func mmLockPagableDataSection(_ address: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
  Machine.current.changePageableLock(of: address, locks: true)
  return address
}

@c(r3_MmLockPagableSectionByHandle)
func mmLockPagableSectionByHandle(_ handle: UnsafeMutableRawPointer) {
  Machine.current.changePageableLock(of: handle, locks: true)
}

@c(r3_MmUnlockPagableImageSection)
func mmUnlockPagableImageSection(_ handle: UnsafeMutableRawPointer) {
  Machine.current.changePageableLock(of: handle, locks: false)
}

/// Gives the base of the image that holds the address, found by its signature.
@c(r3_MmPageEntireDriver)
func mmPageEntireDriver(_ address: UInt) -> UnsafeMutableRawPointer? {
  var page = address & ~pageMask
  for _ in 0..<0x4000 {
    guard let base = UnsafeMutableRawPointer(bitPattern: page), r3_is_readable(base) else {
      return nil
    }
    if base.load(as: UInt16.self) == 0x5A4D { return base }
    page -= UInt(pageSize)
  }
  return nil
}

@c(r3_MmResetDriverPaging)
func mmResetDriverPaging(_ address: UInt) {}

/// A small, medium or large system, by its RAM.
@c(r3_MmQuerySystemSize)
func mmQuerySystemSize() -> UInt32 {
  switch Machine.current.state.pointee.memory.frameCount << pageShift {
  case ..<(256 << 20): 0
  case ..<(1 << 30): 1
  default: 2
  }
}

/// A workstation.
@c(r3_MmIsThisAnNtAsSystem)
func mmIsThisAnNtAsSystem() -> UInt8 { 0 }

/// Gives the ranges of RAM in a block of pool that the driver frees; the last one is empty.
@c(r3_MmGetPhysicalMemoryRanges)
func mmGetPhysicalMemoryRanges() -> UnsafeMutableRawPointer? {
  let machine = Machine.current
  let size = MemoryLayout<PHYSICAL_MEMORY_RANGE>.stride
  let tag: UInt32 = 0x6850_6D4D  // "MmPh"
  guard
    let block = machine.pool.allocate(2 * size, kind: .nonpaged, tag: tag, zeroed: true)
  else { return nil }
  // Frame 0 is never given out.
  block.storeBytes(of: UInt64(pageSize), as: UInt64.self)
  block.storeBytes(
    of: UInt64((machine.state.pointee.memory.frameCount - 1) << pageShift), toByteOffset: 8,
    as: UInt64.self)
  return block
}

/// Whether drivers are verified; every driver of a machine is, or none.
@c(r3_MmIsDriverVerifying)
func mmIsDriverVerifying(_ driver: UnsafeMutableRawPointer?) -> UInt32 {
  Machine.current.verifies ? 1 : 0
}

@c(r3_MmIsDriverVerifyingByAddress)
func mmIsDriverVerifyingByAddress(_ address: UInt) -> UInt32 { Machine.current.verifies ? 1 : 0 }
