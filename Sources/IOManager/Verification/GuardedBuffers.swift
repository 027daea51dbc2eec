import CRing3
import Glibc
import Machine
import Memory
import NTTypes

/// Pages for one system buffer, with a closed page before and behind them.
struct GuardedSlot {
  /// The first page behind the closed one.
  var start: UInt = 0
  /// Pages between the closed ones; 0 for no slot.
  var pageCount = 0

  var end: UInt { start + UInt(pageCount << pageShift) }

  /// Where a buffer of so many bytes lies: its end, up to alignment, is the end of the pages.
  func address(_ byteCount: Int) -> UInt { end - UInt((byteCount + 15) & ~15) }
}

/// Slots that are closed, and wait for their next buffer.
struct GuardedSlots {
  static let capacity = 32

  private var slots = InlineArray<32, GuardedSlot>(repeating: GuardedSlot())

  /// Takes a slot of so many pages out; nil when none is there.
  mutating func take(_ pageCount: Int) -> GuardedSlot? {
    for index in 0..<Self.capacity where slots[index].pageCount == pageCount {
      let slot = slots[index]
      slots[index] = GuardedSlot()
      return slot
    }
    return nil
  }

  /// Keeps a slot; false when there is no room for it.
  mutating func keep(_ slot: GuardedSlot) -> Bool {
    for index in 0..<Self.capacity where slots[index].pageCount == 0 {
      slots[index] = slot
      return true
    }
    return false
  }
}

// System buffers on pages of their own.
extension IOManager {
  /// A buffer at the end of open pages, with closed ones round them; nil when there are none.
  ///
  /// What lies round it in its pages is filled, to be compared by ``checkSurroundings(of:_:)``.
  func guardedBuffer(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    guard byteCount > 0, let slot = openSlot((byteCount + pageSize - 1) >> pageShift) else {
      return nil
    }
    let address = slot.address(byteCount)
    guard enter(UnsafeMutableRawPointer(bitPattern: address), byteCount) else {
      close(slot)
      keep(slot)
      return nil
    }
    forEachGap(slot, address, byteCount) { range in
      if let start = UnsafeMutableRawPointer(bitPattern: range.lowerBound) {
        memset(start, Int32(FillPattern.guardByte), range.count)
      }
    }
    return UnsafeMutableRawPointer(bitPattern: address)
  }

  private func enter(_ buffer: UnsafeMutableRawPointer?, _ byteCount: Int) -> Bool {
    guard let buffer else { return false }
    ledger.pointee.lock.lock()
    let isEntered = ledger.pointee.enter(buffer, byteCount)
    ledger.pointee.lock.unlock()
    return isEntered
  }

  private func forEachGap(
    _ slot: GuardedSlot, _ address: UInt, _ byteCount: Int, _ body: (Range<UInt>) -> Void
  ) {
    let end = address + UInt(byteCount)
    if slot.start < address { body(slot.start..<address) }
    if end < slot.end { body(end..<slot.end) }
  }

  /// The slot of a buffer.
  func slot(of buffer: UnsafeMutableRawPointer, _ byteCount: Int) -> GuardedSlot {
    let address = UInt(bitPattern: buffer)
    let pageCount = (byteCount + pageSize - 1) >> pageShift
    let end = (address + UInt(byteCount) + pageMask) & ~pageMask
    return GuardedSlot(start: end - UInt(pageCount << pageShift), pageCount: pageCount)
  }

  /// Bytes round a buffer that were changed: bug check 0xC1.
  func checkSurroundings(of buffer: UnsafeMutableRawPointer, _ byteCount: Int) {
    let address = UInt(bitPattern: buffer)
    forEachGap(slot(of: buffer, byteCount), address, byteCount) { range in
      guard let wrong = FillPattern.firstOther(than: FillPattern.guardByte, range) else { return }
      let found = UnsafePointer<UInt8>(bitPattern: wrong)?.pointee ?? 0
      machine.report(
        0xC1, UInt64(address), UInt64(wrong), UInt64(found), wrong < address ? 0x23 : 0x24,
        rule: "SpecialPoolCorrupted")
    }
  }

  private func openSlot(_ pageCount: Int) -> GuardedSlot? {
    ledger.pointee.lock.lock()
    let kept = ledger.pointee.slots.take(pageCount)
    ledger.pointee.lock.unlock()
    if let kept {
      return protect(kept, PROT_READ | PROT_WRITE) ? kept : nil
    }
    guard let frame = machine.takeFrames(pageCount + 2, zeroed: false) else { return nil }
    let first = UInt(bitPattern: machine.state.pointee.memory.address(of: frame))
    let slot = GuardedSlot(start: first + UInt(pageSize), pageCount: pageCount)
    let before = UnsafeMutableRawPointer(bitPattern: first)
    let behind = UnsafeMutableRawPointer(bitPattern: slot.end)
    guard mprotect(before, pageSize, PROT_NONE) == 0, mprotect(behind, pageSize, PROT_NONE) == 0
    else {
      release(slot)
      return nil
    }
    return slot
  }

  /// Takes the pages of a buffer away.
  func close(_ slot: GuardedSlot) { _ = protect(slot, PROT_NONE) }

  private func protect(_ slot: GuardedSlot, _ protection: Int32) -> Bool {
    let start = UnsafeMutableRawPointer(bitPattern: slot.start)
    return mprotect(start, slot.pageCount << pageShift, protection) == 0
  }

  /// Keeps a closed slot for another buffer, or gives its pages back.
  func keep(_ slot: GuardedSlot) {
    ledger.pointee.lock.lock()
    let isKept = ledger.pointee.slots.keep(slot)
    ledger.pointee.lock.unlock()
    if !isKept { release(slot) }
  }

  private func release(_ slot: GuardedSlot) {
    let first = slot.start - UInt(pageSize)
    mprotect(
      UnsafeMutableRawPointer(bitPattern: first), (slot.pageCount + 2) << pageShift,
      PROT_READ | PROT_WRITE)
    guard let frame = machine.state.pointee.memory.frame(of: first) else { return }
    for other in frame..<(frame + slot.pageCount + 2) { machine.releaseFrame(other) }
  }

  // MARK: Faults

  /// Says what a fault beside a live system buffer is: bug check 0xCD or 0xD6; false for other addresses.
  ///
  /// Called in signal handlers.
  func judgeBufferFault(_ address: UInt, _ fault: UnsafeMutablePointer<GuardedFault>) -> Bool {
    guard let guarded = ledger.pointee.guarded else { return false }
    for index in 0..<ledger.pointee.guardedEnd {
      guard let buffer = guarded[index].buffer else { continue }
      let slot = slot(of: buffer, guarded[index].capacity)
      let closed = slot.start - UInt(pageSize)..<slot.end + UInt(pageSize)
      if closed.contains(address), address < slot.start || address >= slot.end {
        fault.pointee.code = fault.pointee.isInDriver ? 0xD6 : 0xCD
        return true
      }
    }
    return false
  }
}

/// What a fault on a guarded page is: beside a system buffer, or in special pool.
let judgeGuardedFault: @convention(c) (UInt, UnsafeMutableRawPointer) -> Bool = { address, fault in
  let machine = Machine.current
  let fault = fault.assumingMemoryBound(to: GuardedFault.self)
  return machine.io.judgeBufferFault(address, fault) || machine.pool.judgeFault(address, fault)
}
