import CRing3
import Glibc
import Machine

/// Routines of the I/O manager that lie where drivers see routines of drivers.
///
/// One page of stubs in the Microsoft convention for the whole process; never freed.
enum DriverRoutines {
  /// The cancel routine of IRPs in a cancel-safe queue.
  static var cancelQueued: UnsafeMutableRawPointer { page + 0 * size }
  /// The completion routine of IoForwardIrpSynchronously.
  static var wakeForwarder: UnsafeMutableRawPointer { page + 1 * size }
  /// The completion routine that stands before one set with IoSetCompletionRoutineEx.
  static var completeEx: UnsafeMutableRawPointer { page + 2 * size }
  private static let size = Int(R3_STUB_SIZE)

  private nonisolated(unsafe) static let page: UnsafeMutableRawPointer = {
    guard let page = Host.map(pageSize) else { fatalError("The host gave no page for stubs.") }
    let stubs = page.assumingMemoryBound(to: UInt8.self)
    func make(_ index: Int, _ routine: UnsafeRawPointer, _ count: UInt32) {
      r3_make_stub(stubs + index * size, routine, count, 0)
    }
    make(0, unsafeBitCast(CancelSafeQueue.cancelQueued, to: UnsafeRawPointer.self), 2)
    make(1, unsafeBitCast(wakeForwarderRoutine, to: UnsafeRawPointer.self), 3)
    make(2, unsafeBitCast(completeExRoutine, to: UnsafeRawPointer.self), 3)
    mprotect(page, pageSize, PROT_READ | PROT_EXEC)
    return page
  }()
}
