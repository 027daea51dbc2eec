import CRing3
import Glibc
import Machine

/// Routines of the framework's Plug and Play that lie where the system has routines of drivers.
///
/// One page of stubs in the Microsoft convention for the whole process; never freed.
enum PnpRoutines {
  /// Called when a change of a device's power that the framework asked for is complete.
  static var powerChanged: UnsafeMutableRawPointer { page + 0 * size }
  /// Called when IRP_MN_WAIT_WAKE is complete.
  static var woken: UnsafeMutableRawPointer { page + 1 * size }
  /// The cancel routine of IRP_MN_WAIT_WAKE that a bus keeps for a child.
  static var cancelWake: UnsafeMutableRawPointer { page + 2 * size }
  private static let size = Int(R3_STUB_SIZE)

  private nonisolated(unsafe) static let page: UnsafeMutableRawPointer = {
    guard let page = Host.map(pageSize) else { fatalError("The host gave no page for stubs.") }
    let stubs = page.assumingMemoryBound(to: UInt8.self)
    func make(_ index: Int, _ routine: UnsafeRawPointer, _ count: UInt32) {
      r3_make_stub(stubs + index * size, routine, count, 0)
    }
    make(0, unsafeBitCast(powerChangedRoutine, to: UnsafeRawPointer.self), 5)
    make(1, unsafeBitCast(wokenRoutine, to: UnsafeRawPointer.self), 5)
    make(2, unsafeBitCast(cancelWakeRoutine, to: UnsafeRawPointer.self), 2)
    mprotect(page, pageSize, PROT_READ | PROT_EXEC)
    return page
  }()
}
