import CRing3
import Machine

// What lies behind the threads' magazines: the stack that they share, and pool.
extension BufferDepot {
  @usableFromInline @inline(never)
  func takeSlowly() -> UnsafeMutableRawPointer? {
    // Where a plan may refuse it, nothing is kept, and each take comes here.
    if Machine.current.injectsFailures,
      Machine.current.refusesNatively("ExAllocateFromLookasideListEx", tag: state.pointee.tag)
    {
      return nil
    }
    if let magazine = enter() {
      if magazine.pointee.count == 0 { refill(magazine) }
      let count = magazine.pointee.count
      if count > 0 {
        magazine.pointee.count = count - 1
        magazine.pointee.takes &+= 1
        let address = magazine.slots[count - 1]
        magazine.end()
        return UnsafeMutableRawPointer(bitPattern: address)
      }
      magazine.end()
    }
    _ = r3_add64(state.field(\.misses), 1)
    return takeFromPool(Pool(state: state.pointee.pool))
  }

  private func takeFromPool(_ pool: Pool) -> UnsafeMutableRawPointer? {
    let byteCount = max(state.pointee.byteCount, DepotState.leastByteCount)
    guard pool.guardsDrivers else {
      return pool.allocate(byteCount, kind: state.pointee.kind, tag: state.pointee.tag)
    }
    var request = PoolRequest(byteCount, state.pointee.kind, state.pointee.tag)
    request.isDriver = true
    var failure = PoolFailure.none
    return pool.allocate(request, failure: &failure)
  }

  @usableFromInline @inline(never)
  func giveSlowly(_ buffer: UnsafeMutableRawPointer) {
    if let magazine = enter() {
      if magazine.pointee.count == magazine.pointee.capacity { drain(magazine) }
      let count = magazine.pointee.count
      if count < magazine.pointee.capacity {
        magazine.slots[count] = UInt(bitPattern: buffer)
        magazine.pointee.count = count + 1
        return magazine.end()
      }
      magazine.end()
    }
    Pool(state: state.pointee.pool).free(buffer, tag: state.pointee.tag)
  }

  /// Begins to work with the thread's magazine, which becomes this depot's; nil when the thread has
  /// none that it may use now.
  private func enter() -> UnsafeMutablePointer<BufferMagazine>? {
    guard state.hasPlace, let thread = r3_current(),
      thread.pointee.irql <= state.pointee.highestLevel, let start = thread.pointee.poolCache,
      start.assumingMemoryBound(to: PoolCache.self).pointee.pool == state.pointee.pool
    else { return nil }
    let magazine = state.magazine(in: start)
    magazine.begin()
    if state.isStopped {
      magazine.end()
      return nil
    }
    if magazine.pointee.owner != state {
      magazine.pointee.owner = state
      magazine.pointee.capacity = state.pointee.magazineCapacity
    }
    return magazine
  }

  private func refill(_ magazine: UnsafeMutablePointer<BufferMagazine>) {
    state.pointee.lock.lockStaying()
    let count = min(magazine.batch, state.pointee.stackCount)
    state.pointee.stackCount -= count
    magazine.slots.update(from: state.pointee.stack + state.pointee.stackCount, count: count)
    state.pointee.lock.unlock()
    magazine.pointee.count = count
  }

  /// Moves the oldest half to where every thread can have it, as far as there is room.
  private func drain(_ magazine: UnsafeMutablePointer<BufferMagazine>) {
    state.pointee.lock.lockStaying()
    let count = min(magazine.batch, state.pointee.stackCapacity - state.pointee.stackCount)
    (state.pointee.stack + state.pointee.stackCount).update(from: magazine.slots, count: count)
    state.pointee.stackCount += count
    state.pointee.lock.unlock()
    magazine.pointee.count -= count
    magazine.slots.update(from: magazine.slots + count, count: magazine.pointee.count)
  }
}

extension UnsafeMutablePointer where Pointee == BufferMagazine {
  fileprivate var batch: Int { (pointee.capacity + 1) / 2 }
}

extension UnsafeMutablePointer where Pointee == DepotState {
  /// Whether threads may keep buffers of this depot.
  var hasPlace: Bool { pointee.magazineOffset != PoolCache.depotsOffset }

  func field<Value>(_ path: WritableKeyPath<DepotState, Value>) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(self) + MemoryLayout<DepotState>.offset(of: path).unsafelyUnwrapped
  }
}
