import CDriverKit
import CRing3
import Machine

extension IOManager {
  /// Sends an IRP to a driver: takes the next stack location and calls its dispatch routine.
  package func callDriver(_ device: DevicePointer, _ irp: IRPPointer) -> Int32 {
    irp.pointee.CurrentLocation -= 1
    if irp.pointee.CurrentLocation <= 0 { noMoreLocations(irp) }
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation - 1
    irp.pointee.Tail.Overlay.CurrentStackLocation = location
    location.pointee.DeviceObject = device
    let driver = device.pointee.DriverObject.unsafelyUnwrapped
    let routine = dispatchTable(driver)[Int(location.pointee.MajorFunction)]
    return Int32(
      truncatingIfNeeded: r3_call2(
        routine ?? state.pointee.invalidRequest, UInt64(UInt(bitPattern: device)),
        UInt64(UInt(bitPattern: irp))))
  }

  @inline(never)
  func noMoreLocations(_ irp: IRPPointer) -> Never {
    machine.bugCheck(0x35, UInt64(UInt(bitPattern: irp)), 0, 0, 0)
  }
}
