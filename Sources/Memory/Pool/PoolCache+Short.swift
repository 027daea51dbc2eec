// The short ways: what a thread does with its own cache, below DISPATCH_LEVEL and in no mode.
//
// They are leaves: they call nothing, because `quick.S` calls them without saving all registers.
extension UnsafeMutablePointer where Pointee == PoolCache {
  /// A kept block for a request; nil when anything is out of the ordinary.
  @inline(__always)
  func allocate(_ byteCount: Int, row: Int, _ tag: UInt32) -> UnsafeMutableRawPointer? {
    guard UInt(bitPattern: byteCount &- 1) < pointee.largestSmall else {
      return allocateRun(byteCount, row: row, tag)
    }
    let magazine = magazine(byteCount, row: row)
    let address = magazine.take(tag)
    guard address != 0 else { return nil }
    return finish(magazine, address, byteCount, tag)
  }

  /// Writes what belongs to a block that shares its page, and counts it.
  @inline(__always)
  func finish(
    _ magazine: UnsafeMutablePointer<Magazine>, _ address: UInt, _ byteCount: Int, _ tag: UInt32
  ) -> UnsafeMutableRawPointer {
    let word = BlockWord(
      bits: magazine.pointee.wordBase | UInt64(truncatingIfNeeded: byteCount) &<< 32 | UInt64(tag))
    let block = Block(address)
    block.write(word, pointee.cookie)
    block.writeGuard(byteCount)
    magazine.pointee.usage.pointee.countAllocation(byteCount)
    return block.pointer
  }

  @inline(__always)
  private func allocateRun(_ byteCount: Int, row: Int, _ tag: UInt32)
    -> UnsafeMutableRawPointer?
  {
    let pages = PoolLayout.pageCount(byteCount)
    guard UInt(bitPattern: byteCount &- 1) < pointee.largestKept,
      pages <= PoolLayout.longestCachedRun
    else { return nil }
    let magazine = magazine(pages: pages, row: row)
    let address = magazine.take(tag)
    guard address != 0 else { return nil }
    return finishRun(magazine, address, byteCount, tag)
  }

  /// Writes what belongs to a run, and counts it.
  @inline(__always)
  func finishRun(
    _ magazine: UnsafeMutablePointer<Magazine>, _ address: UInt, _ byteCount: Int, _ tag: UInt32,
    flags: UInt64 = 0
  ) -> UnsafeMutableRawPointer {
    word(of: address).pointee = PageWord(
      bits: magazine.pointee.wordBase | UInt64(truncatingIfNeeded: byteCount) &<< 32 | UInt64(tag)
        | flags)
    if byteCount & 0xFFF != 0 { Block(address).writeGuard(byteCount) }
    magazine.pointee.usage.pointee.countAllocation(byteCount)
    return Block(address).pointer
  }

  /// Keeps a plain, undamaged block; false when anything is out of the ordinary.
  @inline(__always)
  func free(_ address: UInt, _ tag: UInt32?) -> Bool {
    guard address &- pointee.base < pointee.span else { return false }
    // Before the start of a page lies no header; looking there would cost a cache miss.
    if address & 0xFFF == 0 { return freeRun(address, tag) }
    let block = Block(address)
    let word = block.header.pointee.word
    guard block.header.pointee.check == BlockHeader.seal(address, pointee.cookie, word) else {
      return false
    }
    if let tag, tag != word.tag { return false }
    guard block.isGuardIntact(word.byteCount) else { return false }
    let magazine = magazine(word.index)
    guard magazine.keep(address, word.tag) else { return false }
    BlockHeader.markFreed(block.header)
    magazine.pointee.usage.pointee.countFree(word.byteCount)
    return true
  }

  @inline(__always)
  private func freeRun(_ address: UInt, _ tag: UInt32?) -> Bool {
    let place = self.word(of: address)
    let word = place.pointee
    let byteCount = word.byteCount
    guard word.isPlainLiveRun else { return false }
    if let tag, tag != word.tag { return false }
    guard byteCount & 0xFFF == 0 || Block(address).isGuardIntact(byteCount) else { return false }
    let magazine = magazine(word.runIndex)
    guard magazine.keep(address, word.tag) else { return false }
    place.pointee = word.cached
    magazine.pointee.usage.pointee.countFree(byteCount)
    return true
  }
}
