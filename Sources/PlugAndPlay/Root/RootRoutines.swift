import IOManager
import Machine
import Memory

/// Routines of the manager that lie where drivers and IRPs have routines of drivers.
enum RootRoutines {
  static var plugAndPlay: UnsafeMutableRawPointer { page[0] }
  static var power: UnsafeMutableRawPointer { page[1] }
  static var systemControl: UnsafeMutableRawPointer { page[2] }
  /// The completion routine of requests made by PoRequestPowerIrp.
  static var powerCompletion: UnsafeMutableRawPointer { page[3] }
  /// The cancel routine of an IRP_MN_WAIT_WAKE that a root device keeps.
  static var waitWakeCancel: UnsafeMutableRawPointer { page[4] }

  private static let page = StubPage([
    stub(rootPlugAndPlay, 2),
    stub(rootPower, 2),
    stub(rootSystemControl, 2),
    stub(powerCompleted, 3),
    stub(cancelWaitWake, 2),
  ])
}

/// A dispatch routine of the root devices.
typealias RootDispatch = @convention(c) (DevicePointer, IRPPointer) -> UInt64

/// The status that a dispatch routine returns.
@inline(__always)
func returned(_ status: Int32) -> UInt64 { UInt64(UInt32(bitPattern: status)) }
