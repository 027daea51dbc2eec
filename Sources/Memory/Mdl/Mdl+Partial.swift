import CDriverKit
import Machine

// IoBuildPartialMdl, MmPrepareMdlForReuse and MmAdvanceMdl.
extension Mdl {
  /// Makes this list describe a part of `source`: `count` bytes from `address` on, or all the rest for 0.
  package func build(partOf source: Mdl, _ address: UInt, _ count: Int) {
    let machine = Machine.current
    let skipped = address &- source.address
    let rest = source.byteCount - Int(min(skipped, UInt(source.byteCount)))
    let length = count == 0 ? rest : count
    checkPart(machine, source, address, length, rest)
    if flags.contains(.partialHasBeenMapped) { unmapFromSystem(machine) }
    pointer.pointee.StartVa = UnsafeMutableRawPointer(bitPattern: address & ~pageMask)
    pointer.pointee.ByteOffset = UInt32(address & pageMask)
    pointer.pointee.ByteCount = UInt32(length)
    process = source.process
    // Whose lock it is that keeps the pages of the part.
    lockNumber = source.lockNumber
    let firstPage = Int(address >> 12 - source.page >> 12)
    frames.update(from: source.frames + firstPage, count: pageCount)

    let inherited = source.flags.intersection([.mappedToSystem, .sourceIsNonpagedPool, .ioSpace])
    flags = flags.intersection(.allocatedFixedSize).union(inherited).union(.partial)
    let hasAddress = !inherited.isDisjoint(with: [.mappedToSystem, .sourceIsNonpagedPool])
    mappedAddress = hasAddress ? source.mappedAddress.map { $0 + Int(skipped) } : nil
  }

  /// On Windows a wrong part gives a list of wrong frames.
  private func checkPart(
    _ machine: Machine, _ source: Mdl, _ address: UInt, _ length: Int, _ rest: Int
  ) {
    let isReady = !source.flags.isDisjoint(
      with: [.pagesLocked, .sourceIsNonpagedPool, .partial, .ioSpace])
    if !isReady || length > rest || flags.contains(.pagesLocked) {
      machine.bugCheck(
        0xC4, 0xB0, isReady ? bits : source.bits, UInt64(source.flags.rawValue), UInt64(length),
        subject: name("IoBuildPartialMdl"))
    }
    if Self.span(address, length) > capacity {
      // TARGET_MDL_TOO_SMALL
      machine.bugCheck(
        0x40, source.bits, bits, UInt64(address), UInt64(length),
        subject: name("IoBuildPartialMdl"))
    }
  }

  /// Frame numbers that the list has room for.
  private var capacity: Int {
    let size = Int(UInt16(bitPattern: pointer.pointee.Size))
    let bySize = max(0, (size - Self.headerByteCount) / 8)
    // The size is cut off in a list for 32 MiB and more.
    let now = pageCount
    let isCut = (Self.headerByteCount + 8 * now) & 0xFFFF == size && now > bySize
    return isCut ? now : bySize
  }

  /// Drops a partial list's mapping of its own: `MmPrepareMdlForReuse`.
  package func prepareForReuse() {
    if flags.contains(.partialHasBeenMapped) { unmapFromSystem(Machine.current) }
  }

  /// Moves the start of the buffer `count` bytes on; pages left behind are unlocked.
  ///
  /// - Returns: false when that is beyond the end.
  package func advance(_ count: Int) -> Bool {
    guard count <= byteCount else { return false }
    let machine = Machine.current
    let pagesBefore = pageCount
    let start = address + UInt(count)
    let end = address + UInt(byteCount)
    let left = start == end ? 0 : Self.span(start, Int(end - start))
    let dropped = pagesBefore - left
    if dropped > 0 { drop(dropped, pagesBefore, machine) }
    pointer.pointee.StartVa = UnsafeMutableRawPointer(bitPattern: start & ~pageMask)
    pointer.pointee.ByteOffset = UInt32(start & pageMask)
    pointer.pointee.ByteCount -= UInt32(count)
    if !flags.isDisjoint(with: [.mappedToSystem, .sourceIsNonpagedPool]) {
      mappedAddress = mappedAddress.map { $0 + count }
    }
    return true
  }

  private func drop(_ dropped: Int, _ all: Int, _ machine: Machine) {
    let isOwner = flags.contains(.pagesLocked) && !flags.contains(.partial)
    if isOwner { unlockFirst(dropped, machine) }
    if ownsMapping { machine.counters.pointee.unmappedPages &+= UInt64(dropped) }
    frames.update(from: frames + dropped, count: all - dropped)
  }
}
