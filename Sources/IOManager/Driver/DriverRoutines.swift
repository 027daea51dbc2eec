import Machine
import Memory

/// Routines of the I/O manager that lie where drivers see routines of drivers.
enum DriverRoutines {
  /// The cancel routine of IRPs in a cancel-safe queue.
  static var cancelQueued: UnsafeMutableRawPointer { page[0] }
  /// The completion routine of IoForwardIrpSynchronously.
  static var wakeForwarder: UnsafeMutableRawPointer { page[1] }
  /// The completion routine that stands before one set with IoSetCompletionRoutineEx.
  static var completeEx: UnsafeMutableRawPointer { page[2] }

  private static let page = StubPage([
    stub(CancelSafeQueue.cancelQueued, 2),
    stub(wakeForwarderRoutine, 3),
    stub(completeExRoutine, 3),
  ])
}
