import IOManager
import Machine
import Memory
import NTTypes
import Objects

// What a kernel holds now. Figures are exact while no other thread is inside.
extension Kernel {
  /// Figures of every pool tag that was used.
  public var poolUsage: [PoolTagUsage] { machine.pool.tagStatistics() }

  /// Figures of one tag; nil when it was never used.
  public func poolUsage(of tag: PoolTag, paged: Bool = false) -> PoolTagUsage? {
    let usage = machine.pool.usage(of: tag.rawValue, isPaged: paged)
    return usage.allocationCount == 0 ? nil : usage
  }

  /// The live blocks, those of one tag or all, by address.
  public func poolBlocks(tag: PoolTag? = nil) -> [PoolBlock] {
    machine.pool.liveBlocks(tag: tag?.rawValue)
  }

  /// The live objects: drivers, devices, files, links and what else has a type.
  ///
  /// Those of the driver framework are ``frameworkObjects``.
  public var objects: [ObjectRecord] { machine.objects.records() }

  /// Requests that were started and have not ended.
  public var pendingRequestCount: Int { pending.count }

  /// The requests that were started and have not ended, the oldest first.
  public var pendingRequests: [PendingRequest] { pending.list }

  /// What the requests of this kernel use now.
  public var ioFigures: IOFigures {
    let counters = machine.io.counters
    return IOFigures(
      irps: counters.liveIRPs, files: machine.objects.liveCount(.file),
      mdls: machine.mdlCount, lockedPages: machine.lockedPageCount,
      mappings: machine.systemMappingCount)
  }

  /// The lookaside lists in use.
  public var lookasideLists: [LookasideUsage] { machine.lookaside.usage() }

  /// What drivers printed, as far as it is kept.
  public var debugOutput: String { machine.debugText }

  /// Begins to record the way of each request.
  public func startTrace() { machine.io.startTrace() }

  /// The recorded points, oldest first; empty without ``startTrace()``.
  public var trace: [TraceEvent] { machine.io.traceEvents }

  /// The number of points that were recorded, with those that are no longer kept.
  public var traceCount: Int { machine.io.traceCount }

  /// Forgets the points recorded so far.
  public func clearTrace() { machine.io.clearTrace() }
}

/// What requests use: each figure is 0 when nothing is under way and nothing was lost.
public struct IOFigures: Sendable, Hashable {
  /// Live IRPs.
  public let irps: Int
  /// Open file objects.
  public let files: Int
  /// Live MDLs.
  public let mdls: Int
  /// Pages that MDLs have locked.
  public let lockedPages: Int
  /// MDLs that are mapped into system space.
  public let mappings: Int
}
