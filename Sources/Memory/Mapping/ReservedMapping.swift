import CDriverKit
import Glibc
import Machine

// Addresses reserved ahead, to map at when memory is short.

@c(r3_MmAllocateMappingAddress)
func mmAllocateMappingAddress(_ count: UInt, _ tag: UInt32) -> UnsafeMutableRawPointer? {
  guard count > 0, count <= 1 << 40 else { return nil }
  let pages = Int((count + pageMask) >> 12)
  guard let window = Machine.current.makeWindow(.reserved, pageCount: pages, tag: tag) else {
    return nil
  }
  return UnsafeMutableRawPointer(bitPattern: window.pointee.base)
}

@c(r3_MmFreeMappingAddress)
func mmFreeMappingAddress(_ base: UInt, _ tag: UInt32) {
  let machine = Machine.current
  let window = reservedWindow(machine, base, tag, name("MmFreeMappingAddress"))
  if window.pointee.mappedCount != 0 {
    machine.bugCheck(
      0xDA, 2, UInt64(base), 0, UInt64(window.pointee.mappedCount),
      subject: name("MmFreeMappingAddress"))
  }
  machine.removeWindow(window)
}

@c(r3_MmMapLockedPagesWithReservedMapping)
func mmMapLockedPagesWithReservedMapping(
  _ base: UInt, _ tag: UInt32, _ mdl: UnsafeMutablePointer<MDL>, _ caching: UInt32
) -> UnsafeMutableRawPointer? {
  let machine = Machine.current
  let mdl = Mdl(mdl)
  let routine = name("MmMapLockedPagesWithReservedMapping")
  let window = reservedWindow(machine, base, tag, routine)
  mdl.checkMappable(machine, routine)
  guard window.pointee.mappedCount == 0,
    machine.show(
      mdl.frames, mdl.pageCount, in: window, protection: PROT_READ | PROT_WRITE)
  else { return nil }
  let address = mdl.recordMapping(at: base, machine)
  // Unlike the address returned, the field leaves the offset out.
  mdl.mappedAddress = UnsafeMutableRawPointer(bitPattern: base)
  return address
}

@c(r3_MmUnmapReservedMapping)
func mmUnmapReservedMapping(_ base: UInt, _ tag: UInt32, _ mdl: UnsafeMutablePointer<MDL>) {
  let machine = Machine.current
  let mdl = Mdl(mdl)
  let routine = name("MmUnmapReservedMapping")
  let window = reservedWindow(machine, base & ~pageMask, tag, routine)
  guard mdl.ownsMapping, window.pointee.mappedCount == mdl.pageCount,
    UInt(bitPattern: mdl.mappedAddress) & ~pageMask == window.pointee.base
  else {
    machine.bugCheck(
      0xDA, 2, UInt64(base), UInt64(window.pointee.mappedCount), UInt64(mdl.pageCount),
      subject: routine)
  }
  mdl.unmapFromSystem(machine)
}

/// The reserved range that begins at `base`, with the right tag.
private func reservedWindow(
  _ machine: Machine, _ base: UInt, _ tag: UInt32, _ routine: UnsafePointer<CChar>
) -> UnsafeMutablePointer<Window> {
  guard let window = machine.window(at: base), window.pointee.kind == .reserved,
    window.pointee.base == base, window.pointee.tag == tag
  else { machine.bugCheck(0xDA, 3, UInt64(tag), 0, UInt64(base), subject: routine) }
  return window
}
