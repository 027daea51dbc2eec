import CRing3
import Glibc
import Machine

// What lies behind the caches: stacks of free blocks, shared pages, runs of pages.
extension Pool {
  /// A free block of a class, out of the cache or through it; nil when the pool is exhausted.
  @inline(__always)
  func takeBlock(_ cache: UnsafeMutablePointer<PoolCache>, _ index: Int) -> UInt? {
    let magazine = cache.magazine(index)
    guard !magazine.isEmpty || fill(cache, magazine, index) else { return nil }
    return magazine.pop()
  }

  @inline(never)
  private func fill(
    _ cache: UnsafeMutablePointer<PoolCache>, _ magazine: UnsafeMutablePointer<Magazine>,
    _ index: Int
  ) -> Bool {
    refill(magazine, index)
    if magazine.isEmpty {
      flush(cache)
      refill(magazine, index)
    }
    return !magazine.isEmpty
  }

  /// Takes a free block into the cache, or past it when memory is scarce.
  @inline(__always)
  func putBlock(_ cache: UnsafeMutablePointer<PoolCache>, _ index: Int, _ address: UInt) {
    let magazine = cache.magazine(index)
    if magazine.isFull {
      drain(magazine, index, magazine.pointee.batch)
    }
    magazine.push(address)
    if cache.pointee.mode != 0 { obeyMode(cache, magazine, index) }
  }

  @inline(never)
  private func obeyMode(
    _ cache: UnsafeMutablePointer<PoolCache>, _ magazine: UnsafeMutablePointer<Magazine>,
    _ index: Int
  ) {
    let mode = cache.pointee.mode
    if mode & PoolMode.mustTrim != 0 {
      state.pointee.registryLock.lockStaying()
      cache.setMode(cache.pointee.mode & ~PoolMode.mustTrim)
      state.pointee.registryLock.unlock()
      empty(cache)
    } else if mode & PoolMode.isScarce != 0 {
      drain(magazine, index, magazine.total)
      emptyStack(index)
    }
  }

  private func refill(_ magazine: UnsafeMutablePointer<Magazine>, _ index: Int) {
    let central = state.pointee.centrals + index
    let isScarce = state.pointee.mode & PoolMode.isScarce != 0
    let wanted = isScarce ? 1 : magazine.pointee.batch
    central.pointee.lock.lockStaying()
    let ready = min(wanted, Int(central.pointee.stackCount))
    if ready > 0 {
      central.pointee.stackCount -= Int32(ready)
      magazine.slots.update(
        from: central.pointee.stack + Int(central.pointee.stackCount), count: ready)
      magazine.pointee.count = ready
    } else if central.pointee.slotByteCount != 0 {
      carveSlots(central, magazine, index, wanted)
    } else {
      carveRuns(central, magazine, index, wanted)
    }
    central.pointee.lock.unlock()
  }

  /// Moves the oldest `count` blocks of a magazine to where every thread can have them.
  func drain(_ magazine: UnsafeMutablePointer<Magazine>, _ index: Int, _ count: Int) {
    guard count > 0 else { return }
    magazine.settle()
    let central = state.pointee.centrals + index
    central.pointee.lock.lockStaying()
    let room = min(count, Int(central.pointee.stackCapacity - central.pointee.stackCount))
    (central.pointee.stack + Int(central.pointee.stackCount))
      .update(from: magazine.slots, count: room)
    central.pointee.stackCount += Int32(room)
    for position in room..<count { release(central, index, magazine.slots[position]) }
    central.pointee.lock.unlock()
    magazine.pointee.count -= count
    magazine.slots.update(from: magazine.slots + count, count: magazine.pointee.count)
  }

  /// Gives the blocks of a class that no thread has back to their pages.
  func emptyStack(_ index: Int) {
    let central = state.pointee.centrals + index
    guard r3_load32(central.stackCountAddress) != 0 else { return }
    central.pointee.lock.lockStaying()
    while central.pointee.stackCount > 0 {
      central.pointee.stackCount -= 1
      release(central, index, central.pointee.stack[Int(central.pointee.stackCount)])
    }
    central.pointee.lock.unlock()
  }

  // MARK: Shared pages

  private func carveSlots(
    _ central: UnsafeMutablePointer<CentralClass>, _ magazine: UnsafeMutablePointer<Magazine>,
    _ index: Int, _ wanted: Int
  ) {
    while magazine.total < wanted {
      if central.pointee.partial == 0 {
        // One fresh page at a time: a class that is hardly used takes no more.
        guard magazine.isEmpty, addSharedPage(central, index) else { return }
      }
      let page = Int(central.pointee.partial) - 1
      let descriptor = state.pointee.descriptors + page
      let base = state.pointee.address(ofPage: page) + 16
      while descriptor.pointee.count > 0, magazine.total < wanted {
        let slot = descriptor.pointee.takeSlot()
        magazine.push(base + UInt(slot) * UInt(central.pointee.slotByteCount))
      }
      if descriptor.pointee.count == 0 { unlink(central, page) }
    }
  }

  private func addSharedPage(_ central: UnsafeMutablePointer<CentralClass>, _ index: Int) -> Bool {
    guard let page = takePages(1, state.pointee.kind(ofIndex: index)) else { return false }
    state.pointee.words[page] = PageWord(sharedBy: index)
    state.pointee.descriptors[page] = PageDescriptor(sharedBy: Int(central.pointee.slotsPerPage))
    link(central, page)
    return true
  }

  /// Gives one block back to its page, and the page back to the pool when that was the last.
  private func release(
    _ central: UnsafeMutablePointer<CentralClass>, _ index: Int, _ address: UInt
  ) {
    let page = Int((address - state.pointee.base) >> UInt(pageShift))
    let descriptor = state.pointee.descriptors + page
    guard central.pointee.slotByteCount != 0 else {
      state.pointee.words[page] = .unused
      givePages(page, Int(central.pointee.pageCount))
      return
    }
    if descriptor.pointee.count == 0 { link(central, page) }
    descriptor.pointee.putSlot(central.pointee.slot(at: Int(address & pageMask) - 16))
    if descriptor.pointee.count == Int(central.pointee.slotsPerPage) {
      unlink(central, page)
      state.pointee.words[page] = .unused
      givePages(page, 1)
    }
  }

  private func link(_ central: UnsafeMutablePointer<CentralClass>, _ page: Int) {
    let descriptors = state.pointee.descriptors
    descriptors[page].previous = 0
    descriptors[page].next = central.pointee.partial
    if central.pointee.partial != 0 {
      descriptors[Int(central.pointee.partial) - 1].previous = UInt32(page + 1)
    }
    central.pointee.partial = UInt32(page + 1)
  }

  private func unlink(_ central: UnsafeMutablePointer<CentralClass>, _ page: Int) {
    let descriptors = state.pointee.descriptors
    let next = descriptors[page].next
    let previous = descriptors[page].previous
    if next != 0 { descriptors[Int(next) - 1].previous = previous }
    if previous != 0 {
      descriptors[Int(previous) - 1].next = next
    } else {
      central.pointee.partial = next
    }
  }

  // MARK: Runs

  private func carveRuns(
    _ central: UnsafeMutablePointer<CentralClass>, _ magazine: UnsafeMutablePointer<Magazine>,
    _ index: Int, _ wanted: Int
  ) {
    let count = Int(central.pointee.pageCount)
    while magazine.total < wanted {
      guard let page = takePages(count, state.pointee.kind(ofIndex: index)) else { return }
      magazine.push(state.pointee.address(ofPage: page))
    }
  }

  /// A run too long to be kept; what the caches hold is given up for it when there is no other way.
  func takeLongRun(
    _ cache: UnsafeMutablePointer<PoolCache>, _ count: Int, _ kind: PoolKind, _ isFresh: inout Bool
  ) -> UInt? {
    isFresh = true
    if let page = takePages(count, kind, marking: false) {
      return state.pointee.address(ofPage: page)
    }
    flush(cache)
    guard let page = takePages(count, kind, marking: false) else { return nil }
    return state.pointee.address(ofPage: page)
  }

  func giveLongRun(_ address: UInt, _ byteCount: Int) {
    let page = Int((address - state.pointee.base) >> UInt(pageShift))
    state.pointee.words[page] = .unused
    givePages(page, PoolLayout.pageCount(max(byteCount, 1)))
  }
}

extension UnsafeMutablePointer where Pointee == CentralClass {
  var stackCountAddress: UnsafeMutableRawPointer {
    withUnsafeMutablePointer(to: &pointee.stackCount) { UnsafeMutableRawPointer($0) }
  }
}
