import CRing3
import Glibc
import Machine

// The caches: made at a thread's first long way, given back when the thread ends.
extension Pool {
  /// The cache that the caller may use until ``releaseCache(_:)``.
  func acquireCache() -> UnsafeMutablePointer<PoolCache>? {
    if let thread = r3_current(), thread.pointee.machine == UnsafeMutableRawPointer(machine.state) {
      if let cache = thread.pointee.poolCache {
        return cache.assumingMemoryBound(to: PoolCache.self)
      }
      let cache = makeCache(thread)
      thread.pointee.poolCache = UnsafeMutableRawPointer(cache)
      return cache
    }
    // After a bug check the lock may be held for ever; nobody needs the memory any more.
    guard !machine.isHalted else { return nil }
    state.pointee.hostLock.lockStaying()
    if state.pointee.hostCache == nil { state.pointee.hostCache = makeCache(nil) }
    guard let cache = state.pointee.hostCache else {
      state.pointee.hostLock.unlock()
      return nil
    }
    return cache
  }

  func releaseCache(_ cache: UnsafeMutablePointer<PoolCache>) {
    if cache.pointee.thread == nil { state.pointee.hostLock.unlock() }
  }

  private func makeCache(_ thread: UnsafeMutablePointer<R3Thread>?)
    -> UnsafeMutablePointer<PoolCache>?
  {
    guard let memory = Host.map(PoolCache.byteCount) else { return nil }
    let cache = memory.bindMemory(to: PoolCache.self, capacity: 1)
    cache.initialize(
      to: PoolCache(
        pool: state, mode: 0, cookie: state.pointee.cookie, base: state.pointee.base,
        words: state.pointee.words, tags: TagTable(), credit: QuotaCredit(),
        next: nil, thread: thread))
    cache.writeTables()
    for index in 0..<PoolLayout.indexCount {
      cache.magazine(index).initialize(
        to: Magazine(
          capacity: Int(state.pointee.centrals[index].magazineCapacity),
          usage: cache.tagless(isPaged: index >= 128), word: liveWord(index),
          slotByteCount: UInt32(state.pointee.centrals[index].slotByteCount),
          isPaged: index >= 128))
    }
    state.pointee.registryLock.lockStaying()
    cache.pointee.next = state.pointee.firstCache
    state.pointee.firstCache = cache
    cache.setMode(state.pointee.mode)
    state.pointee.registryLock.unlock()
    return cache
  }

  private func liveWord(_ index: Int) -> UInt64 {
    index & 63 > PoolLayout.runClassBase
      ? PageWord.base(index)
      : BlockWord(tag: 0, byteCount: 0, index: index, flags: BlockWord.live).bits
  }

  /// Gives back what a thread that has ended kept, and adds its figures to those of the ended.
  static func threadEnded(_ thread: UnsafeMutablePointer<R3Thread>) {
    guard let cache = thread.pointee.poolCache?.assumingMemoryBound(to: PoolCache.self) else {
      return
    }
    let pool = Pool(state: cache.pointee.pool)
    // Of an ended machine nothing is needed but the figures, and they stay readable.
    if pool.machine.isHalted { return }
    BufferDepot.threadEnded(cache)
    thread.pointee.poolCache = nil
    for index in 0..<PoolLayout.indexCount {
      let magazine = cache.magazine(index)
      pool.drain(magazine, index, magazine.total)
    }
    pool.giveBackCredit(cache)
    pool.unregister(cache)
    PoolCache.unmap(cache)
  }

  private func unregister(_ cache: UnsafeMutablePointer<PoolCache>) {
    state.pointee.registryLock.lockStaying()
    if state.pointee.firstCache == cache {
      state.pointee.firstCache = cache.pointee.next
    } else {
      var other = state.pointee.firstCache
      while let current = other, current.pointee.next != cache { other = current.pointee.next }
      other?.pointee.next = cache.pointee.next
    }
    state.pointee.retiredTags.merge(cache.pointee.tags)
    state.pointee.registryLock.unlock()
  }

  /// Sets or clears mode bits of the pool and of every cache.
  func setMode(_ bits: UInt32, _ isOn: Bool) {
    state.pointee.registryLock.lockStaying()
    if isOn { state.pointee.mode |= bits } else { state.pointee.mode &= ~bits }
    var next = state.pointee.firstCache
    while let cache = next {
      cache.setMode(isOn ? cache.pointee.mode | bits : cache.pointee.mode & ~bits)
      next = cache.pointee.next
    }
    state.pointee.registryLock.unlock()
  }
}

extension PoolCache {
  static func unmap(_ cache: UnsafeMutablePointer<PoolCache>) {
    cache.pointee.tags.destroy()
    munmap(cache, byteCount)
  }
}

extension UnsafeMutablePointer where Pointee == PoolCache {
  /// Writes, for each number of 16-byte units, where the magazine of the smallest class lies whose
  /// slots are that large; and where those of each pool type lie.
  fileprivate func writeTables() {
    let table = (UnsafeMutableRawPointer(self) + PoolCache.classTableOffset)
      .assumingMemoryBound(to: UInt16.self)
    var units = 0
    _ = PoolLayout.slotSizes { number, size in
      while units <= size >> 4 {
        table[units] = UInt16(PoolCache.magazinesOffset + number &<< 9)
        units += 1
      }
    }
    let rows = (UnsafeMutableRawPointer(self) + PoolCache.rowTableOffset)
      .assumingMemoryBound(to: UInt32.self)
    for bits: UInt32 in [0, 1, 512, 513] {
      let type = LegacyPoolType(bits)
      rows[type.row] = UInt32(type.kind.row)
    }
  }
}
