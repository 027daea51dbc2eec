import CRing3
import Machine
import NTTypes

/// The `POOL_FLAG_` bits.
private struct PoolFlags: OptionSet {
  let rawValue: UInt64

  static let useQuota = PoolFlags(rawValue: 0x1)
  static let uninitialized = PoolFlags(rawValue: 0x2)
  static let session = PoolFlags(rawValue: 0x4)
  static let cacheAligned = PoolFlags(rawValue: 0x8)
  static let raiseOnFailure = PoolFlags(rawValue: 0x20)
  static let nonpaged = PoolFlags(rawValue: 0x40)
  static let nonpagedExecute = PoolFlags(rawValue: 0x80)
  static let paged = PoolFlags(rawValue: 0x100)

  /// What a caller may require; there is no session pool to satisfy `session` with.
  static let supported: PoolFlags = [
    .useQuota, .uninitialized, .cacheAligned, .raiseOnFailure, .nonpaged, .nonpagedExecute, .paged,
  ]
  /// Bits that must be known; those above are hints.
  static let required = PoolFlags(rawValue: 0xFFFF_FFFF)

  /// The one pool that is asked for.
  var kind: PoolKind? {
    switch intersection([.nonpaged, .nonpagedExecute, .paged]) {
    case .nonpaged: .nonpaged
    case .nonpagedExecute: .nonpagedExecutable
    case .paged: .paged
    default: nil
    }
  }

  var isValid: Bool { kind != nil && intersection(.required).isSubset(of: .supported) }
}

@c(r3_ExAllocatePool2)
func exAllocatePool2(_ flags: UInt64, _ byteCount: UInt64, _ tag: UInt32)
  -> UnsafeMutableRawPointer?
{
  allocate(PoolFlags(rawValue: flags), byteCount, tag, .normal)
}

@c(r3_ExAllocatePool3)
func exAllocatePool3(
  _ flags: UInt64, _ byteCount: UInt64, _ tag: UInt32, _ parameters: UnsafeRawPointer?,
  _ count: UInt32
) -> UnsafeMutableRawPointer? {
  let flags = PoolFlags(rawValue: flags)
  var priority = PoolPriority.normal
  for index in 0..<Int(count) {
    guard let parameters,
      ExtendedParameter(parameters + index * 16).apply(flags, &priority)
    else { return refuse(flags, invalidParameter) }
  }
  return allocate(flags, byteCount, tag, priority)
}

private let invalidParameter: UInt32 = 0xC000_000D

private func allocate(
  _ flags: PoolFlags, _ byteCount: UInt64, _ tag: UInt32, _ priority: PoolPriority
) -> UnsafeMutableRawPointer? {
  guard flags.isValid, tag != 0, let kind = flags.kind,
    byteCount != 0 || Pool.current.checks(.poolTracking)
  else { return refuse(flags, invalidParameter) }
  var request = PoolRequest(Int(clamping: byteCount), kind, tag)
  request.isZeroed = !flags.contains(.uninitialized)
  request.isCacheAligned = flags.contains(.cacheAligned)
  request.priority = priority
  request.isDriver = true
  if flags.contains(.useQuota) {
    request.process = CurrentThread.process
  } else if !request.isCacheAligned, priority == .normal, !Pool.current.guardsDrivers {
    return Pool.current.allocate(
      request.byteCount, kind: kind, tag: tag, zeroed: request.isZeroed)
      ?? refuse(flags, PoolFailure.exhausted.status)
  }
  var failure = PoolFailure.none
  return Pool.current.allocate(request, failure: &failure) ?? refuse(flags, failure.status)
}

private func refuse(_ flags: PoolFlags, _ status: UInt32) -> UnsafeMutableRawPointer? {
  if flags.contains(.raiseOnFailure) { Pool.current.machine.raise(status: status) }
  return nil
}

/// A `POOL_EXTENDED_PARAMETER`: type in bits 0-7, whether it is optional in bit 8, then its value.
private struct ExtendedParameter {
  let type: UInt64
  let isOptional: Bool
  let value: UInt64

  init(_ address: UnsafeRawPointer) {
    let head = address.loadUnaligned(as: UInt64.self)
    type = head & 0xFF
    isOptional = head & 0x100 != 0
    value = address.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
  }

  /// Takes the parameter into account; false when the request must fail.
  func apply(_ flags: PoolFlags, _ priority: inout PoolPriority) -> Bool {
    switch type {
    case 1:
      guard let known = PoolPriority(windows: UInt32(truncatingIfNeeded: value)) else {
        return isOptional
      }
      priority = known
      return true
    case 3:
      // All memory is of one node.
      return flags.contains(.nonpaged) || isOptional
    default:
      // Secure pool (2) needs a hypervisor; the rest is unknown.
      return isOptional
    }
  }
}
