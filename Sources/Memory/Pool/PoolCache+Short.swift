// The short ways: what a thread does with its own cache, below DISPATCH_LEVEL and in no mode.
//
// They are leaves: they call nothing, because `quick.S` calls them without saving all registers.
extension UnsafeMutablePointer where Pointee == PoolCache {
  // MARK: What is asked for most often

  /// Whether a request shares a page, and the cache may serve it in a short way.
  @inline(__always)
  func isSmall(_ byteCount: Int) -> Bool {
    UInt(bitPattern: byteCount &- 1) < pointee.largestSmall
  }

  /// A kept block for a small request for nonpaged pool under the tag of the last one; 0 when there is
  /// none at hand.
  @inline(__always)
  func allocateAtHand(_ byteCount: Int, _ tag: UInt32) -> UInt {
    let magazine = magazine(byteCount, row: 0)
    guard magazine.pointee.tag == tag else { return 0 }
    let address = magazine.take()
    guard address != 0 else { return 0 }
    return UInt(bitPattern: finish(magazine, address, byteCount))
  }

  /// A kept run for a request for nonpaged pool of more than ``PoolLayout/largestSmall``, as
  /// ``allocateAtHand(_:_:)`` gives small blocks.
  @inline(__always)
  func allocateRunAtHand(_ byteCount: Int, _ tag: UInt32) -> UInt {
    let pages = PoolLayout.pageCount(byteCount)
    guard UInt(bitPattern: byteCount &- 1) < pointee.largestKept,
      pages <= PoolLayout.longestCachedRun
    else { return 0 }
    let magazine = magazine(pages: pages, row: 0)
    guard magazine.pointee.tag == tag else { return 0 }
    let address = magazine.take()
    guard address != 0 else { return 0 }
    return UInt(bitPattern: finishRun(magazine, address, byteCount))
  }

  /// Whether an address begins a page, where no block with a header lies.
  @inline(__always)
  static func isPage(_ address: UInt) -> Bool { UInt32(truncatingIfNeeded: address) & 0xFFF == 0 }

  /// Keeps a plain, undamaged block that shares its page and has the tag of the last one; false when it
  /// is out of the ordinary.
  @inline(__always)
  func freeAtHand(_ address: UInt, _ tag: UInt32?) -> Bool {
    guard address &- pointee.base < pointee.span else { return false }
    let block = Block(address)
    let word = block.header.pointee.word
    guard block.header.pointee.check == BlockHeader.seal(address, pointee.cookie, word) else {
      return false
    }
    guard block.isGuardIntact(word.byteCount) else { return false }
    let magazine = magazine(word.index)
    guard magazine.pointee.tag == word.tag else { return false }
    if let tag, tag != word.tag { return false }
    guard magazine.keep(address) else { return false }
    BlockHeader.markFreed(block.header)
    magazine.pointee.usage.pointee.countFree(word.byteCount)
    return true
  }

  /// Keeps a plain, undamaged run with the tag of the last one; false when it is out of the ordinary.
  @inline(__always)
  func freeRunAtHand(_ address: UInt, _ tag: UInt32?) -> Bool {
    guard address &- pointee.base < pointee.span else { return false }
    let place = self.word(of: address)
    let word = place.pointee
    let byteCount = word.byteCount
    guard word.isPlainLiveRun else { return false }
    guard byteCount & 0xFFF == 0 || Block(address).isGuardIntact(byteCount) else { return false }
    let magazine = magazine(word.runIndex)
    guard magazine.pointee.tag == word.tag else { return false }
    if let tag, tag != word.tag { return false }
    guard magazine.keep(address) else { return false }
    place.pointee = word.cached
    magazine.pointee.usage.pointee.countFree(byteCount)
    return true
  }

  // MARK: All that a cache can do alone

  /// A kept block for a request; nil when anything is out of the ordinary.
  @inline(__always)
  func allocate(_ byteCount: Int, row: Int, _ tag: UInt32) -> UnsafeMutableRawPointer? {
    guard isSmall(byteCount) else {
      return allocateRun(byteCount, row: row, tag)
    }
    let magazine = magazine(byteCount, row: row)
    guard hasSelected(tag, magazine) else { return nil }
    let address = magazine.take()
    guard address != 0 else { return nil }
    return finish(magazine, address, byteCount)
  }

  /// Writes what belongs to a block that shares its page, and counts it under the magazine's tag.
  @inline(__always)
  func finish(
    _ magazine: UnsafeMutablePointer<Magazine>, _ address: UInt, _ byteCount: Int
  ) -> UnsafeMutableRawPointer {
    let word = BlockWord(
      bits: magazine.pointee.word | UInt64(truncatingIfNeeded: byteCount) &<< 32)
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
    guard hasSelected(tag, magazine) else { return nil }
    let address = magazine.take()
    guard address != 0 else { return nil }
    return finishRun(magazine, address, byteCount)
  }

  /// Writes what belongs to a run, and counts it under the magazine's tag.
  @inline(__always)
  func finishRun(
    _ magazine: UnsafeMutablePointer<Magazine>, _ address: UInt, _ byteCount: Int,
    flags: UInt64 = 0
  ) -> UnsafeMutableRawPointer {
    word(of: address).pointee = PageWord(
      bits: magazine.pointee.word | UInt64(truncatingIfNeeded: byteCount) &<< 32 | flags)
    if byteCount & 0xFFF != 0 { Block(address).writeGuard(byteCount) }
    magazine.pointee.usage.pointee.countAllocation(byteCount)
    return Block(address).pointer
  }

  /// Keeps a plain, undamaged block; false when anything is out of the ordinary.
  @inline(__always)
  func free(_ address: UInt, _ tag: UInt32?) -> Bool {
    guard address &- pointee.base < pointee.span else { return false }
    // Before the start of a page lies no header; looking there would cost a cache miss.
    if Self.isPage(address) { return freeRun(address, tag) }
    let block = Block(address)
    let word = block.header.pointee.word
    guard block.header.pointee.check == BlockHeader.seal(address, pointee.cookie, word) else {
      return false
    }
    if let tag, tag != word.tag { return false }
    guard block.isGuardIntact(word.byteCount) else { return false }
    let magazine = magazine(word.index)
    guard hasSelected(word.tag, magazine), magazine.keep(address) else { return false }
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
    guard hasSelected(word.tag, magazine), magazine.keep(address) else { return false }
    place.pointee = word.cached
    magazine.pointee.usage.pointee.countFree(byteCount)
    return true
  }
}
