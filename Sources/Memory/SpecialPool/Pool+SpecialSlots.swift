import CRing3
import Glibc
import Machine

// Where slots of special pool come from and go to.
extension Pool {
  /// A slot of so many pages, guarded; nil when the pool could not hold the block without guards either.
  func takeSlot(
    _ cache: UnsafeMutablePointer<PoolCache>, _ pages: Int, _ request: PoolRequest
  ) -> Int? {
    guard let special else { return nil }
    special.pointee.lock.lockStaying()
    var page = findSlot(special, pages, request.kind)
    if page == nil {
      page =
        makeChunk(cache, special, pages, request.kind)
        ?? reuseSlot(special, pages, request.kind)
    }
    let isRefused = special.pointee.isRefused
    let live = special.pointee.liveByteCount(request.kind)
    if page != nil { special.pointee.count(request.kind, request.byteCount) }
    special.pointee.lock.unlock()
    if isRefused { stopAtLimit(GuardPages.limit, request.byteCount) }
    if page == nil { checkExhaustion(request, live) }
    return page
  }

  /// A slot that may be used: a released one once enough are out of use, else one that never was.
  private func findSlot(
    _ special: UnsafeMutablePointer<SpecialPoolState>, _ pages: Int, _ kind: PoolKind
  ) -> Int? {
    guard pages <= SpecialPoolState.longestKept else { return nil }
    if special.pointee.quarantinedByteCount > special.pointee.selection.quarantineByteCount,
      let page = reuseSlot(special, pages, kind)
    {
      return page
    }
    return special.pointee.unused(kind, pages).pointee.removeFirst(special.pointee.records)
  }

  private func reuseSlot(
    _ special: UnsafeMutablePointer<SpecialPoolState>, _ pages: Int, _ kind: PoolKind
  ) -> Int? {
    guard pages <= SpecialPoolState.longestKept,
      let page = special.pointee.released(kind, pages).pointee
        .removeFirst(special.pointee.records)
    else { return nil }
    special.pointee.quarantinedByteCount -= pages << pageShift
    return page
  }

  /// Makes slots out of pages of the pool and gives the first; nil when there are none.
  private func makeChunk(
    _ cache: UnsafeMutablePointer<PoolCache>, _ special: UnsafeMutablePointer<SpecialPoolState>,
    _ pages: Int, _ kind: PoolKind
  ) -> Int? {
    var count = pages > SpecialPoolState.longestKept ? 1 : max(1, 128 / (pages + 1))
    var first = takePages(count * (pages + 1) + 1, kind)
    if first == nil {
      releaseLongSlots(special)
      flush(cache)
      first = takePages(count * (pages + 1) + 1, kind)
    }
    if first == nil, count > 1 {
      count = 1
      first = takePages(pages + 2, kind)
    }
    guard let first else { return nil }
    let byteCount = (count * (pages + 1) + 1) << pageShift
    if !special.pointee.guards.close(state.pointee.address(ofPage: first), byteCount) {
      special.pointee.isRefused = true
      return nil
    }
    return divide(special, first, count, pages, kind)
  }

  /// Notes whose the pages of a chunk are; gives its first slot.
  private func divide(
    _ special: UnsafeMutablePointer<SpecialPoolState>, _ first: Int, _ count: Int, _ pages: Int,
    _ kind: PoolKind
  ) -> Int {
    special.pointee.owners[first] = UInt32(first + 2)
    for number in 0..<count {
      let slot = first + 1 + number * (pages + 1)
      // With the guard behind it.
      for page in slot...(slot + pages) { special.pointee.owners[page] = UInt32(slot + 1) }
      special.pointee.records[slot] = SpecialRecord(pageCount: UInt32(pages), kind: kind)
      if number > 0 {
        special.pointee.unused(kind, pages).pointee.append(slot, special.pointee.records)
      }
    }
    return first + 1
  }

  // MARK: Out of use

  /// Takes a released, guarded slot out of use until the quarantine lets it go.
  func quarantine(_ page: Int) {
    guard let special else { return }
    let record = special.pointee.records[page]
    let pages = Int(record.pageCount)
    special.pointee.lock.lockStaying()
    special.pointee.count(record.kind, -record.byteCount)
    special.pointee.quarantinedByteCount += pages << pageShift
    if pages <= SpecialPoolState.longestKept {
      special.pointee.released(record.kind, pages).pointee
        .append(page, special.pointee.records)
    } else {
      special.pointee.long.append(page, special.pointee.records)
      let limit = special.pointee.selection.quarantineByteCount
      while special.pointee.quarantinedByteCount > limit, releaseLongSlot(special) {}
    }
    special.pointee.lock.unlock()
  }

  private func releaseLongSlots(_ special: UnsafeMutablePointer<SpecialPoolState>) {
    while releaseLongSlot(special) {}
  }

  /// Gives the pages of the long slot that is out of use longest back to the pool; false when there is none.
  private func releaseLongSlot(_ special: UnsafeMutablePointer<SpecialPoolState>) -> Bool {
    guard let page = special.pointee.long.removeFirst(special.pointee.records) else {
      return false
    }
    let pages = Int(special.pointee.records[page].pageCount)
    let isExecutable = special.pointee.records[page].kind == .nonpagedExecutable
    special.pointee.quarantinedByteCount -= pages << pageShift
    let start = state.pointee.address(ofPage: page - 1)
    if !special.pointee.guards.open(start, (pages + 2) << pageShift, isExecutable: isExecutable) {
      // Its pages stay guarded and are nobody's: the pool is smaller by them.
      special.pointee.isRefused = true
      return true
    }
    for other in (page - 1)...(page + pages) { special.pointee.owners[other] = 0 }
    givePages(page - 1, pages + 2)
    return true
  }

  /// Ends the machine when only the guards keep a pool from giving a block.
  ///
  /// A pool that would be full without them, too, has no memory, and the driver is told so.
  private func checkExhaustion(_ request: PoolRequest, _ live: Int) {
    let memory = machine.state.pointee.memory
    let limit: StaticString
    let count: Int
    switch request.kind {
    case .nonpaged: (limit, count) = ("nonpagedPoolByteCount", memory.nonpaged.count)
    case .nonpagedExecutable:
      (limit, count) = ("executablePoolByteCount", memory.executable.count)
    case .paged: (limit, count) = ("pagedPoolByteCount", memory.paged.count)
    }
    if live + request.byteCount > count << pageShift / 4 { return }
    stopAtLimit(limit, request.byteCount)
  }
}
