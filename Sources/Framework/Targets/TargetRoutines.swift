import IOManager
import Machine
import Memory

/// Routines for targets that lie where the I/O and Plug and Play managers see routines of drivers.
enum TargetRoutines {
  /// The cancel routine of requests that wait for their target.
  static var cancelPended: UnsafeMutableRawPointer { page[0] }
  /// The notification routine for the devices of targets.
  static var notification: UnsafeMutableRawPointer { page[1] }
  /// The completion routine of the reads of continuous readers.
  static var readCompleted: UnsafeMutableRawPointer { page[2] }

  private static let page = StubPage([
    stub(cancelPendedRoutine, 2),
    stub(targetNotificationRoutine, 2),
    stub(readCompletedRoutine, 4),
  ])
}
