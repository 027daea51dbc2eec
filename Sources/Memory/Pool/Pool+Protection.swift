import CRing3
import Glibc
import Machine

// Paged pool that is taken away while a thread is at DISPATCH_LEVEL or above.
extension Pool {
  private var pagedRange: Range<UInt> {
    let start = state.pointee.base + UInt(state.pointee.pagedStart) << UInt(pageShift)
    return start..<(state.pointee.base + state.pointee.span)
  }

  private func protectPaged(_ protection: Int32) {
    let range = pagedRange
    mprotect(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, protection)
    if protection != PROT_NONE { closeGuards(in: range) }
  }

  private var hiddenAddress: UnsafeMutableRawPointer {
    withUnsafeMutablePointer(to: &state.pointee.isPagedHidden) { UnsafeMutableRawPointer($0) }
  }

  /// Takes paged pool away: called when a thread reaches DISPATCH_LEVEL in a machine that forces
  /// IRQL checking.
  package func hidePaged() {
    if r3_swap32(hiddenAddress, 1) == 0 { protectPaged(PROT_NONE) }
  }

  /// Brings paged pool back.
  package func showPaged() {
    if r3_swap32(hiddenAddress, 0) != 0 { protectPaged(PROT_READ | PROT_WRITE) }
  }

  /// Whether an address lies in paged pool.
  package func isPaged(_ address: UInt) -> Bool { pagedRange.contains(address) }

  /// Judges a fault on a system address; true when the access is to be tried again.
  ///
  /// A thread below DISPATCH_LEVEL that finds paged pool gone, because another thread is raised,
  /// gets it back; for a raised thread the access is a violation: bug check 0xD1 or 0xA.
  package func resolveFault(_ address: UInt, irql: UInt8) -> Bool {
    guard isPaged(address), irql < 2, !isGuarded(address) else { return false }
    // A thread that raised its level may have hidden it after another one showed it.
    _ = r3_swap32(hiddenAddress, 0)
    protectPaged(PROT_READ | PROT_WRITE)
    return true
  }

  /// Whether code may run at an address of a pool.
  package func isExecutable(_ address: UInt) -> Bool {
    let offset = address &- state.pointee.base
    guard offset < state.pointee.span else { return false }
    return state.pointee.kind(ofPage: Int(offset >> UInt(pageShift))) == .nonpagedExecutable
  }
}
