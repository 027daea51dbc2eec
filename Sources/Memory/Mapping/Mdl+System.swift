import Glibc
import Machine

// System mappings of a descriptor list.
extension Mdl {
  /// The system address of the buffer, mapped when it has none: `MmGetSystemAddressForMdlSafe`.
  ///
  /// Nil without mapping space.
  package func systemAddress(_ priority: MappingPriority = .normal) -> UnsafeMutableRawPointer? {
    if !flags.isDisjoint(with: [.mappedToSystem, .sourceIsNonpagedPool]) { return mappedAddress }
    return mapToSystem(Machine.current, priority)
  }

  /// Maps locked pages: `MmMapLockedPagesSpecifyCache` for kernel mode.
  ///
  /// Nil without mapping space.
  func mapToSystem(_ machine: Machine, _ priority: MappingPriority) -> UnsafeMutableRawPointer? {
    checkMappable(machine, name("MmMapLockedPagesSpecifyCache"))
    let count = pageCount
    guard count > 0, machine.admitsMapping(of: count, priority),
      let address = ownAddress(machine, priority) ?? windowAddress(machine, priority)
    else { return nil }
    return recordMapping(at: address, machine)
  }

  /// Notes that the pages are mapped from a page on; gives the address of the buffer.
  func recordMapping(at page: UInt, _ machine: Machine) -> UnsafeMutableRawPointer? {
    if flags.contains(.partial) { countMappedPart(machine, by: 1) }
    let counters = machine.counters
    counters.pointee.mapped &+= 1
    counters.pointee.mappedPages &+= UInt64(pageCount)
    mappedAddress = UnsafeMutableRawPointer(bitPattern: page + UInt(byteOffset))
    flags.insert(
      flags.contains(.partial) ? [.mappedToSystem, .partialHasBeenMapped] : .mappedToSystem)
    return mappedAddress
  }

  /// Only locked pages are mapped, and only once.
  func checkMappable(_ machine: Machine, _ routine: UnsafePointer<CChar>) {
    let wrong = flags.intersection([.mappedToSystem, .sourceIsNonpagedPool, .partialHasBeenMapped])
    if !wrong.isEmpty {
      machine.bugCheck(
        0xC4, 0xB2, bits, UInt64(flags.rawValue), UInt64(wrong.rawValue), subject: routine)
    }
    if flags.isDisjoint(with: [.pagesLocked, .partial, .ioSpace]) {
      machine.bugCheck(
        0xC4, 0xB3, bits, UInt64(flags.rawValue), UInt64(MdlFlags.pagesLocked.rawValue),
        subject: routine)
    }
  }

  /// The address that adjacent frames have already.
  private func ownAddress(_ machine: Machine, _ priority: MappingPriority) -> UInt? {
    let count = pageCount
    let frames = frames
    let first = frames[0]
    var difference: UInt64 = 0
    for index in 1..<max(1, count) { difference |= frames[index] ^ (first &+ UInt64(index)) }
    guard difference == 0, !priority.forbidsWriting,
      let address = machine.systemAddress(of: first, count)
    else { return nil }
    // Memory of the host has no second address.
    if first >= Machine.firstHostFrame { return address }
    if machine.mdls.pointee.separatesMappings { return nil }
    let executable = machine.state.pointee.memory.executable
    if priority.forbidsExecuting, first < UInt64(executable.end),
      first + UInt64(count) > UInt64(executable.first)
    {
      return nil
    }
    return address
  }

  private func windowAddress(_ machine: Machine, _ priority: MappingPriority) -> UInt? {
    guard let window = machine.makeWindow(.list, pageCount: pageCount) else { return nil }
    let protection = priority.forbidsWriting ? PROT_READ : PROT_READ | PROT_WRITE
    guard machine.show(frames, pageCount, in: window, protection: protection) else {
      machine.removeWindow(window)
      return nil
    }
    if machine.guardsMappings { machine.guardMapping(self, window, protection) }
    return window.pointee.base
  }

  /// Whether the list has a mapping, and no other list has made it.
  var ownsMapping: Bool {
    flags.contains(.mappedToSystem)
      && (!flags.contains(.partial) || flags.contains(.partialHasBeenMapped))
  }

  /// Ends the list's own mapping.
  func unmapFromSystem(_ machine: Machine) {
    guard ownsMapping else { return }
    if flags.contains(.partial) { countMappedPart(machine, by: -1) }
    if let window = mappingWindow(machine) {
      if window.pointee.kind == .reserved {
        machine.hide(window)
      } else {
        machine.removeWindow(window)
      }
    }
    let counters = machine.counters
    counters.pointee.unmapped &+= 1
    counters.pointee.unmappedPages &+= UInt64(pageCount)
    mappedAddress = nil
    flags.subtract([.mappedToSystem, .partialHasBeenMapped])
  }

  /// Tells the lock behind a part that the part has a mapping, so that it is not unlocked before.
  private func countMappedPart(_ machine: Machine, by difference: Int32) {
    guard let process else { return }
    let isLocked = process.countMappedParts(
      lockNumber, page: page, count: pageCount, by: difference)
    if !isLocked {
      machine.bugCheck(
        0xC4, 0xB3, bits, UInt64(flags.rawValue), UInt64(MdlFlags.pagesLocked.rawValue),
        subject: name("MmMapLockedPagesSpecifyCache"))
    }
  }

  /// The window of the mapping; nil when the frames are shown at their own address.
  func mappingWindow(_ machine: Machine) -> UnsafeMutablePointer<Window>? {
    let address = UInt(bitPattern: mappedAddress)
    if machine.state.pointee.memory.frame(of: address) != nil { return nil }
    guard let window = machine.window(at: address), window.pointee.kind != .device else {
      return nil
    }
    return window
  }
}

extension Machine {
  /// Whether mapping space is left for so many pages.
  func admitsMapping(of count: Int, _ priority: MappingPriority) -> Bool {
    let limit = mdls.pointee.mappingLimit
    return limit == .max || systemMappedPageCount + count <= priority.share(of: limit)
  }
}
