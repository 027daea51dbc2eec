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
      forEachEntry(address, count) { entry, page in
        close(page, entry)
        if entry.pointee.isResident, entry.pointee.bits & PageTableEntry.foreign == 0 {
          machine.releaseFrame(entry.pointee.frame)
        } else if entry.pointee.bits & PageTableEntry.swapped != 0 {
          pointer.pointee.space.swap.take(entry.pointee.frame, into: nil)
        }
        entry.pointee.bits = 0
      }
    }
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
      forEachEntry(address, count) { entry, page in
        guard entry.pointee.isResident, entry.pointee.bits & PageTableEntry.foreign == 0 else {
          return
        }
        let frame = entry.pointee.frame
        guard machine.frameReferences(frame) == 1 else { return }
        let contents = machine.state.pointee.memory.address(of: frame)
        guard let number = pointer.pointee.space.swap.store(contents) else { return }
        close(page, entry)
        machine.releaseFrame(frame)
        let keep = PageTableEntry.flagMask & ~PageTableEntry.resident & ~PageTableEntry.opened
        entry.pointee.bits =
          UInt64(number) << 12 | entry.pointee.bits & keep | PageTableEntry.swapped
      }
    }
  }

  /// The frame behind a user address, made resident; nil when the page is not committed, the access
  /// not allowed, or RAM is used up.
  @inlinable
  package func frame(at address: UInt, forWriting: Bool) -> FrameNumber? {
    guard let entry = pointer.pointee.space.entry(at: address) else { return nil }
    let wanted: UInt64 = forWriting ? 0b1011 : 0b0111
    let bits = entry.pointee.bits
    if bits & wanted == wanted { return FrameNumber(bits >> 12) }
    return makeResident(address, forWriting: forWriting)
  }

  @usableFromInline
  func makeResident(_ address: UInt, forWriting: Bool) -> FrameNumber? {
    guard let entry = pointer.pointee.space.entry(at: address) else { return nil }
    let needed: UInt64 = forWriting ? 9 : 5
    var frame: FrameNumber?
    withSpaceLocked {
      guard entry.pointee.bits & needed == needed else { return }
      if entry.pointee.isResident {
        frame = entry.pointee.frame
      } else {
        frame = pageIn(entry)
      }
    }
    return frame
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

  /// Maps frames that belong to an MDL at fresh user addresses.
  package func mapForeign(
    _ frames: UnsafePointer<UInt64>, _ count: Int, _ protection: PageProtection
  )
    -> UInt?
  {
    guard let address = pointer.pointee.space.takeAddresses(count << pageShift) else { return nil }
    for index in 0..<count {
      let entry = pointer.pointee.space.entry(at: address + UInt(index << pageShift))
      entry?.pointee.bits =
        frames[index] << 12 | PageTableEntry.committed | PageTableEntry.resident
        | PageTableEntry.foreign | protection.bits
    }
    return address
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
