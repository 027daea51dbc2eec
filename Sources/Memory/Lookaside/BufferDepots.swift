import CRing3
import Glibc
import Machine

/// The depots of a machine.
struct DepotTable {
  var lock = MachineLock()
  /// Held while a depot is emptied or closed.
  var emptying = MachineLock()
  /// All that were made; a closed one stays, because a buffer of it may still be out.
  var first: UnsafeMutablePointer<DepotState>?
  /// A set bit is a place in the threads' caches that a depot has; place 0 is never anybody's, and
  /// looked at for those that have none.
  var places: UInt64 = 1

  static let placeCount = 64
  static let longestStack = 4096

  func destroy() {
    var next = first
    while let depot = next {
      next = depot.pointee.next
      if !depot.pointee.isClosed { Glibc.free(depot.pointee.stack) }
      depot.deallocate()
    }
  }
}

extension Machine {
  fileprivate var depots: UnsafeMutablePointer<DepotTable> {
    withUnsafeMutablePointer(to: &memory.unsafelyUnwrapped.pointee.depots) { $0 }
  }

  /// Makes a depot; whoever makes it closes it.
  ///
  /// A machine that verifies keeps nothing, so that each buffer is checked as pool checks it. Only
  /// 63 depots at a time have places for the threads' buffers; further ones keep nothing either.
  package func makeDepot(byteCount: Int, kind: PoolKind, tag: UInt32) -> BufferDepot {
    let kept = pool.verifies ? 0 : max(1, (256 << 10) / byteCount)
    depots.pointee.lock.lockStaying()
    let place = kept == 0 ? 0 : min((~depots.pointee.places).trailingZeroBitCount, 64)
    let isPlaced = place > 0 && place < DepotTable.placeCount
    if isPlaced { depots.pointee.places |= 1 << UInt64(place) }
    let state = UnsafeMutablePointer<DepotState>.allocate(capacity: 1)
    let stackCapacity = isPlaced ? min(4 * kept, DepotTable.longestStack) : 0
    let stack = malloc(max(stackCapacity, 1) * 8)!.assumingMemoryBound(to: UInt.self)
    state.initialize(
      to: DepotState(
        highestLevel: kind == .paged ? IRQL.apc : IRQL.dispatch, byteCount: byteCount,
        magazineOffset: PoolCache.depotsOffset + (isPlaced ? place * BufferMagazine.stride : 0),
        kind: kind, tag: tag, pool: pool.state, stack: stack,
        stackCapacity: stackCapacity,
        magazineCapacity: min(kept, BufferMagazine.slotCount), next: depots.pointee.first))
    depots.pointee.first = state
    depots.pointee.lock.unlock()
    return BufferDepot(state: state)
  }

  /// Once a second: what nobody has asked for since the last time goes back to pool, and everything
  /// while memory is low.
  package func trimDepots() {
    let isScarce = !pool.conditions.isDisjoint(with: [.lowNonpaged, .lowPaged])
    var next = depots.pointee.first
    while let state = next {
      let depot = BufferDepot(state: state)
      let takes = depot.takeCount
      if isScarce || takes == state.pointee.takesBefore, depot.keptCount > 0 { depot.empty() }
      state.pointee.takesBefore = takes
      next = state.pointee.next
    }
  }

  fileprivate func releasePlace(_ offset: Int) {
    let place = (offset - PoolCache.depotsOffset) / BufferMagazine.stride
    guard place != 0 else { return }
    depots.pointee.lock.lockStaying()
    depots.pointee.places &= ~(1 << UInt64(place))
    depots.pointee.lock.unlock()
  }
}

extension BufferDepot {
  /// Gives all that is kept back to pool; buffers that are out go there when they are given.
  ///
  /// Below DISPATCH_LEVEL, or the level that the depot's pool allows.
  package func close() {
    let machine = Pool(state: state.pointee.pool).machine
    machine.depots.pointee.emptying.lock()
    if !state.pointee.isClosed {
      state.pointee.isClosed = true
      stop()
      giveKeptToPool()
      Glibc.free(state.pointee.stack)
      machine.releasePlace(state.pointee.magazineOffset)
    }
    machine.depots.pointee.emptying.unlock()
  }

  /// Gives all that is kept back to pool, and goes on.
  package func empty() {
    let depots = Pool(state: state.pointee.pool).machine.depots
    depots.pointee.emptying.lock()
    if !state.pointee.isClosed {
      stop()
      giveKeptToPool()
      r3_store32(state, 0)
    }
    depots.pointee.emptying.unlock()
  }

  /// Buffers that are kept now; exact when no thread uses the depot.
  package var keptCount: Int {
    var count = state.pointee.stackCount
    forEachMagazine { count += $0.pointee.count }
    return count
  }

  /// Takes so far, those that pool had to serve among them; exact when no thread uses the depot.
  package var takeCount: UInt64 {
    var count = state.pointee.retiredTakes + state.pointee.misses
    forEachMagazine { count += $0.pointee.takes }
    return count
  }

  /// Takes so far that pool had to serve.
  package var missCount: UInt64 { state.pointee.misses }

  /// Waits until no thread works with its magazine; none begins before ``DepotState/stopped`` is 0.
  ///
  /// The threads do without an atomic exchange for that: a thread says that it is busy, then looks
  /// whether it may be; here it is the other way round, and the fence puts one before the other.
  private func stop() {
    r3_store32(state, 1)
    r3_fence_threads()
    let machine = Pool(state: state.pointee.pool).machine
    forEachMagazine { magazine in
      var turns = 0
      while r3_load32(magazine) != 0, !machine.isHalted {
        turns += 1
        if turns < 100 { r3_pause() } else { sched_yield() }
      }
    }
  }

  private func giveKeptToPool() {
    var kept: UInt = 0
    forEachMagazine { magazine in kept = BufferDepot.chain(magazine, before: kept) }
    state.pointee.lock.lockStaying()
    for position in 0..<state.pointee.stackCount {
      kept = BufferDepot.link(state.pointee.stack[position], before: kept)
    }
    state.pointee.stackCount = 0
    state.pointee.lock.unlock()
    Self.free(kept, to: Pool(state: state.pointee.pool), state.pointee.tag)
  }

  /// Takes the buffers of a magazine that nobody uses, linked through their first words.
  private static func chain(
    _ magazine: UnsafeMutablePointer<BufferMagazine>, before rest: UInt
  ) -> UInt {
    var kept = rest
    for position in 0..<magazine.pointee.count {
      kept = link(magazine.slots[position], before: kept)
    }
    if let owner = magazine.pointee.owner {
      owner.pointee.retiredTakes &+= magazine.pointee.takes
    }
    magazine.initialize(to: BufferMagazine())
    return kept
  }

  private static func link(_ buffer: UInt, before rest: UInt) -> UInt {
    Block(buffer).pointer.storeBytes(of: rest, as: UInt.self)
    return buffer
  }

  private static func free(_ first: UInt, to pool: Pool, _ tag: UInt32) {
    var next = first
    while next != 0 {
      let buffer = Block(next).pointer
      next = buffer.load(as: UInt.self)
      pool.free(buffer, tag: tag)
    }
  }

  /// Calls `body`, which waits for nobody, with each thread's magazine of this depot.
  private func forEachMagazine(_ body: (UnsafeMutablePointer<BufferMagazine>) -> Void) {
    guard state.hasPlace else { return }
    let pool = state.pointee.pool
    pool.pointee.registryLock.lockStaying()
    var next = pool.pointee.firstCache
    while let cache = next {
      let magazine = state.magazine(in: UnsafeMutableRawPointer(cache))
      if magazine.pointee.owner == state { body(magazine) }
      next = cache.pointee.next
    }
    pool.pointee.registryLock.unlock()
  }

  /// Gives what a thread that has ended kept of any depot back to pool.
  static func threadEnded(_ cache: UnsafeMutablePointer<PoolCache>) {
    let pool = Pool(state: cache.pointee.pool)
    for place in 1..<DepotTable.placeCount {
      let magazine = (UnsafeMutableRawPointer(cache) + PoolCache.depotsOffset)
        .assumingMemoryBound(to: UInt8.self)
      let typed = UnsafeMutableRawPointer(magazine + place * BufferMagazine.stride)
        .assumingMemoryBound(to: BufferMagazine.self)
      guard typed.pointee.owner != nil else { continue }
      pool.state.pointee.registryLock.lockStaying()
      let tag = typed.pointee.owner?.pointee.tag ?? 0
      let kept = chain(typed, before: 0)
      pool.state.pointee.registryLock.unlock()
      free(kept, to: pool, tag)
    }
  }
}
