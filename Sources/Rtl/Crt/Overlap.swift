import CRing3
import Machine
import NTTypes

// Copying in a verified machine: routines for ranges that do not overlap are told when they do.

@c(r3_verified_memcpy)
func verifiedMemcpy(
  _ destination: UnsafeMutableRawPointer?, _ source: UnsafeRawPointer?, _ count: UInt
) -> UnsafeMutableRawPointer? {
  checkOverlap(destination, source, count)
  copy(destination, source, count)
  return destination
}

@c(r3_verified_RtlCopyMemory)
func verifiedRtlCopyMemory(
  _ destination: UnsafeMutableRawPointer?, _ source: UnsafeRawPointer?, _ count: UInt
) {
  checkOverlap(destination, source, count)
  copy(destination, source, count)
}

private func checkOverlap(
  _ destination: UnsafeMutableRawPointer?, _ source: UnsafeRawPointer?, _ count: UInt
) {
  let distance = UInt(bitPattern: destination) &- UInt(bitPattern: source)
  // A compiler copies a structure to itself in this way.
  guard distance != 0, distance < count || 0 &- distance < count else { return }
  let machine = Machine.current
  guard machine.verifier.contains(.miscellaneous) else { return }
  machine.report(
    0xC4, 0xF0, UInt64(UInt(bitPattern: destination)), UInt64(UInt(bitPattern: source)),
    UInt64(count))
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
