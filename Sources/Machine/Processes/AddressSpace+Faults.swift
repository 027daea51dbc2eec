import CRing3
import Glibc

// A driver's own access to a user address: judged, and then let through to the page.
extension Process {
  /// Maps the page at its user address when the access is allowed; runs inside a fault handler.
  ///
  /// - Returns: false when the access is a violation.
  package func open(_ address: UInt, forWriting: Bool) -> Bool {
    let page = address & ~pageMask
    guard let entry = pointer.pointee.space.entry(at: address) else { return false }
    var isOpen = false
    withSpaceLocked {
      guard let frame = residentFrame(entry, forWriting: forWriting) else { return }
      if pointer.pointee.space.opened.isFull { closeAllLocked() }
      let protection = entry.pointee.isWritable ? PROT_READ | PROT_WRITE : PROT_READ
      let result = mmap(
        UnsafeMutableRawPointer(bitPattern: page), pageSize, protection, MAP_SHARED | MAP_FIXED,
        machine.state.pointee.memory.file, frame << pageShift)
      isOpen = result != UnsafeMutableRawPointer(bitPattern: -1)
      if isOpen, entry.pointee.bits & PageTableEntry.opened == 0 {
        entry.pointee.bits |= PageTableEntry.opened
        pointer.pointee.space.opened.append(page)
      }
    }
    return isOpen
  }

  /// Takes every opened page away again: the last thread of the process has left the kernel.
  package func closeAll() {
    withSpaceLocked { closeAllLocked() }
  }

  private func closeAllLocked() {
    while pointer.pointee.space.opened.count > 0 {
      let page = pointer.pointee.space.opened.removeLast()
      pointer.pointee.space.entry(at: page)?.pointee.bits &= ~PageTableEntry.opened
      reserveAgain(page)
    }
  }

  func close(_ page: UInt, _ entry: UnsafeMutablePointer<PageTableEntry>) {
    guard entry.pointee.bits & PageTableEntry.opened != 0 else { return }
    entry.pointee.bits &= ~PageTableEntry.opened
    pointer.pointee.space.opened.remove(page)
    reserveAgain(page)
  }

  private func reserveAgain(_ page: UInt) {
    mmap(
      UnsafeMutableRawPointer(bitPattern: page), pageSize, PROT_NONE,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | 0x4000, -1, 0)
  }
}

extension Machine {
  /// Judges a fault on a user address in the running thread; true when the access can go on.
  package func resolveUserFault(
    _ thread: UnsafeMutablePointer<R3Thread>, _ address: UInt, forWriting: Bool
  ) -> Bool {
    guard address < UserRange.end, address >= UserRange.lowest,
      let process = Process(thread.pointee.process)
    else { return false }
    return process.open(address, forWriting: forWriting)
  }
}
