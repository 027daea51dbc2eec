import Machine
import NTTypes

// User mappings of a descriptor list.
extension Mdl {
  /// Maps locked pages into a process, not executable; `wanted` asks for an address.
  ///
  /// - Throws: `conflictingAddresses` when `wanted` is not free, `notSupported` for memory of the host or
  ///   a device, `insufficientResources`.
  package func mapToUser(
    _ process: Process, _ priority: MappingPriority = .normal, at wanted: UInt? = nil
  ) throws(NTStatus) -> UInt {
    if flags.isDisjoint(with: [.pagesLocked, .sourceIsNonpagedPool, .partial]) {
      process.machine.bugCheck(
        0xC4, 0xB3, bits, UInt64(flags.rawValue), UInt64(MdlFlags.pagesLocked.rawValue),
        subject: name("MmMapLockedPagesSpecifyCache"))
    }
    let count = pageCount
    guard count > 0, process.machine.admitsMapping(of: count, priority) else {
      throw .insufficientResources
    }
    let end = UInt64(process.machine.state.pointee.memory.frameCount)
    for index in 0..<count where frames[index] >= end { throw .notSupported }
    let protection: PageProtection = priority.forbidsWriting ? .readOnly : .readWrite
    guard let address = process.mapForeign(frames, count, protection, at: wanted) else {
      throw wanted == nil ? .insufficientResources : .conflictingAddresses
    }
    return address + UInt(byteOffset)
  }

  /// Ends a user mapping; false when `address` does not begin one of these pages.
  package func unmapFromUser(_ process: Process, _ address: UInt) -> Bool {
    let page = address & ~pageMask
    for index in 0..<pageCount {
      guard
        let entry = process.pointer.pointee.space.entry(at: page + UInt(index << pageShift)),
        entry.pointee.isForeign, UInt64(entry.pointee.frame) == frames[index]
      else { return false }
    }
    process.decommit(page, pageCount << pageShift)
    return true
  }
}
