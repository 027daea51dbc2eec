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

// Sections of an image are never paged out here: locking one is to name it.

@c(r3_MmLockPagableDataSection)
func mmLockPagableDataSection(_ address: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
  address
}

@c(r3_MmLockPagableSectionByHandle)
func mmLockPagableSectionByHandle(_ handle: UnsafeMutableRawPointer) {}

@c(r3_MmUnlockPagableImageSection)
func mmUnlockPagableImageSection(_ handle: UnsafeMutableRawPointer) {}

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
