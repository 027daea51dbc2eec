import CRing3
import Machine

// Faults on guarded pages.
extension Pool {
  /// Says what a fault on a guarded page is: bug check 0xCC, 0xCD, 0xD5 or 0xD6; false when the page is none.
  ///
  /// Called in signal handlers.
  package func judgeFault(_ address: UInt, _ fault: UnsafeMutablePointer<GuardedFault>) -> Bool {
    guard let record = guarding(address) else { return false }
    // In the block itself only paged pool faults: it is away while a thread is raised.
    if record.state == .live, record.address..<record.end ~= address { return false }
    let isReleased = record.state == .released
    if fault.pointee.isInDriver {
      fault.pointee.code = isReleased ? 0xD5 : 0xD6
    } else {
      fault.pointee.code = isReleased ? 0xCC : 0xCD
    }
    fault.pointee.causes = record.causes
    return true
  }

  /// What each byte of new pool is in a verified machine, unless zeros were asked for.
  package static var freshByte: UInt8 { PoolLayout.freshByte }

  /// Whether a page is kept from every access: a guard, or a block that is out of use.
  ///
  /// Called in signal handlers.
  func isGuarded(_ address: UInt) -> Bool {
    guard let page = specialPage(address), let special else { return false }
    let record = special.pointee.records[page]
    let start = state.pointee.address(ofPage: page)
    return record.state != .live
      || !(start..<(start + UInt(record.pageCount) << UInt(pageShift)) ~= address)
  }

  /// Closes guarded pages again after the protection of a range was changed.
  ///
  /// Pages that are marked stay so, whatever their protection. Called in signal handlers.
  func closeGuards(in range: Range<UInt>) {
    guard let special, !special.pointee.guards.marks else { return }
    var start = range.lowerBound
    var end = start
    while end < range.upperBound {
      let isGuard = isGuarded(end)
      if !isGuard, end > start { _ = special.pointee.guards.close(start, Int(end - start)) }
      end += UInt(pageSize)
      if !isGuard { start = end }
    }
    if end > start { _ = special.pointee.guards.close(start, Int(end - start)) }
  }

  /// The block whose memory or guard was touched.
  ///
  /// In a page between two blocks that is the one whose end or beginning is nearer.
  private func guarding(_ address: UInt) -> SpecialRecord? {
    guard let page = specialPage(address), let special else { return nil }
    let record = special.pointee.records[page]
    let start = state.pointee.address(ofPage: page)
    let end = start + UInt(record.pageCount) << UInt(pageShift)
    guard address >= end else { return record }
    let behind = end + UInt(pageSize)
    guard address - end >= UInt(pageSize) / 2, let next = specialPage(behind), next != page else {
      return record
    }
    let other = special.pointee.records[next]
    return other.state == .live || record.state == .unused ? other : record
  }
}
