import CRing3

// Copying in a verified machine.

@c(r3_verified_memcpy)
func verifiedMemcpy(
  _ destination: UnsafeMutableRawPointer?, _ source: UnsafeRawPointer?, _ count: UInt
) -> UnsafeMutableRawPointer? {
  checkCopy(destination, source, count)
  copy(destination, source, count)
  return destination
}

@c(r3_verified_RtlCopyMemory)
func verifiedRtlCopyMemory(
  _ destination: UnsafeMutableRawPointer?, _ source: UnsafeRawPointer?, _ count: UInt
) {
  _ = verifiedMemcpy(destination, source, count)
}

/// Copies by the instructions of the export itself, so that a bad address is the driver's fault.
private func copy(
  _ destination: UnsafeMutableRawPointer?, _ source: UnsafeRawPointer?, _ count: UInt
) {
  let routine: @convention(c) () -> Void = r3_leaf_memmove
  _ = r3_call3(
    unsafeBitCast(routine, to: UnsafeRawPointer.self), UInt64(UInt(bitPattern: destination)),
    UInt64(UInt(bitPattern: source)), UInt64(count))
}

@c(r3_verified_memmove)
func verifiedMemmove(
  _ destination: UnsafeMutableRawPointer?, _ source: UnsafeRawPointer?, _ count: UInt
) -> UnsafeMutableRawPointer? {
  checkRoom(destination, source, count)
  copy(destination, source, count)
  return destination
}

@c(r3_verified_RtlMoveMemory)
func verifiedRtlMoveMemory(
  _ destination: UnsafeMutableRawPointer?, _ source: UnsafeRawPointer?, _ count: UInt
) {
  _ = verifiedMemmove(destination, source, count)
}
