import CRing3
import Machine
import Objects

/// Figures of the I/O manager, for reports and leak checks.
///
/// Each thread counts for itself, so that a request touches nothing shared.
package struct IOCounters {
  package var liveIRPs = 0
  /// Completion stages that ran as an APC in the requester's thread, and those that ran inline.
  package var finishedByAPC = 0
  package var finishedInline = 0
  /// Requests that were taken off an ended thread because their driver kept them for too long.
  package var abandoned = 0

  static func += (left: inout IOCounters, right: IOCounters) {
    left.liveIRPs += right.liveIRPs
    left.finishedByAPC += right.finishedByAPC
    left.finishedInline += right.finishedInline
    left.abandoned += right.abandoned
  }
}

extension IOManager {
  /// The figures of all threads; exact while none is inside.
  package var counters: IOCounters {
    state.pointee.recordLock.lockStaying()
    var sum = state.pointee.counters
    var next = machine.state.pointee.threads.first
    while let thread = next {
      if thread.pointee.hasBlock, let cache = thread.pointee.block.pointee.irpCache {
        sum += cache.load(as: IRPCache.self).counters
      }
      next = thread.pointee.next
    }
    state.pointee.recordLock.unlock()
    return sum
  }
}
