import CRing3

/// Called by the stubs of exports that may fail, in place of the export.
///
/// - Parameters:
///   - arguments: the driver's arguments, in a row.
///   - call: the export.
@c(r3_FallibleCall)
func fallibleCall(_ arguments: UnsafePointer<UInt64>, _ call: UnsafePointer<R3Fallible>) -> UInt64 {
  let manner = manner(of: call, arguments)
  if manner != .never, Machine.current.refuses(call.pointee.name, tag: tag(of: call, arguments)) {
    return refuse(call, arguments, manner)
  }
  return r3_pass(call.pointee.function, arguments, call.pointee.argumentCount)
}

/// The address of ``fallibleCall(_:_:)``, for stubs that lower layers make themselves.
package var fallibleCallHandler: UnsafeRawPointer {
  let handler: @convention(c) (UnsafePointer<UInt64>, UnsafePointer<R3Fallible>) -> UInt64 =
    fallibleCall
  return unsafeBitCast(handler, to: UnsafeRawPointer.self)
}

/// How one call says no.
private enum Manner {
  /// It cannot fail with these arguments.
  case never
  case null, status, raising
}

private let insufficientResources: UInt32 = 0xC000_009A

private func manner(of call: UnsafePointer<R3Fallible>, _ arguments: UnsafePointer<UInt64>)
  -> Manner
{
  let first = arguments[0]
  switch call.pointee.refusal {
  case .null: return .null
  case .status: return .status
  case .raise: return .raising
  // POOL_FLAG_RAISE_ON_FAILURE
  case .pool: return first & 0x20 != 0 ? .raising : .null
  // Must succeed: its own bug check. POOL_RAISE_IF_ALLOCATION_FAILURE.
  case .legacyPool: return first & 2 != 0 ? .never : first & 16 != 0 ? .raising : .null
  // POOL_QUOTA_FAIL_INSTEAD_OF_RAISE
  case .quotaPool: return first & 2 != 0 ? .never : first & 8 != 0 ? .null : .raising
  case .mapping: return mappingManner(arguments)
  case .string: return arguments[2] & 0xFF != 0 ? .status : .never
  }
}

/// MmMapLockedPagesSpecifyCache raises for a user mapping; asked to bug-check, it does not fail.
private func mappingManner(_ arguments: UnsafePointer<UInt64>) -> Manner {
  if arguments[1] & 0xFF == 1 { return .raising }
  return UInt32(truncatingIfNeeded: arguments[4]) != 0 ? .never : .null
}

private func tag(of call: UnsafePointer<R3Fallible>, _ arguments: UnsafePointer<UInt64>) -> UInt32 {
  let index = Int(call.pointee.tag)
  return index < 0 ? 0 : UInt32(truncatingIfNeeded: arguments[index])
}

private func refuse(
  _ call: UnsafePointer<R3Fallible>, _ arguments: UnsafePointer<UInt64>, _ manner: Manner
) -> UInt64 {
  let index = Int(call.pointee.result)
  if index >= 0, let result = UnsafeMutablePointer<UInt64>(bitPattern: UInt(arguments[index])) {
    result.pointee = 0
  }
  switch manner {
  case .raising: Machine.current.raise(status: insufficientResources)
  case .status: return UInt64(insufficientResources)
  case .null, .never: return 0
  }
}
