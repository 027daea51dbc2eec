import CRing3
import Machine

// Blocks that a process pays for, the short way: the thread has some of the quota in advance, and a
// block of the class at hand. Anything else goes the way of `Pool+Medium.swift`.
extension Pool {
  /// Gives a block of nonpaged pool that `process` pays for, as
  /// ``allocate(_:kind:tag:zeroed:charging:)`` does.
  package func allocateCharged(_ byteCount: Int, tag: UInt32, to process: Process)
    -> UnsafeMutableRawPointer?
  {
    guard let cache = Self.currentCache, cache.pointee.pool == state,
      cache.pointee.credit.process == process.pointer,
      UInt(bitPattern: byteCount &- 1) < UInt(bitPattern: cache.pointee.credit.nonpaged),
      let address = cache.allocateCharged(byteCount, tag, UInt(bitPattern: process.pointer))
    else { return allocateOtherwise(byteCount, .nonpaged, tag, false, process) }
    cache.pointee.credit.nonpaged &-= byteCount
    return address
  }

  /// Gives back a block that a process most likely pays for, as ``free(_:tag:)`` does.
  package func freeCharged(_ address: UnsafeMutableRawPointer) {
    let address = UInt(bitPattern: address)
    guard let cache = Self.currentCache, cache.pointee.pool == state, cache.freeCharged(address)
    else { return freeOtherwise(address, 0) }
  }
}

extension UnsafeMutablePointer where Pointee == PoolCache {
  /// A kept block with its payer written down; nil when anything is out of the ordinary.
  @inline(__always)
  fileprivate func allocateCharged(_ byteCount: Int, _ tag: UInt32, _ process: UInt)
    -> UnsafeMutableRawPointer?
  {
    let needed = byteCount &+ PoolLayout.trailerByteCount
    guard UInt(bitPattern: needed &- 1) < pointee.largestSmall else {
      return allocateChargedRun(byteCount, tag, process)
    }
    let magazine = magazine(needed, row: 0)
    guard hasSelected(tag, magazine) else { return nil }
    let address = magazine.take()
    guard address != 0 else { return nil }
    let word = BlockWord(
      bits: magazine.pointee.word | BlockWord.hasTrailer
        | UInt64(truncatingIfNeeded: byteCount) &<< 32)
    let block = Block(address)
    block.header.pointee = BlockHeader(
      check: BlockHeader.seal(address, pointee.cookie, word) ^ BlockHeader.special, word: word)
    block.writeGuard(byteCount)
    Block.trailer(address &- 16 &+ UInt(magazine.pointee.slotByteCount)).pointee = BlockTrailer(
      process: UInt64(process) ^ UInt64(address) ^ pointee.cookie, origin: 0)
    magazine.pointee.usage.pointee.countAllocation(byteCount)
    return block.pointer
  }

  @inline(__always)
  private func allocateChargedRun(_ byteCount: Int, _ tag: UInt32, _ process: UInt)
    -> UnsafeMutableRawPointer?
  {
    let pages = PoolLayout.pageCount(byteCount)
    guard UInt(bitPattern: byteCount &- 1) < pointee.largestKept,
      pages <= PoolLayout.longestCachedRun
    else { return nil }
    let magazine = magazine(pages: pages, row: 0)
    guard hasSelected(tag, magazine) else { return nil }
    let address = magazine.take()
    guard address != 0 else { return nil }
    let descriptor = descriptor(of: address)
    descriptor.pointee.first = UInt64(process)
    descriptor.pointee.second = 0
    return finishRun(magazine, address, byteCount, flags: PageWord.hasDetails)
  }

  /// Keeps an undamaged block of nonpaged pool and gives its payer the quota back; false when
  /// anything is out of the ordinary, and nothing was changed then.
  @inline(__always)
  fileprivate func freeCharged(_ address: UInt) -> Bool {
    guard address &- pointee.base < pointee.span else { return false }
    if address & 0xFFF == 0 { return freeChargedRun(address) }
    let block = Block(address)
    let word = block.header.pointee.word
    let seal = BlockHeader.seal(address, pointee.cookie, word) ^ BlockHeader.special
    guard block.header.pointee.check == seal, word.bits & BlockWord.isMoved == 0,
      word.index < PoolLayout.classesPerKind, block.isGuardIntact(word.byteCount)
    else { return false }
    let magazine = magazine(word.index)
    let end = address &- 16 &+ UInt(magazine.pointee.slotByteCount)
    let payer = Block.trailer(end).pointee.process ^ UInt64(address) ^ pointee.cookie
    guard canRefund(word.byteCount, to: payer), hasSelected(word.tag, magazine),
      magazine.keep(address)
    else { return false }
    block.header.pointee.word = word.freed
    magazine.pointee.usage.pointee.countFree(word.byteCount)
    pointee.credit.nonpaged &+= word.byteCount
    return true
  }

  @inline(__always)
  private func freeChargedRun(_ address: UInt) -> Bool {
    let place = word(of: address)
    let word = place.pointee
    let byteCount = word.byteCount
    guard word.state == PageWord.liveRun, !word.isLong, word.hasDetails,
      word.runIndex < PoolLayout.classesPerKind,
      byteCount & 0xFFF == 0 || Block(address).isGuardIntact(byteCount),
      canRefund(byteCount, to: descriptor(of: address).pointee.first)
    else { return false }
    let magazine = magazine(word.runIndex)
    guard hasSelected(word.tag, magazine), magazine.keep(address) else { return false }
    place.pointee = word.cached
    magazine.pointee.usage.pointee.countFree(byteCount)
    pointee.credit.nonpaged &+= byteCount
    return true
  }

  /// Whether the quota goes back to what the thread has in advance, and no further.
  @inline(__always)
  private func canRefund(_ byteCount: Int, to payer: UInt64) -> Bool {
    payer != 0 && payer == UInt64(UInt(bitPattern: pointee.credit.process))
      && pointee.credit.nonpaged &+ byteCount <= 2 * QuotaCredit.chunk
  }

  @inline(__always)
  private func descriptor(of address: UInt) -> UnsafeMutablePointer<PageDescriptor> {
    pointee.pool.pointee.descriptors + Int((address &- pointee.base) &>> 12)
  }
}
