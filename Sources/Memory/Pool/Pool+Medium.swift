import CRing3
import Glibc
import Machine

// Between the short way and the long one: another tag than last time, an empty or full magazine,
// blocks that a process pays for, DISPATCH_LEVEL. Nothing here is checked less.
extension Pool {
  /// The running thread's cache, when there is one of this pool and no mode is on.
  @inline(__always)
  private func ordinaryCache(upTo irql: UInt8) -> UnsafeMutablePointer<PoolCache>? {
    guard let thread = r3_current(), thread.pointee.irql <= irql,
      let cache = thread.pointee.poolCache?.assumingMemoryBound(to: PoolCache.self),
      cache.pointee.pool == state, cache.pointee.mode == 0
    else { return nil }
    return cache
  }

  // MARK: Allocating

  @usableFromInline @inline(never)
  func allocateOtherwise(
    _ byteCount: Int, _ kind: PoolKind, _ tag: UInt32, _ zeroed: Bool, _ process: Process?
  ) -> UnsafeMutableRawPointer? {
    if byteCount > 0, let cache = ordinaryCache(upTo: kind == .paged ? 1 : 2),
      let address = allocate(cache, byteCount, kind, tag, process)
    {
      return zeroed ? memset(address, 0, byteCount) : address
    }
    var request = PoolRequest(byteCount, kind, tag)
    request.isZeroed = zeroed
    request.process = process
    // A descriptor list, which the system makes for a driver.
    if tag == Mdl.tag { (request.isDriver, request.isSampled) = (true, true) }
    var failure = PoolFailure.none
    return allocate(request, failure: &failure)
  }

  @inline(__always)
  private func allocate(
    _ cache: UnsafeMutablePointer<PoolCache>, _ byteCount: Int, _ kind: PoolKind, _ tag: UInt32,
    _ process: Process?
  ) -> UnsafeMutableRawPointer? {
    if let process, !process.isSystem {
      return allocateCharged(cache, byteCount, kind, tag, process)
    }
    if byteCount <= PoolLayout.largestSmall {
      let index = Int(kind.rawValue) &<< 6 | cache.smallClass(byteCount)
      guard let address = takeBlock(cache, index) else { return nil }
      let magazine = cache.magazine(index)
      if magazine.pointee.tag != tag { cache.select(tag, magazine) }
      return cache.finish(magazine, address, byteCount)
    }
    return allocateRun(cache, byteCount, kind, tag, process: 0)
  }

  @inline(__always)
  private func allocateRun(
    _ cache: UnsafeMutablePointer<PoolCache>, _ byteCount: Int, _ kind: PoolKind, _ tag: UInt32,
    process: UInt
  ) -> UnsafeMutableRawPointer? {
    guard byteCount <= PoolLayout.longestCachedRun &<< 12 else { return nil }
    let pages = PoolLayout.pageCount(byteCount)
    guard pages <= PoolLayout.longestCachedRun else { return nil }
    let index = Int(kind.rawValue) &<< 6 | (PoolLayout.runClassBase &+ pages)
    guard let address = takeBlock(cache, index) else { return nil }
    let magazine = cache.magazine(index)
    if magazine.pointee.tag != tag { cache.select(tag, magazine) }
    if process != 0 {
      let page = Int((address &- state.pointee.base) &>> 12)
      state.pointee.descriptors[page].first = UInt64(process)
      state.pointee.descriptors[page].second = 0
    }
    return cache.finishRun(
      magazine, address, byteCount, flags: process == 0 ? 0 : PageWord.hasDetails)
  }

  @inline(never)
  private func allocateCharged(
    _ cache: UnsafeMutablePointer<PoolCache>, _ byteCount: Int, _ kind: PoolKind, _ tag: UInt32,
    _ process: Process
  ) -> UnsafeMutableRawPointer? {
    let isPaged = kind == .paged
    guard charge(cache, process, byteCount, isPaged: isPaged) else { return nil }
    let needed = byteCount &+ PoolLayout.trailerByteCount
    let address =
      needed <= PoolLayout.largestSmall
      ? allocateWithTrailer(cache, byteCount, kind, tag, process)
      : allocateRun(cache, byteCount, kind, tag, process: UInt(bitPattern: process.pointer))
    if address == nil { giveBack(cache, process, byteCount, isPaged: isPaged) }
    return address
  }

  @inline(__always)
  private func allocateWithTrailer(
    _ cache: UnsafeMutablePointer<PoolCache>, _ byteCount: Int, _ kind: PoolKind, _ tag: UInt32,
    _ process: Process
  ) -> UnsafeMutableRawPointer? {
    let index =
      Int(kind.rawValue) &<< 6 | cache.smallClass(byteCount &+ PoolLayout.trailerByteCount)
    guard let address = takeBlock(cache, index) else { return nil }
    let magazine = cache.magazine(index)
    if magazine.pointee.tag != tag { cache.select(tag, magazine) }
    let word = BlockWord(
      tag: tag, byteCount: byteCount, index: index, flags: BlockWord.live | BlockWord.hasTrailer)
    let block = Block(address)
    block.write(word, cache.pointee.cookie)
    block.header.pointee.check ^= BlockHeader.special
    block.writeGuard(byteCount)
    Block.trailer(address &- 16 &+ UInt(magazine.pointee.slotByteCount)).pointee = BlockTrailer(
      process: UInt64(UInt(bitPattern: process.pointer)) ^ UInt64(address) ^ cache.pointee.cookie,
      origin: 0)
    magazine.pointee.usage.pointee.countAllocation(byteCount)
    return block.pointer
  }

  // MARK: Freeing

  @inline(never)
  func freeOtherwise(_ address: UInt, _ tag: UInt32) {
    let offset = address &- state.pointee.base
    let isNonpaged = offset < UInt(state.pointee.pagedStart) &<< 12
    if offset < state.pointee.span, let cache = ordinaryCache(upTo: isNonpaged ? 2 : 1) {
      let isFreed =
        address & 0xFFF == 0 ? freeRun(cache, address, tag) : freeBlock(cache, address, tag)
      if isFreed { return }
    }
    freeSlowly(address, tag)
  }

  @inline(__always)
  private func freeBlock(
    _ cache: UnsafeMutablePointer<PoolCache>, _ address: UInt, _ tag: UInt32
  ) -> Bool {
    let block = Block(address)
    let word = block.header.pointee.word
    let difference =
      block.header.pointee.check ^ BlockHeader.seal(address, cache.pointee.cookie, word)
    guard difference == 0 || difference == BlockHeader.special, tag == 0 || tag == word.tag,
      block.isGuardIntact(word.byteCount)
    else { return false }
    let magazine = cache.magazine(word.index)
    if difference != 0 {
      guard word.bits & BlockWord.isMoved == 0 else { return false }
      let end = address &- 16 &+ UInt(magazine.pointee.slotByteCount)
      let payer = UInt(
        Block.trailer(end).pointee.process ^ UInt64(address) ^ cache.pointee.cookie)
      guard payer != 0, payer == UInt(bitPattern: cache.pointee.credit.process) else {
        return false
      }
      refund(cache, word.byteCount, isPaged: word.index >= 128)
    }
    if magazine.pointee.tag != word.tag { cache.select(word.tag, magazine) }
    magazine.pointee.usage.pointee.countFree(word.byteCount)
    block.header.pointee.word = word.freed
    putBlock(cache, word.index, address)
    return true
  }

  @inline(__always)
  private func freeRun(
    _ cache: UnsafeMutablePointer<PoolCache>, _ address: UInt, _ tag: UInt32
  ) -> Bool {
    let place = cache.word(of: address)
    let word = place.pointee
    let byteCount = word.byteCount
    guard word.state == PageWord.liveRun, !word.isLong, tag == 0 || tag == word.tag,
      byteCount & 0xFFF == 0 || Block(address).isGuardIntact(byteCount)
    else { return false }
    let index = word.runIndex
    let magazine = cache.magazine(index)
    if word.hasDetails {
      let payer = state.pointee.descriptors[Int((address &- state.pointee.base) &>> 12)].first
      guard payer != 0, payer == UInt64(UInt(bitPattern: cache.pointee.credit.process)) else {
        return false
      }
      refund(cache, byteCount, isPaged: index >= 128)
    }
    if magazine.pointee.tag != word.tag { cache.select(word.tag, magazine) }
    magazine.pointee.usage.pointee.countFree(byteCount)
    place.pointee = word.cached
    putBlock(cache, index, address)
    return true
  }

  @inline(__always)
  private func refund(
    _ cache: UnsafeMutablePointer<PoolCache>, _ byteCount: Int, isPaged: Bool
  ) {
    guard let process = cache.pointee.credit.process else { return }
    giveBack(cache, Process(process), byteCount, isPaged: isPaged)
  }
}
