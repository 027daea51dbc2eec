import CRing3
import Glibc
import Machine

/// The pools of a machine: nonpaged, executable and paged memory by tag.
///
/// A thread keeps free blocks of each class for itself, so that a pair of ``allocate(_:kind:tag:zeroed:charging:)``
/// and ``free(_:tag:)`` touches nothing shared; blocks are exchanged in bulk behind it. Host threads
/// that are in no kernel may call too; they share one cache and take turns.
package struct Pool: @unchecked Sendable {
  let state: UnsafeMutablePointer<PoolState>

  /// Gives a block of at least `byteCount` bytes, aligned to 16, or to a page from a page up.
  ///
  /// Nil when there is no memory or `process` has used up its quota. At DISPATCH_LEVEL only
  /// nonpaged pool may be asked for. The contents are undefined unless `zeroed`.
  package func allocate(
    _ byteCount: Int, kind: PoolKind, tag: UInt32, zeroed: Bool = false,
    charging process: Process? = nil
  ) -> UnsafeMutableRawPointer? {
    if process == nil, let cache = Self.currentCache(irqlBelow: 2), cache.pointee.pool == state,
      let address = allocateQuickly(cache, byteCount, kind, tag)
    {
      if zeroed { memset(address, 0, byteCount) }
      return address
    }
    var request = PoolRequest(byteCount, kind, tag)
    request.isZeroed = zeroed
    request.process = process
    var failure = PoolFailure.none
    return allocate(request, failure: &failure)
  }

  /// Gives a block back; a `tag` that is not 0 must be the one that it was allocated with.
  ///
  /// An address that is not a live block, a wrong tag and damage around the block are bug checks.
  package func free(_ address: UnsafeMutableRawPointer, tag: UInt32 = 0) {
    if let cache = Self.currentCache(irqlBelow: 2), cache.pointee.pool == state,
      freeQuickly(cache, UInt(bitPattern: address), tag)
    {
      return
    }
    freeSlowly(UInt(bitPattern: address), tag)
  }

  /// The pools of the machine that the running kernel thread belongs to.
  static var current: Pool {
    if let cache = currentCache(irqlBelow: 255) { return Pool(state: cache.pointee.pool) }
    return Machine.current.pool
  }

  /// The running thread's cache, when it has one and may take the short way.
  @inline(__always)
  static func currentCache(irqlBelow limit: UInt8) -> UnsafeMutablePointer<PoolCache>? {
    guard let thread = r3_current(), thread.pointee.irql < limit else { return nil }
    return thread.pointee.poolCache?.assumingMemoryBound(to: PoolCache.self)
  }
}

// MARK: The short ways

extension Pool {
  /// Takes a block out of the thread's cache when nothing special is asked for.
  @inline(__always)
  func allocateQuickly(
    _ cache: UnsafeMutablePointer<PoolCache>, _ byteCount: Int, _ kind: PoolKind, _ tag: UInt32
  ) -> UnsafeMutableRawPointer? {
    guard cache.pointee.mode == 0 else { return nil }
    if UInt(bitPattern: byteCount &- 1) < UInt(bitPattern: PoolLayout.largestSmall) {
      let index = Int(kind.rawValue) &<< 6 | cache.smallClass(byteCount)
      let magazine = cache.magazine(index)
      guard magazine.pointee.count > 0 else { return nil }
      let address = magazine.pop()
      let word = BlockWord(tag: tag, byteCount: byteCount, index: index, flags: BlockWord.live)
      Block(address).write(word, cache.pointee.cookie)
      Block(address).writeGuard(byteCount)
      cache.usage(tag, isPaged: kind == .paged).pointee.countAllocation(byteCount)
      return UnsafeMutableRawPointer(bitPattern: address)
    }
    guard UInt(bitPattern: byteCount) &- 1 < UInt(PoolLayout.longestCachedRun &<< 12) else {
      return nil
    }
    return allocateRunQuickly(cache, byteCount, kind, tag)
  }

  @inline(__always)
  private func allocateRunQuickly(
    _ cache: UnsafeMutablePointer<PoolCache>, _ byteCount: Int, _ kind: PoolKind, _ tag: UInt32
  ) -> UnsafeMutableRawPointer? {
    let pages = PoolLayout.pageCount(byteCount)
    guard pages <= PoolLayout.longestCachedRun else { return nil }
    let index = Int(kind.rawValue) &<< 6 | (PoolLayout.runClassBase &+ pages)
    let magazine = cache.magazine(index)
    guard magazine.pointee.count > 0 else { return nil }
    let address = magazine.pop()
    let descriptor = cache.descriptor(of: address)
    descriptor.pointee.word = BlockWord(
      tag: tag, byteCount: 0, index: index, flags: PageDescriptor.liveRun)
    descriptor.pointee.first = UInt64(byteCount)
    if byteCount & 0xFFF != 0 { Block(address).writeGuard(byteCount) }
    cache.usage(tag, isPaged: kind == .paged).pointee.countAllocation(byteCount)
    return UnsafeMutableRawPointer(bitPattern: address)
  }

  /// Puts a plain, undamaged block into the thread's cache; false when anything is out of the ordinary.
  @inline(__always)
  func freeQuickly(_ cache: UnsafeMutablePointer<PoolCache>, _ address: UInt, _ tag: UInt32) -> Bool
  {
    guard cache.pointee.mode == 0, address &- cache.pointee.base < cache.pointee.span else {
      return false
    }
    guard address & 0xFFF != 0 else { return freeRunQuickly(cache, address, tag) }
    let block = Block(address)
    let word = block.header.pointee.word
    guard block.header.pointee.check == BlockHeader.seal(address, cache.pointee.cookie, word),
      tag == 0 || tag == word.tag, block.isGuardIntact(word.byteCount)
    else { return false }
    let magazine = cache.magazine(word.index)
    guard magazine.pointee.count < magazine.pointee.capacity else { return false }
    block.header.pointee.word = word.freed
    magazine.push(address)
    cache.usage(word.tag, isPaged: word.index >= 128).pointee.countFree(word.byteCount)
    return true
  }

  @inline(__always)
  private func freeRunQuickly(
    _ cache: UnsafeMutablePointer<PoolCache>, _ address: UInt, _ tag: UInt32
  ) -> Bool {
    let descriptor = cache.descriptor(of: address)
    let word = descriptor.pointee.word
    let byteCount = Int(descriptor.pointee.first)
    guard word.bits & PageDescriptor.stateMask == PageDescriptor.liveRun,
      descriptor.pointee.second == 0, tag == 0 || tag == word.tag,
      byteCount & 0xFFF == 0 || Block(address).isGuardIntact(byteCount)
    else { return false }
    // A run too long to be kept has a magazine of capacity 0.
    let magazine = cache.magazine(word.index)
    guard magazine.pointee.count < magazine.pointee.capacity else { return false }
    descriptor.pointee.word = BlockWord(bits: word.bits ^ PageDescriptor.liveToCached)
    magazine.push(address)
    cache.usage(word.tag, isPaged: word.index >= 128).pointee.countFree(byteCount)
    return true
  }
}

/// A block by its address, for the few accesses around it.
struct Block {
  let address: UInt

  @inline(__always)
  init(_ address: UInt) { self.address = address }

  @inline(__always)
  var pointer: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
  }

  @inline(__always)
  var header: UnsafeMutablePointer<BlockHeader> {
    (pointer - 16).assumingMemoryBound(to: BlockHeader.self)
  }

  @inline(__always)
  func write(_ word: BlockWord, _ cookie: UInt64) {
    header.pointee = BlockHeader(check: BlockHeader.seal(address, cookie, word), word: word)
  }

  @inline(__always)
  func writeGuard(_ byteCount: Int) {
    pointer.storeBytes(of: PoolLayout.guardWord, toByteOffset: byteCount, as: UInt64.self)
  }

  @inline(__always)
  func isGuardIntact(_ byteCount: Int) -> Bool {
    pointer.loadUnaligned(fromByteOffset: byteCount, as: UInt64.self) == PoolLayout.guardWord
  }
}
