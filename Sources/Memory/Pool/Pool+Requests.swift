import CRing3
import Glibc
import Machine

// Blocks of a verified machine that the system needs for a program's request: its IRP and its system
// buffer. No driver asked for them, so that there is no origin to note, and the I/O manager fills them
// itself. What a driver can spoil is looked at as ever: the header, and all the bytes behind the block.
// Released, they are not filled: buffers on pages of their own show who uses them then.
extension Pool {
  /// The running thread's cache, when verification is the only reason for the long way.
  @inline(__always)
  private func verifiedCache() -> UnsafeMutablePointer<PoolCache>? {
    guard let thread = r3_current(), thread.pointee.irql <= 2,
      let cache = thread.pointee.poolCache?.assumingMemoryBound(to: PoolCache.self),
      cache.pointee.pool == state, cache.pointee.mode == PoolMode.verifies
    else { return nil }
    return cache
  }

  /// Gives a block of nonpaged pool that `process` pays for, in a verified machine.
  package func allocateVerified(_ byteCount: Int, tag: UInt32, to process: Process)
    -> UnsafeMutableRawPointer?
  {
    allocateForRequest(byteCount, tag, process)
      ?? allocateCharged(byteCount, tag: tag, to: process)
  }

  /// Gives such a block back.
  package func freeVerified(_ address: UnsafeMutableRawPointer) {
    if !freeForRequest(UInt(bitPattern: address)) { freeCharged(address) }
  }

  /// Gives a block the short way; nil when that is not possible.
  @inline(__always)
  private func allocateForRequest(_ byteCount: Int, _ tag: UInt32, _ process: Process)
    -> UnsafeMutableRawPointer?
  {
    guard byteCount > 0, isForRequest(tag), !process.isSystem, let cache = verifiedCache(),
      charge(cache, process, byteCount, isPaged: false)
    else { return nil }
    let payer = UInt(bitPattern: process.pointer)
    let needed = byteCount &+ PoolLayout.trailerByteCount
    let block =
      needed <= PoolLayout.largestSmall
      ? takeSlot(cache, byteCount, tag, payer) : takeRun(cache, byteCount, tag, payer)
    if block == nil { giveBack(cache, process, byteCount, isPaged: false) }
    return block
  }

  @inline(__always)
  private func takeSlot(
    _ cache: UnsafeMutablePointer<PoolCache>, _ byteCount: Int, _ tag: UInt32, _ payer: UInt
  ) -> UnsafeMutableRawPointer? {
    let index = cache.smallClass(byteCount &+ PoolLayout.trailerByteCount)
    guard let address = takeBlock(cache, index) else { return nil }
    // Those of requests, which are not filled, have no bytes.
    if Block(address).header.pointee.word.byteCount != 0 {
      checkUnchanged(address, movingTo: address)
    }
    let magazine = cache.magazine(index)
    if magazine.pointee.tag != tag { cache.select(tag, magazine) }
    let word = BlockWord(
      tag: tag, byteCount: byteCount, index: index, flags: BlockWord.live | BlockWord.hasTrailer)
    let block = Block(address)
    block.write(word, cache.pointee.cookie)
    block.header.pointee.check ^= BlockHeader.special
    let end = address &- 16 &+ UInt(magazine.pointee.slotByteCount)
    Block.trailer(end).pointee = BlockTrailer(
      process: UInt64(payer) ^ UInt64(address) ^ cache.pointee.cookie, origin: 0)
    FillPattern.fillEnd(
      block.pointer + byteCount, Int(block.guardEnd(word, end) &- address) &- byteCount)
    magazine.pointee.usage.pointee.countAllocation(byteCount)
    return block.pointer
  }

  @inline(__always)
  private func takeRun(
    _ cache: UnsafeMutablePointer<PoolCache>, _ byteCount: Int, _ tag: UInt32, _ payer: UInt
  ) -> UnsafeMutableRawPointer? {
    let pages = PoolLayout.pageCount(byteCount)
    guard pages <= PoolLayout.longestCachedRun else { return nil }
    let index = PoolLayout.runClassBase &+ pages
    guard let address = takeBlock(cache, index) else { return nil }
    checkRunUnchanged(address)
    let magazine = cache.magazine(index)
    if magazine.pointee.tag != tag { cache.select(tag, magazine) }
    let page = Int((address &- state.pointee.base) &>> 12)
    state.pointee.descriptors[page].first = UInt64(payer)
    state.pointee.descriptors[page].second = 0
    let room = pages &<< 12 &- byteCount
    if room > 0 { memset(Block(address).pointer + byteCount, Int32(PoolLayout.guardByte), room) }
    return cache.finishRun(magazine, address, byteCount, flags: PageWord.hasDetails)
  }

  /// Takes a block back that ``allocateForRequest(_:_:_:)`` gave; false when anything is out of the
  /// ordinary, and nothing was changed then.
  @inline(__always)
  private func freeForRequest(_ address: UInt) -> Bool {
    guard address &- state.pointee.base < state.pointee.span, let cache = verifiedCache(),
      cache.pointee.credit.process != nil
    else { return false }
    return address & 0xFFF == 0 ? freeRun(cache, address) : freeSlot(cache, address)
  }

  @inline(__always)
  private func freeSlot(_ cache: UnsafeMutablePointer<PoolCache>, _ address: UInt) -> Bool {
    let block = Block(address)
    let word = block.header.pointee.word
    let seal = BlockHeader.seal(address, cache.pointee.cookie, word) ^ BlockHeader.special
    guard block.header.pointee.check == seal, word.bits & BlockWord.isMoved == 0,
      word.index < PoolLayout.classesPerKind, isForRequest(word.tag)
    else { return false }
    let magazine = cache.magazine(word.index)
    let end = address &- 16 &+ UInt(magazine.pointee.slotByteCount)
    let payer = UInt(Block.trailer(end).pointee.process ^ UInt64(address) ^ cache.pointee.cookie)
    let room = Int(block.guardEnd(word, end) &- address) &- word.byteCount
    guard payer == UInt(bitPattern: cache.pointee.credit.process),
      FillPattern.isEndFilled(block.pointer + word.byteCount, room)
    else { return false }
    giveBack(cache, payer, word.byteCount)
    if magazine.pointee.tag != word.tag { cache.select(word.tag, magazine) }
    magazine.pointee.usage.pointee.countFree(word.byteCount)
    // Without bytes: it is not filled, so that there are none to be looked at again.
    let freed = BlockWord(
      tag: word.tag, byteCount: 0, index: word.index, flags: BlockWord.hasTrailer)
    let check = BlockHeader.seal(address, cache.pointee.cookie, freed) ^ BlockHeader.special
    block.header.pointee = BlockHeader(check: check ^ BlockWord.live, word: freed)
    Block.trailer(end).pointee.process = 0
    putBlock(cache, word.index, address)
    return true
  }

  @inline(__always)
  private func freeRun(_ cache: UnsafeMutablePointer<PoolCache>, _ address: UInt) -> Bool {
    let place = cache.word(of: address)
    let word = place.pointee
    let byteCount = word.byteCount
    guard word.state == PageWord.liveRun, !word.isLong, word.hasDetails,
      word.runIndex < PoolLayout.classesPerKind, isForRequest(word.tag)
    else { return false }
    let page = Int((address &- state.pointee.base) &>> 12)
    let end = address &+ UInt(PoolLayout.pageCount(byteCount) &<< 12)
    let payer = UInt(state.pointee.descriptors[page].first)
    guard payer == UInt(bitPattern: cache.pointee.credit.process),
      FillPattern.firstOther(than: PoolLayout.guardByte, address &+ UInt(byteCount)..<end) == nil
    else { return false }
    giveBack(cache, payer, byteCount)
    let magazine = cache.magazine(word.runIndex)
    if magazine.pointee.tag != word.tag { cache.select(word.tag, magazine) }
    magazine.pointee.usage.pointee.countFree(byteCount)
    state.pointee.descriptors[page].first = 0
    place.pointee = word.cached.withoutBytes
    putBlock(cache, word.runIndex, address)
    return true
  }

  private func giveBack(
    _ cache: UnsafeMutablePointer<PoolCache>, _ payer: UInt, _ byteCount: Int
  ) {
    guard let process = cache.pointee.credit.process else { return }
    giveBack(cache, Process(process), byteCount, isPaged: false)
  }
}
