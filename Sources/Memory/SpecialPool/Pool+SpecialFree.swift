import CRing3
import Glibc
import Machine

// Releasing blocks of special pool.
extension Pool {
  /// Takes a block back; false when the address does not belong to special pool.
  func freeSpecially(_ address: UInt, _ tag: UInt32) -> Bool {
    guard let page = specialPage(address), let special else { return false }
    let record = special.pointee.records + page
    checkRelease(address, tag, record.pointee)
    checkSurroundings(page, record.pointee)
    checkContents(address, record.pointee.byteCount, record.pointee.causes)
    let block = record.pointee
    countRelease(block)
    record.pointee.released = machine.noteStack()
    record.pointee.state = .released
    let byteCount = Int(block.pageCount) << pageShift
    let start = state.pointee.address(ofPage: page)
    ShadowMemory.clear(start..<(start + UInt(byteCount)))
    if !special.pointee.guards.close(start, byteCount) {
      stopAtLimit(GuardPages.limit, block.byteCount)
    }
    quarantine(page)
    return true
  }

  private func countRelease(_ block: SpecialRecord) {
    guard let cache = acquireCache() else { return }
    let isPaged = block.kind == .paged
    cache.usage(block.tag, isPaged: isPaged).pointee.countFree(block.byteCount)
    if let process = Process(UnsafeMutableRawPointer(bitPattern: block.process)) {
      giveBack(cache, process, block.byteCount, isPaged: isPaged)
    }
    releaseCache(cache)
  }

  /// What is released must be the beginning of a live block, under its own tag.
  private func checkRelease(_ address: UInt, _ tag: UInt32, _ record: SpecialRecord) {
    guard record.address == address, record.state != .unused else {
      // An IRP lies behind what the I/O manager keeps in the same block.
      if record.tag == Self.requestTag, record.state == .live,
        address == record.address + requestHeadByteCount
      {
        machine.bugCheck(0xC4, 0x105, UInt64(address), causes: record.causes)
      }
      machine.bugCheck(
        0xC1, UInt64(address), UInt64(record.byteCount), UInt64(record.address),
        record.state == .live ? 0x21 : 0x20, causes: record.causes)
    }
    if record.state == .released {
      machine.bugCheck(
        0xC4, 0x13, UInt64(record.tag), UInt64(address), UInt64(record.byteCount),
        rule: "PoolFreedTwice", causes: record.causes)
    }
    guard tag != 0, tag != record.tag else { return }
    machine.report(
      0xC2, 0x0A, UInt64(address), UInt64(record.tag), UInt64(tag), causes: record.causes)
  }

  /// The bytes between the block and its pages' ends must be as they were written.
  private func checkSurroundings(_ page: Int, _ record: SpecialRecord) {
    let start = state.pointee.address(ofPage: page)
    let end = start + UInt(record.pageCount) << UInt(pageShift)
    if let wrong = firstWrong(start..<record.address) { stopAtDamage(wrong, 0x23, record) }
    if let wrong = firstWrong(record.end..<end) { stopAtDamage(wrong, 0x24, record) }
  }

  private func firstWrong(_ range: Range<UInt>) -> UInt? {
    FillPattern.firstOther(than: PoolLayout.guardByte, range)
  }

  private func stopAtDamage(_ wrong: UInt, _ kind: UInt64, _ record: SpecialRecord) {
    let found = Block(wrong).pointer.load(as: UInt8.self)
    let isOneBit = (found ^ PoolLayout.guardByte).nonzeroBitCount == 1
    machine.report(
      0xC1, UInt64(record.address), UInt64(wrong), UInt64(found),
      isOneBit && kind == 0x23 ? 0x32 : kind, causes: record.causes)
  }
}
