import CRing3
import Machine

/// A `POOL_TYPE` with its modifier bits.
package struct LegacyPoolType {
  package let bits: UInt32

  @inlinable package init(_ bits: UInt32) { self.bits = bits }

  @inlinable package var kind: PoolKind {
    bits & 1 != 0 ? .paged : bits & 512 != 0 ? .nonpaged : .nonpagedExecutable
  }

  /// The bits that tell the pool, 0 to 3.
  @inline(__always) var row: Int { Int((bits | bits &>> 8) & 3) }

  /// Whether nothing but a kind is asked for.
  @inline(__always) var isPlain: Bool { bits & ~513 == 0 }

  var mustSucceed: Bool { bits & 2 != 0 }
  var isCacheAligned: Bool { bits & 4 != 0 }
  /// The bit `POOL_QUOTA_FAIL_INSTEAD_OF_RAISE`.
  var quotaFailsQuietly: Bool { bits & 8 != 0 }
  /// The bit `POOL_RAISE_IF_ALLOCATION_FAILURE`.
  var raises: Bool { bits & 16 != 0 }
  /// The bit `POOL_ZERO_ALLOCATION`.
  var isZeroed: Bool { bits & 1024 != 0 }
}

extension Pool {
  /// What all legacy routines do, each with its own way of failing.
  package func allocateLegacy(
    _ type: LegacyPoolType, _ byteCount: UInt64, _ tag: UInt32,
    priority: PoolPriority = .normal, chargesQuota: Bool = false
  ) -> UnsafeMutableRawPointer? {
    if type.mustSucceed {
      machine.bugCheck(0xC2, 0x9A, UInt64(type.bits), byteCount, UInt64(tag))
    }
    var request = PoolRequest(Int(clamping: byteCount), type.kind, tag)
    request.isZeroed = type.isZeroed
    request.isCacheAligned = type.isCacheAligned
    request.priority = priority
    request.isDriver = true
    if chargesQuota { request.process = CurrentThread.process }
    var failure = PoolFailure.none
    if let address = allocate(request, failure: &failure) { return address }
    if chargesQuota ? !type.quotaFailsQuietly : type.raises {
      machine.raise(status: failure.status)
    }
    return nil
  }
}
