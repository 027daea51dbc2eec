import CRing3
import Machine

/// Addresses at which a driver can call routines of this layer, for pointers in its structures.
package struct DriverStubs {
  /// ExAllocatePoolWithTag.
  package private(set) var allocate: UnsafeRawPointer?
  /// ExFreePool.
  package private(set) var free: UnsafeRawPointer?

  /// Writes the stubs into a page of executable pool that the machine keeps.
  mutating func make(in machine: Machine) {
    guard let base = machine.makeStubPage() else { return }
    let allocateRoutine: @convention(c) (UInt32, UInt64, UInt32) -> UnsafeMutableRawPointer? =
      exAllocatePoolWithTag
    let freeRoutine: @convention(c) (UnsafeMutableRawPointer?) -> Void = exFreePool
    r3_make_stub(base, unsafeBitCast(allocateRoutine, to: UnsafeRawPointer.self), 3, 0)
    let second = base + Int(R3_STUB_SIZE)
    r3_make_stub(second, unsafeBitCast(freeRoutine, to: UnsafeRawPointer.self), 1, 0)
    allocate = UnsafeRawPointer(base)
    free = UnsafeRawPointer(second)
  }
}

extension Machine {
  /// A page of executable pool for import stubs of an upper layer; it stays until the machine ends.
  package func makeStubPage() -> UnsafeMutablePointer<UInt8>? {
    guard let page = pool.takePages(1, .nonpagedExecutable) else { return nil }
    return UnsafeMutablePointer(bitPattern: pool.state.pointee.address(ofPage: page))
  }
}
