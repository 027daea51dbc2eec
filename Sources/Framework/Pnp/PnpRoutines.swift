import Machine
import Memory

/// Routines of the framework's Plug and Play that lie where the system has routines of drivers.
enum PnpRoutines {
  /// Called when a change of a device's power that the framework asked for is complete.
  static var powerChanged: UnsafeMutableRawPointer { page[0] }
  /// Called when IRP_MN_WAIT_WAKE is complete.
  static var woken: UnsafeMutableRawPointer { page[1] }
  /// The cancel routine of IRP_MN_WAIT_WAKE that a bus keeps for a child.
  static var cancelWake: UnsafeMutableRawPointer { page[2] }

  private static let page = StubPage([
    stub(powerChangedRoutine, 5),
    stub(wokenRoutine, 5),
    stub(cancelWakeRoutine, 2),
  ])
}
