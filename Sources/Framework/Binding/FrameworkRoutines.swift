import Machine
import Memory

/// Routines of the framework that lie where the I/O manager and drivers see routines of drivers.
enum FrameworkRoutines {
  /// Every dispatch slot of a driver object.
  static var dispatch: UnsafeMutableRawPointer { page[0] }
  static var addDevice: UnsafeMutableRawPointer { page[1] }
  static var unload: UnsafeMutableRawPointer { page[2] }
  /// The completion routine of requests that were sent.
  static var completed: UnsafeMutableRawPointer { page[3] }
  /// The cancel routine of requests that a queue keeps.
  static var cancelQueued: UnsafeMutableRawPointer { page[4] }
  /// The cancel routine of requests that a driver marked as cancelable.
  static var cancelMarked: UnsafeMutableRawPointer { page[5] }
  /// The completion routine of opens that the lower driver answers.
  static var createPassed: UnsafeMutableRawPointer { page[6] }
  /// The Free routine of lookaside lists whose entries are memory objects.
  static var freeEntry: UnsafeMutableRawPointer { page[7] }
  /// The cancel routine of IRPs that wait for a reserved request.
  static var cancelReserved: UnsafeMutableRawPointer { page[8] }

  private static let page = StubPage([
    stub(dispatchRoutine, 2),
    stub(addDeviceRoutine, 2),
    stub(unloadRoutine, 1),
    stub(completedRoutine, 3),
    stub(cancelQueuedRoutine, 2),
    stub(cancelMarkedRoutine, 2),
    stub(createPassedRoutine, 3),
    stub(freeEntryRoutine, 2),
    stub(cancelReservedRoutine, 2),
  ])
}
