import CRing3
import Glibc
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
    if machine.injectsFailures {
      r3_make_fallible_stub(base, Self.fallibleAllocate)
    } else {
      r3_make_stub(base, unsafeBitCast(allocateRoutine, to: UnsafeRawPointer.self), 3, 0)
    }
    let second = base + Int(R3_STUB_SIZE)
    r3_make_stub(second, unsafeBitCast(freeRoutine, to: UnsafeRawPointer.self), 1, 0)
    allocate = UnsafeRawPointer(base)
    free = UnsafeRawPointer(second)
  }

  /// ExAllocatePoolWithTag for lookaside lists, which may be refused; never freed.
  private nonisolated(unsafe) static let fallibleAllocate: UnsafePointer<R3Fallible> = {
    let routine: @convention(c) (UInt32, UInt64, UInt32) -> UnsafeMutableRawPointer? =
      exAllocatePoolWithTag
    let fallible = UnsafeMutablePointer<R3Fallible>.allocate(capacity: 1)
    fallible.initialize(
      to: R3Fallible(
        handler: fallibleCallHandler, function: unsafeBitCast(routine, to: UnsafeRawPointer.self),
        name: refusedList, argumentCount: 3, refusal: .legacyPool, tag: 2, result: -1))
    return UnsafePointer(fallible)
  }()

  /// What a refusal of the default Allocate routine is told by.
  static var refusedList: UnsafePointer<CChar> {
    UnsafeRawPointer(("ExAllocateFromLookasideListEx" as StaticString).utf8Start)
      .assumingMemoryBound(to: CChar.self)
  }
}

extension Machine {
  /// A page of executable pool for import stubs of an upper layer; it stays until the machine ends.
  package func makeStubPage() -> UnsafeMutablePointer<UInt8>? {
    guard let page = pool.takePages(1, .nonpagedExecutable) else { return nil }
    return UnsafeMutablePointer(bitPattern: pool.state.pointee.address(ofPage: page))
  }
}

/// Routines of the system at addresses that drivers can call, in the Microsoft convention.
///
/// One page for the whole process; never freed.
package struct StubPage: @unchecked Sendable {
  private let start: UnsafeMutableRawPointer

  /// Makes stubs of routines in the host's convention, each with its number of arguments.
  ///
  /// Without memory for a page the process ends.
  package init(_ routines: [(routine: UnsafeRawPointer, argumentCount: UInt32)]) {
    precondition(routines.count * Int(R3_STUB_SIZE) <= pageSize, "More routines than fit a page.")
    guard let page = Host.map(pageSize) else { fatalError("The host gave no page for stubs.") }
    start = page
    for (index, entry) in routines.enumerated() {
      let place = (page + index * Int(R3_STUB_SIZE)).assumingMemoryBound(to: UInt8.self)
      r3_make_stub(place, entry.routine, entry.argumentCount, 0)
    }
    mprotect(page, pageSize, PROT_READ | PROT_EXEC)
  }

  /// The address of a routine, by its place in the list.
  package subscript(index: Int) -> UnsafeMutableRawPointer { start + index * Int(R3_STUB_SIZE) }
}

/// A routine in the host's convention as a value for ``StubPage``.
package func stub<Routine>(_ routine: Routine, _ argumentCount: UInt32)
  -> (routine: UnsafeRawPointer, argumentCount: UInt32)
{
  (unsafeBitCast(routine, to: UnsafeRawPointer.self), argumentCount)
}
