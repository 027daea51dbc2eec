import CRing3
import Glibc
import IOManager
import Machine

/// Routines of the manager that lie where drivers and IRPs have routines of drivers.
///
/// One page of stubs in the Microsoft convention for the whole process; never freed.
enum RootRoutines {
  static var plugAndPlay: UnsafeMutableRawPointer { page + 0 * size }
  static var power: UnsafeMutableRawPointer { page + 1 * size }
  static var systemControl: UnsafeMutableRawPointer { page + 2 * size }
  /// The completion routine of requests made by PoRequestPowerIrp.
  static var powerCompletion: UnsafeMutableRawPointer { page + 3 * size }
  /// The cancel routine of an IRP_MN_WAIT_WAKE that a root device keeps.
  static var waitWakeCancel: UnsafeMutableRawPointer { page + 4 * size }
  private static let size = Int(R3_STUB_SIZE)

  private nonisolated(unsafe) static let page: UnsafeMutableRawPointer = {
    guard let page = Host.map(pageSize) else { fatalError("The host gave no page for stubs.") }
    let stubs = page.assumingMemoryBound(to: UInt8.self)
    func make(_ index: Int, _ routine: UnsafeRawPointer, _ count: UInt32) {
      r3_make_stub(stubs + index * size, routine, count, 0)
    }
    make(0, unsafeBitCast(rootPlugAndPlay, to: UnsafeRawPointer.self), 2)
    make(1, unsafeBitCast(rootPower, to: UnsafeRawPointer.self), 2)
    make(2, unsafeBitCast(rootSystemControl, to: UnsafeRawPointer.self), 2)
    make(3, unsafeBitCast(powerCompleted, to: UnsafeRawPointer.self), 3)
    make(4, unsafeBitCast(cancelWaitWake, to: UnsafeRawPointer.self), 2)
    mprotect(page, pageSize, PROT_READ | PROT_EXEC)
    return page
  }()
}

/// A dispatch routine of the root devices.
typealias RootDispatch = @convention(c) (DevicePointer, IRPPointer) -> UInt64

/// The status that a dispatch routine returns.
@inline(__always)
func returned(_ status: Int32) -> UInt64 { UInt64(UInt32(bitPattern: status)) }
