import CDriverKit
import CRing3
import Glibc
import Machine
import NTTypes

@c(r3_MmMapLockedPagesSpecifyCache)
func mmMapLockedPagesSpecifyCache(
  _ mdl: UnsafeMutablePointer<MDL>, _ mode: UInt32, _ caching: UInt32, _ wanted: UInt,
  _ bugChecksOnFailure: UInt32, _ priority: UInt32
) -> UnsafeMutableRawPointer? {
  let machine = Machine.current
  let mdl = Mdl(mdl)
  let routine = name("MmMapLockedPagesSpecifyCache")
  if mode & 0xFF != 0 {
    checkLevel(atMost: .apc, rule: 0x77, mdl, routine)
    return mapToUser(machine, mdl, wanted, priority)
  }
  checkLevel(atMost: .dispatch, rule: 0x76, mdl, routine)
  if !MappingPriority(rawValue: priority).forbidsExecuting,
    machine.verifier.contains(.codeIntegrity)
  {
    machine.report(0xC4, 0x2002, Pool.site, UInt64(priority))
  }
  if bugChecksOnFailure & 0xFF != 0, machine.verifier.contains(.poolTracking) {
    machine.report(0xC4, 0x82, mdl.bits, UInt64(mdl.flags.rawValue))
  }
  if let address = mdl.mapToSystem(machine, MappingPriority(rawValue: priority)) { return address }
  if bugChecksOnFailure & 0xFF != 0 {
    // NO_MORE_SYSTEM_PTES
    machine.bugCheck(0x3F, 0, UInt64(mdl.pageCount), 0, 0, subject: routine)
  }
  return nil
}

private func mapToUser(_ machine: Machine, _ mdl: Mdl, _ wanted: UInt, _ priority: UInt32)
  -> UnsafeMutableRawPointer?
{
  do throws(NTStatus) {
    let address = try mdl.mapToUser(
      CurrentThread.process, MappingPriority(rawValue: priority), at: wanted == 0 ? nil : wanted)
    return UnsafeMutableRawPointer(bitPattern: address)
  } catch {
    machine.raise(error)
  }
}

@c(r3_MmMapLockedPages)
func mmMapLockedPages(_ mdl: UnsafeMutablePointer<MDL>, _ mode: UInt32) -> UnsafeMutableRawPointer?
{
  let machine = Machine.current
  if machine.verifier.contains(.poolTracking) {
    machine.report(0xC4, 0x81, Mdl(mdl).bits, UInt64(Mdl(mdl).flags.rawValue))
    return mmMapLockedPagesSpecifyCache(mdl, mode, 1, 0, 0, MappingPriority.high.rawValue)
  }
  return mmMapLockedPagesSpecifyCache(mdl, mode, 1, 0, 1, MappingPriority.high.rawValue)
}

@c(r3_MmUnmapLockedPages)
func mmUnmapLockedPages(_ base: UInt, _ mdl: UnsafeMutablePointer<MDL>) {
  let machine = Machine.current
  let mdl = Mdl(mdl)
  let routine = name("MmUnmapLockedPages")
  if base < UserRange.end {
    checkLevel(atMost: .apc, rule: 0x7A, mdl, routine)
    if !mdl.unmapFromUser(CurrentThread.process, base) {
      machine.bugCheck(0xDA, 3, mdl.bits, 0, UInt64(base), subject: routine)
    }
    return
  }
  checkLevel(atMost: .dispatch, rule: 0x79, mdl, routine)
  let flags = mdl.flags
  if flags.contains(.partial), !flags.contains(.partialHasBeenMapped) {
    machine.bugCheck(0xC4, 0xB5, mdl.bits, UInt64(flags.rawValue), 0x10, subject: routine)
  }
  if !flags.contains(.mappedToSystem) {
    machine.bugCheck(0xC4, 0xB6, mdl.bits, UInt64(flags.rawValue), 1, subject: routine)
  }
  let expected = UInt(bitPattern: mdl.mappedAddress)
  if base & ~pageMask != expected & ~pageMask {
    machine.bugCheck(0xDA, 3, mdl.bits, UInt64(expected), UInt64(base), subject: routine)
  }
  mdl.unmapFromSystem(machine)
}

@c(r3_MmProtectMdlSystemAddress)
func mmProtectMdlSystemAddress(_ mdl: UnsafeMutablePointer<MDL>, _ protection: UInt32) -> Int32 {
  let machine = Machine.current
  guard let access = hostAccess(protection) else { return NTStatus.invalidPageProtection.code }
  if access & PROT_EXEC != 0, machine.verifier.contains(.codeIntegrity) {
    machine.report(0xC4, 0x2001, Pool.site, UInt64(protection))
  }
  let mdl = Mdl(mdl)
  guard mdl.ownsMapping else { return NTStatus.notMappedView.code }
  // Later mappings get an address of their own at once, as all do once a driver imports this routine.
  machine.separateMappings()
  return mdl.protectMapping(machine, access) ? 0 : NTStatus.insufficientResources.code
}

/// The host's word for a page protection; nil when a mapping cannot have it.
private func hostAccess(_ protection: UInt32) -> Int32? {
  switch protection & ~0x600 {
  case 0x01: PROT_NONE
  case 0x02: PROT_READ
  case 0x04: PROT_READ | PROT_WRITE
  case 0x10: PROT_READ | PROT_EXEC
  case 0x20: PROT_READ | PROT_EXEC
  case 0x40: PROT_READ | PROT_WRITE | PROT_EXEC
  default: nil
  }
}

extension Mdl {
  /// Changes what the list's own mapping may be used for; it may get another address for that.
  func protectMapping(_ machine: Machine, _ access: Int32) -> Bool {
    if let window = mappingWindow(machine) {
      let base = UnsafeMutableRawPointer(bitPattern: UInt(bitPattern: mappedAddress) & ~pageMask)
      _ = window
      return mprotect(base, pageCount << pageShift, access) == 0
    }
    guard let window = machine.makeWindow(.list, pageCount: pageCount) else { return false }
    guard machine.show(frames, pageCount, in: window, protection: access) else {
      machine.removeWindow(window)
      return false
    }
    mappedAddress = UnsafeMutableRawPointer(bitPattern: window.pointee.base + UInt(byteOffset))
    return true
  }
}
