import CRing3
import Glibc

// Commit, protect, trim and free pages; find the frame behind an address.
extension Process {
  /// Commits `count` bytes of fresh, zeroed, not yet resident memory; nil when the span is used up.
  package func commit(_ count: Int, _ protection: PageProtection) -> UInt? {
    guard count > 0, let address = pointer.pointee.space.takeAddresses(count) else { return nil }
    forEachEntry(address, count) { entry, _ in
      entry.pointee.bits = PageTableEntry.committed | protection.bits
    }
    return address
  }

  /// Gives pages back; locks keep their frames alive.
  package func decommit(_ address: UInt, _ count: Int) {
    withSpaceLocked {
      pinLocks(address, count)
      forEachEntry(address, count) { entry, page in
        close(page, entry)
        entry.pointee.bits &= ~PageTableEntry.allowed
      }
      awaitCopiers()
      forEachEntry(address, count) { entry, _ in
        if entry.pointee.isResident {
          machine.releaseFrame(entry.pointee.frame)
        } else if entry.pointee.bits & PageTableEntry.swapped != 0 {
          pointer.pointee.space.swap.take(entry.pointee.frame, into: nil)
        }
        entry.pointee.bits = 0
      }
    }
  }

  /// Gives everything back: the process has ended.
  package func decommitAll() {
    let first = pointer.pointee.space.base + AddressSpace.firstOffset
    decommit(first, Int(pointer.pointee.space.next - first))
  }

  /// Changes what committed pages may be used for.
  package func protect(_ address: UInt, _ count: Int, _ protection: PageProtection) {
    withSpaceLocked {
      forEachEntry(address, count) { entry, page in
        guard entry.pointee.isCommitted else { return }
        close(page, entry)
        entry.pointee.bits &= ~(PageTableEntry.readable | PageTableEntry.writable)
        entry.pointee.bits |= protection.bits
      }
    }
  }

  /// Takes frames away; the contents come back, in other frames, when a page is next used.
  ///
  /// A page whose frame is locked by an MDL stays.
  package func trim(_ address: UInt, _ count: Int) {
    withSpaceLocked {
      pinLocks(address, count)
      forEachEntry(address, count) { entry, page in
        guard isTrimmable(entry) else { return }
        close(page, entry)
        entry.pointee.bits &= ~PageTableEntry.resident
        entry.pointee.bits |= PageTableEntry.leaving
      }
      awaitCopiers()
      forEachEntry(address, count) { entry, _ in
        if entry.pointee.bits & PageTableEntry.leaving != 0 { pageOut(entry) }
      }
    }
  }

  private func isTrimmable(_ entry: UnsafeMutablePointer<PageTableEntry>) -> Bool {
    entry.pointee.isResident && entry.pointee.bits & PageTableEntry.foreign == 0
      && machine.frameReferences(entry.pointee.frame) == 1
  }

  private func pageOut(_ entry: UnsafeMutablePointer<PageTableEntry>) {
    let frame = entry.pointee.frame
    let keep = entry.pointee.bits & PageTableEntry.flagMask & ~PageTableEntry.leaving
    let contents = machine.state.pointee.memory.address(of: frame)
    if let number = pointer.pointee.space.swap.store(contents) {
      machine.releaseFrame(frame)
      entry.pointee.bits = UInt64(number) << 12 | keep | PageTableEntry.swapped
    } else {
      entry.pointee.bits = UInt64(frame) << 12 | keep | PageTableEntry.resident
    }
  }

  /// The frame behind a user address, made resident; nil when the page is not committed, the access
  /// not allowed, or RAM is used up.
  package func frame(at address: UInt, forWriting: Bool) -> FrameNumber? {
    guard let entry = pointer.pointee.space.entry(at: address) else { return nil }
    let wanted = PageTableEntry.present(forWriting: forWriting)
    let bits = entry.pointee.bits
    if bits & wanted == wanted { return FrameNumber(bits >> 12) }
    return makeResident(address, forWriting: forWriting)
  }

  func makeResident(_ address: UInt, forWriting: Bool) -> FrameNumber? {
    guard let entry = pointer.pointee.space.entry(at: address) else { return nil }
    var frame: FrameNumber?
    withSpaceLocked { frame = residentFrame(entry, forWriting: forWriting) }
    return frame
  }

  /// The same for an entry, with the space locked.
  func residentFrame(_ entry: UnsafeMutablePointer<PageTableEntry>, forWriting: Bool)
    -> FrameNumber?
  {
    let needed = PageTableEntry.needed(forWriting: forWriting)
    guard entry.pointee.bits & needed == needed else { return nil }
    return entry.pointee.isResident ? entry.pointee.frame : pageIn(entry)
  }

  private func pageIn(_ entry: UnsafeMutablePointer<PageTableEntry>) -> FrameNumber? {
    let wasSwapped = entry.pointee.bits & PageTableEntry.swapped != 0
    guard let frame = machine.takeFrame(zeroed: !wasSwapped) else { return nil }
    if wasSwapped {
      pointer.pointee.space.swap.take(
        entry.pointee.frame, into: machine.state.pointee.memory.address(of: frame))
    }
    let keep = PageTableEntry.flagMask & ~PageTableEntry.swapped
    entry.pointee.bits = UInt64(frame) << 12 | entry.pointee.bits & keep | PageTableEntry.resident
    return frame
  }

  /// Maps frames that belong to an MDL at fresh user addresses, and keeps them until they are decommitted.
  package func mapForeign(
    _ frames: UnsafePointer<UInt64>, _ count: Int, _ protection: PageProtection,
    at wanted: UInt? = nil
  ) -> UInt? {
    guard
      let address = wanted ?? pointer.pointee.space.takeAddresses(count << pageShift),
      wanted == nil || isFree(address, count << pageShift)
    else { return nil }
    withSpaceLocked {
      for index in 0..<count {
        machine.retainFrame(FrameNumber(frames[index]))
        let entry = pointer.pointee.space.entry(at: address + UInt(index << pageShift))
        entry?.pointee.bits =
          frames[index] << 12 | PageTableEntry.committed | PageTableEntry.resident
          | PageTableEntry.foreign | protection.bits
      }
    }
    return address
  }

  /// Whether the addresses were given out once, and taken back.
  private func isFree(_ address: UInt, _ count: Int) -> Bool {
    let space = pointer.pointee.space
    guard address & pageMask == 0, address >= space.base + AddressSpace.firstOffset,
      address < space.next, UInt(count) < space.next - address
    else { return false }
    var isFree = true
    forEachEntry(address, count) { entry, _ in
      if entry.pointee.bits != 0 { isFree = false }
    }
    return isFree
  }

  func forEachEntry(
    _ address: UInt, _ count: Int,
    _ body: (UnsafeMutablePointer<PageTableEntry>, _ page: UInt) -> Void
  ) {
    guard count > 0 else { return }
    var page = address & ~pageMask
    while page < address + UInt(count) {
      if let entry = pointer.pointee.space.entry(at: page) { body(entry, page) }
      page += UInt(pageSize)
    }
  }

  func withSpaceLocked(_ body: () -> Void) {
    pointer.pointee.space.lock.lock()
    body()
    pointer.pointee.space.lock.unlock()
  }
}
