import CDriverKit
import CRing3
import Machine

// How many entries a list keeps follows its use, from tick to tick.
extension LookasideLists {
  /// Adjusts the depth limit of every list to what happened since the last call.
  ///
  /// Called about once a second by whoever has timers, and by tests whenever they like.
  package func tune() {
    let isScarce = !machine.pool.conditions.isDisjoint(with: [.lowNonpaged, .lowPaged])
    for address in active {
      guard let pointer = UnsafeMutableRawPointer(bitPattern: address) else { continue }
      let list = LookasideList(pointer)
      // Its entries are guarded, and none is kept.
      if list.head.pointee.MaximumDepth == 0 { continue }
      list.tune(isScarce: isScarce)
      trim(list)
    }
  }

  /// Gives entries above the limit back to pool; a driver's own Free routine is not called from here.
  private func trim(_ list: LookasideList) {
    guard UnsafeRawPointer(list.head.pointee.FreeEx) == machine.driverStubs.free else { return }
    while list.entries.depth > list.head.pointee.Depth {
      guard let entry = UnsafeMutableRawPointer(bitPattern: list.entries.pop()) else { return }
      machine.pool.free(entry)
    }
  }
}

extension LookasideList {
  fileprivate func tune(isScarce: Bool) {
    let allocates = head.pointee.TotalAllocates &- head.pointee.LastTotalAllocates
    let misses = head.pointee.AllocateMisses &- head.pointee.LastAllocateMisses
    head.pointee.LastTotalAllocates = head.pointee.TotalAllocates
    head.pointee.LastAllocateMisses = head.pointee.AllocateMisses
    head.pointee.Depth = Self.depth(
      after: head.pointee.Depth, limit: head.pointee.MaximumDepth, allocates: allocates,
      misses: isScarce ? 0 : misses, isScarce: isScarce)
  }

  /// Allocations between two ticks from which a list counts as used.
  static let busy: UInt32 = 16

  /// The next depth limit: it never leaves its bounds, and more misses never make it smaller.
  ///
  /// A used list that misses grows by a share of the room that is left, the larger the more it
  /// misses; one that does not miss keeps its depth; an idle one loses a quarter of what it has
  /// above the least.
  package static func depth(
    after depth: UInt16, limit: UInt16, allocates: UInt32, misses: UInt32, isScarce: Bool = false
  ) -> UInt16 {
    let limit = max(limit, minimumDepth)
    let depth = min(max(depth, minimumDepth), limit)
    guard allocates >= busy, !isScarce else {
      let excess = depth - minimumDepth
      return depth - (excess + 3) / 4
    }
    guard misses > 0 else { return depth }
    let share = min(UInt64(misses) * 1024 / UInt64(allocates), 1024)
    let growth = 1 + UInt64(limit - depth) * share / 2048
    return UInt16(min(UInt64(limit), UInt64(depth) + growth))
  }
}
