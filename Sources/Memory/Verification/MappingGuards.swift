import Glibc
import Machine
import NTTypes

// System mappings of buffers that are only to be read: who writes there is found, and in a request that
// is watched every read is seen.
extension Machine {
  /// Whether mappings are made with an eye on who touches them.
  var guardsMappings: Bool { !verifier.isDisjoint(with: [.securityChecks, .invariantMDL]) }

  /// Protects the new mapping of a list, as the classes ask for it.
  func guardMapping(
    _ mdl: Mdl, _ window: UnsafeMutablePointer<Window>, _ protection: Int32
  ) {
    // Locked for reading: the buffer of a write, or the second one of METHOD_IN_DIRECT.
    guard mdl.process != nil, mdl.flags.contains(.pagesLocked),
      mdl.flags.isDisjoint(with: [.writeOperation, .partial])
    else { return }
    let isInvariant = verifier.contains(.invariantMDL)
    var watch = UserWatch.of(CurrentThread.pointer)
    let address = UInt(bitPattern: mdl.pointer)
    if let request = watch, !request.pointee.isStepping || request.pointee.mdl != address {
      watch = nil
    }
    if !isInvariant, watch == nil { return }
    let usual = isInvariant ? PROT_READ : protection
    let count = mdl.pageCount << pageShift
    window.pointee.guarding = MappingGuard(
      base: window.pointee.base, byteCount: count, mdl: address, protection: usual,
      isInvariant: isInvariant, watch: watch)
    mprotect(
      UnsafeMutableRawPointer(bitPattern: window.pointee.base), count,
      watch == nil ? usual : PROT_NONE)
  }

  /// A request comes back from its drivers: mappings that it was watched through are as others.
  package func endWatching(_ watch: UnsafeMutablePointer<UserWatch>) {
    mdls.pointee.lock.lockStaying()
    var next = mdls.pointee.windows
    while let window = next {
      if window.pointee.guarding?.watch == watch {
        window.pointee.guarding?.watch = nil
        mprotect(
          UnsafeMutableRawPointer(bitPattern: window.pointee.base),
          window.pointee.guarding?.byteCount ?? 0, window.pointee.guarding?.protection ?? 0)
      }
      next = window.pointee.next
    }
    mdls.pointee.lock.unlock()
  }
}

/// The guard of the mapping at an address; for the fault handler.
let mappingGuard: @convention(c) (UnsafeMutableRawPointer, UInt) -> UnsafeMutableRawPointer? = {
  state, address in
  let machine = Machine(state: state.assumingMemoryBound(to: MachineState.self))
  guard machine[.mdl] != nil, machine.state.pointee.memory.frame(of: address) == nil,
    let window = machine.window(at: address), window.pointee.guarding != nil
  else { return nil }
  return UnsafeMutableRawPointer(window)
    + MemoryLayout<Window>.offset(of: \.guarding).unsafelyUnwrapped
}
