import CRing3
import Glibc
import Machine

/// Routines of the framework that lie where the I/O manager and drivers see routines of drivers.
///
/// One page of stubs in the Microsoft convention for the whole process; never freed.
enum FrameworkRoutines {
  /// Every dispatch slot of a driver object.
  static var dispatch: UnsafeMutableRawPointer { page + 0 * size }
  static var addDevice: UnsafeMutableRawPointer { page + 1 * size }
  static var unload: UnsafeMutableRawPointer { page + 2 * size }
  /// The completion routine of requests that were sent.
  static var completed: UnsafeMutableRawPointer { page + 3 * size }
  /// The cancel routine of requests that a queue keeps.
  static var cancelQueued: UnsafeMutableRawPointer { page + 4 * size }
  /// The cancel routine of requests that a driver marked as cancelable.
  static var cancelMarked: UnsafeMutableRawPointer { page + 5 * size }
  /// The completion routine of opens that the lower driver answers.
  static var createPassed: UnsafeMutableRawPointer { page + 6 * size }
  /// The Free routine of lookaside lists whose entries are memory objects.
  static var freeEntry: UnsafeMutableRawPointer { page + 7 * size }
  /// The cancel routine of IRPs that wait for a reserved request.
  static var cancelReserved: UnsafeMutableRawPointer { page + 8 * size }
  private static let size = Int(R3_STUB_SIZE)

  private nonisolated(unsafe) static let page: UnsafeMutableRawPointer = {
    guard let page = Host.map(pageSize) else { fatalError("The host gave no page for stubs.") }
    let stubs = page.assumingMemoryBound(to: UInt8.self)
    func make(_ index: Int, _ routine: UnsafeRawPointer, _ count: UInt32) {
      r3_make_stub(stubs + index * size, routine, count, 0)
    }
    make(0, unsafeBitCast(dispatchRoutine, to: UnsafeRawPointer.self), 2)
    make(1, unsafeBitCast(addDeviceRoutine, to: UnsafeRawPointer.self), 2)
    make(2, unsafeBitCast(unloadRoutine, to: UnsafeRawPointer.self), 1)
    make(3, unsafeBitCast(completedRoutine, to: UnsafeRawPointer.self), 3)
    make(4, unsafeBitCast(cancelQueuedRoutine, to: UnsafeRawPointer.self), 2)
    make(5, unsafeBitCast(cancelMarkedRoutine, to: UnsafeRawPointer.self), 2)
    make(6, unsafeBitCast(createPassedRoutine, to: UnsafeRawPointer.self), 3)
    make(7, unsafeBitCast(freeEntryRoutine, to: UnsafeRawPointer.self), 2)
    make(8, unsafeBitCast(cancelReservedRoutine, to: UnsafeRawPointer.self), 2)
    mprotect(page, pageSize, PROT_READ | PROT_EXEC)
    return page
  }()
}
