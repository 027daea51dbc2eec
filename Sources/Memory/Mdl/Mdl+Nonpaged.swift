import CRing3
import Machine
import NTTypes

// MmBuildMdlForNonPagedPool.
extension Mdl {
  /// Fills in the frames of nonpaged system memory; the buffer's own address is its system address.
  ///
  /// Paged pool and kernel stacks are reported when the machine verifies; elsewhere here they happen to
  /// stay where they are. What is no memory is a bug check in any case.
  package func buildForNonpagedPool() {
    let machine = Machine.current
    if machine.verifier.contains(.poolTracking) { checkNonpaged(machine) }
    if !machine.readFrames(page, pageCount, into: frames) {
      machine.bugCheck(
        0x50, UInt64(address), 0, 0, 0, subject: name("MmBuildMdlForNonPagedPool"))
    }
    process = nil
    mappedAddress = UnsafeMutableRawPointer(bitPattern: address)
    flags.insert(.sourceIsNonpagedPool)
  }

  private func checkNonpaged(_ machine: Machine) {
    let thread = CurrentThread.pointer
    let isOnStack =
      UInt64(address) < thread.pointee.stackBase
      && UInt64(address) + UInt64(byteCount) > thread.pointee.stackLimit
    let paged = machine.state.pointee.memory.paged
    let frame = machine.state.pointee.memory.frame(of: page) ?? 0
    let isPaged = frame >= paged.first && frame < paged.end
    guard isOnStack || isPaged else { return }
    machine.bugCheck(
      0xC4, isPaged ? 0x7F : 0x140, bits, UInt64(address), 0,
      subject: name("MmBuildMdlForNonPagedPool"))
  }
}
