import CRing3
import Glibc
import IOManager
import Machine

/// Routines for targets that lie where the I/O and Plug and Play managers see routines of drivers.
///
/// One page of stubs in the Microsoft convention for the whole process; never freed.
enum TargetRoutines {
  /// The cancel routine of requests that wait for their target.
  static var cancelPended: UnsafeMutableRawPointer { page }
  /// The notification routine for the devices of targets.
  static var notification: UnsafeMutableRawPointer { page + size }
  /// The completion routine of the reads of continuous readers.
  static var readCompleted: UnsafeMutableRawPointer { page + 2 * size }
  private static let size = Int(R3_STUB_SIZE)

  private nonisolated(unsafe) static let page: UnsafeMutableRawPointer = {
    guard let page = Host.map(pageSize) else { fatalError("The host gave no page for stubs.") }
    let stubs = page.assumingMemoryBound(to: UInt8.self)
    r3_make_stub(stubs, unsafeBitCast(cancelPendedRoutine, to: UnsafeRawPointer.self), 2, 0)
    r3_make_stub(
      stubs + size, unsafeBitCast(targetNotificationRoutine, to: UnsafeRawPointer.self), 2, 0)
    r3_make_stub(
      stubs + 2 * size, unsafeBitCast(readCompletedRoutine, to: UnsafeRawPointer.self), 4, 0)
    mprotect(page, pageSize, PROT_READ | PROT_EXEC)
    return page
  }()
}
