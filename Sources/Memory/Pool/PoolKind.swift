import Machine

/// The pools of a machine.
public enum PoolKind: UInt8, Sendable, Hashable, CaseIterable {
  /// Always resident, not executable: `NonPagedPoolNx`.
  case nonpaged = 0
  /// Always resident, executable: `NonPagedPool`, also called `NonPagedPoolExecute`.
  case nonpagedExecutable = 1
  /// Touched only below DISPATCH_LEVEL: `PagedPool`.
  case paged = 2

  /// How far its magazines lie behind those of nonpaged pool.
  @inline(__always)
  var row: Int { Int(rawValue) &<< 15 }

  /// What the legacy routines call it, for reports.
  package var poolType: UInt64 {
    switch self {
    case .nonpaged: 512
    case .nonpagedExecutable: 0
    case .paged: 1
    }
  }
}

/// Who is served when memory gets scarce: `EX_POOL_PRIORITY` without its special-pool bits.
package enum PoolPriority: UInt8, Sendable {
  case low, normal, high
}

/// One request, as the routine that cannot take the short way sees it.
package struct PoolRequest: Sendable {
  package var byteCount: Int
  package var kind: PoolKind
  package var tag: UInt32
  package var isZeroed = false
  package var isCacheAligned = false
  package var priority = PoolPriority.normal
  package var process: Process?
  /// Whether a driver asked: special pool takes no others.
  package var isDriver = false
  /// Whether only some of those of one site are guarded: ``GuardSampling``.
  package var isSampled = false

  package init(_ byteCount: Int, _ kind: PoolKind, _ tag: UInt32) {
    self.byteCount = byteCount
    self.kind = kind
    self.tag = tag
  }
}

/// Why there is no memory.
package enum PoolFailure: Sendable {
  case none, exhausted, quotaExceeded

  /// The status that the raising routines raise.
  package var status: UInt32 { self == .quotaExceeded ? 0xC000_0044 : 0xC000_009A }
}
