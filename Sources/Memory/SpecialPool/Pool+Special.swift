import CRing3
import Glibc
import Machine

// Special pool: blocks of drivers, and what the system allocates for them, with a guarded page beside
// them.
extension Pool {
  /// Nil without the class `specialPool`.
  var special: UnsafeMutablePointer<SpecialPoolState>? { state.pointee.special }

  /// Whether requests of drivers are to be marked as such: ``PoolRequest/isDriver``.
  @usableFromInline package var guardsDrivers: Bool { state.pointee.special != nil }

  /// Whether special pool takes a request now.
  func isSpecial(_ request: PoolRequest) -> Bool {
    isChosen(request) && machine.guardsBlocks
  }

  /// Whether a request is one of those that special pool takes.
  func isChosen(_ request: PoolRequest) -> Bool {
    guard request.isDriver, let special else { return false }
    return special.pointee.selection.takes(request, site: Self.site)
      && (!request.isSampled || isSampled(request))
  }

  // MARK: Allocating

  /// Gives a block beside a guarded page; nil when the pool could not hold it without guards either.
  func placeSpecially(
    _ cache: UnsafeMutablePointer<PoolCache>, _ request: PoolRequest
  ) -> UInt? {
    guard let special else { return nil }
    // A block of a page or more begins a page, as drivers may rely on; what is left of its last page is
    // compared at its release.
    let alignment = request.byteCount >= pageSize ? pageSize : request.isCacheAligned ? 64 : 16
    let room = (max(request.byteCount, 1) + alignment - 1) & ~(alignment - 1)
    let pages = (room + pageSize - 1) >> pageShift
    guard let page = takeSlot(cache, pages, request) else { return nil }
    let start = state.pointee.address(ofPage: page)
    let byteCount = pages << pageShift
    if !special.pointee.guards.open(
      start, byteCount, isExecutable: request.kind == .nonpagedExecutable)
    {
      stopAtLimit(GuardPages.limit, request.byteCount)
    }
    let isAtStart = special.pointee.selection.isAtStart
    let address = isAtStart ? start : start + UInt(byteCount - room)
    special.pointee.records[page] = SpecialRecord(
      address: address, byteCount: request.byteCount,
      process: UInt(bitPattern: request.process?.pointer), site: Self.site, tag: request.tag,
      allocated: machine.noteStack(), pageCount: UInt32(pages), state: .live, kind: request.kind)
    let slot = start..<(start + UInt(byteCount))
    fill(address, request, slot)
    ShadowMemory.fence(address, request.byteCount, in: slot)
    return address
  }

  /// Writes what a fresh block holds, and what must stay round it.
  private func fill(_ address: UInt, _ request: PoolRequest, _ slot: Range<UInt>) {
    let block = Block(address).pointer
    let end = address + UInt(request.byteCount)
    memset(
      block, request.isZeroed ? 0 : Int32(PoolLayout.freshByte), request.byteCount)
    if address > slot.lowerBound {
      memset(
        Block(slot.lowerBound).pointer, Int32(PoolLayout.guardByte),
        Int(address - slot.lowerBound))
    }
    if slot.upperBound > end {
      memset(Block(end).pointer, Int32(PoolLayout.guardByte), Int(slot.upperBound - end))
    }
  }

  /// Ends the machine: special pool needs more than it may have, and never goes on without guards.
  func stopAtLimit(_ limit: StaticString, _ byteCount: Int) -> Never {
    machine.bugCheck(
      0x5233_0010, UInt64(byteCount), UInt64(special?.pointee.quarantinedByteCount ?? 0), 0, 0,
      subject: name(limit))
  }

  // MARK: What an address belongs to

  /// The first page of the slot that an address belongs to; nil outside special pool.
  func specialPage(_ address: UInt) -> Int? {
    guard let special, address &- state.pointee.base < state.pointee.span else { return nil }
    let owner = special.pointee.owners[Int((address - state.pointee.base) >> UInt(pageShift))]
    return owner == 0 ? nil : Int(owner) - 1
  }

  /// Calls `body` with every live block.
  func forEachSpecialBlock(_ body: (SpecialRecord) -> Void) {
    guard let special else { return }
    let owners = special.pointee.owners
    for page in 0..<special.pointee.pageCount where owners[page] == UInt32(page + 1) {
      let record = special.pointee.records[page]
      if record.state == .live { body(record) }
    }
  }
}
