import CRing3
import Glibc
import Machine

// Pages of the three regions.
extension Pool {
  /// Takes adjacent pages; gives the number of the first among the pools' pages.
  ///
  /// With `marking` they count as written from now on.
  func takePages(_ count: Int, _ kind: PoolKind, marking: Bool = true) -> Int? {
    let memory = withUnsafeMutablePointer(to: &machine.state.pointee.memory) { $0 }
    let found: FrameNumber?
    switch kind {
    case .nonpaged: found = memory.pointee.nonpaged.allocate(count)
    case .nonpagedExecutable: found = memory.pointee.executable.allocate(count)
    case .paged: found = memory.pointee.paged.allocate(count)
    }
    guard let frame = found else { return nil }
    if kind == .nonpaged, frame + count > state.pointee.backing.end {
      growBacking(to: frame + count)
    }
    if marking {
      for number in frame..<(frame + count) { memory.pointee.frames[number].isDirty = 1 }
    }
    updateConditions()
    return frame - state.pointee.firstFrame
  }

  func givePages(_ page: Int, _ count: Int) {
    let memory = withUnsafeMutablePointer(to: &machine.state.pointee.memory) { $0 }
    let frame = page + state.pointee.firstFrame
    switch state.pointee.kind(ofPage: page) {
    case .nonpaged: memory.pointee.nonpaged.free(frame, count)
    case .nonpagedExecutable: memory.pointee.executable.free(frame, count)
    case .paged: memory.pointee.paged.free(frame, count)
    }
    updateConditions()
  }

  /// Zeroes those pages of a run that were ever written.
  func zeroDirtyPages(_ address: UInt, _ count: Int) {
    let memory = machine.state.pointee.memory
    guard let frame = memory.frame(of: address) else { return }
    for number in frame..<(frame + count) {
      if memory.frames[number].isDirty != 0 { memset(memory.address(of: number), 0, pageSize) }
      memory.frames[number].isDirty = 1
    }
  }

  // MARK: Giving up what is kept

  /// Gives all that this cache and no cache keeps back to the regions, and tells the others to.
  func flush(_ cache: UnsafeMutablePointer<PoolCache>) {
    empty(cache)
    state.pointee.registryLock.lockStaying()
    var next = state.pointee.firstCache
    while let other = next {
      if other != cache { other.setMode(other.pointee.mode | PoolMode.mustTrim) }
      next = other.pointee.next
    }
    state.pointee.registryLock.unlock()
  }

  /// Empties the cache and the stacks behind it.
  func empty(_ cache: UnsafeMutablePointer<PoolCache>) {
    for index in 0..<PoolLayout.indexCount {
      let magazine = cache.magazine(index)
      drain(magazine, index, magazine.total)
      emptyStack(index)
    }
  }

  /// Gives everything that the calling thread keeps back to the regions; for measuring what is free.
  package func trim() {
    guard let cache = acquireCache() else { return }
    flush(cache)
    releaseCache(cache)
  }

  /// Pages of a pool that are in no block and in no cache.
  package func freePageCount(_ kind: PoolKind) -> Int {
    let memory = machine.state.pointee.memory
    switch kind {
    case .nonpaged: return memory.nonpaged.freeCount
    case .nonpagedExecutable: return memory.executable.freeCount
    case .paged: return memory.paged.freeCount
    }
  }

  /// Bytes of the largest block that could be had now.
  package func largestBlock(_ kind: PoolKind) -> Int {
    trim()
    let memory = withUnsafeMutablePointer(to: &machine.state.pointee.memory) { $0 }
    switch kind {
    case .nonpaged: return memory.pointee.nonpaged.longestFreeRun() << pageShift
    case .nonpagedExecutable: return memory.pointee.executable.longestFreeRun() << pageShift
    case .paged: return memory.pointee.paged.longestFreeRun() << pageShift
    }
  }
}

extension PoolState {
  func kind(ofIndex index: Int) -> PoolKind { PoolKind(rawValue: UInt8(index >> 6)) ?? .paged }
}
