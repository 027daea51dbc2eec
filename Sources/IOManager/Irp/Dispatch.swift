import CDriverKit
import CRing3
import NTTypes
import Machine

extension IOManager {
  /// Sends an IRP to a driver: takes the next stack location and calls its dispatch routine.
  @inline(__always)
  package func callDriver(_ device: DevicePointer, _ irp: IRPPointer) -> Int32 {
    if !machine.verifier.isEmpty { return callDriverChecked(device, irp) }
    let location = take(irp, for: device)
    return callRoutine(device, irp, location.pointee.MajorFunction)
  }

  /// Moves the IRP down to the location of the driver that is called.
  @inline(__always)
  func take(_ irp: IRPPointer, for device: DevicePointer) -> StackPointer {
    irp.pointee.CurrentLocation -= 1
    if irp.pointee.CurrentLocation <= 0 { noMoreLocations(irp) }
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation - 1
    irp.pointee.Tail.Overlay.CurrentStackLocation = location
    location.pointee.DeviceObject = device
    return location
  }

  @inline(__always)
  func callRoutine(_ device: DevicePointer, _ irp: IRPPointer, _ function: UInt8) -> Int32 {
    let routine = dispatchRoutine(of: device, function)
    // The framework's needs no change of convention there and back.
    if let routine, routine == state.pointee.ownDispatch, let body = state.pointee.ownDispatchBody {
      return body(device, irp)
    }
    return Int32(
      truncatingIfNeeded: r3_call2(
        routine ?? state.pointee.invalidRequest, bits(device), bits(irp)))
  }

  /// The routine that ``callRoutine(_:_:_:)`` calls; nil for functions that there are not.
  @inline(__always)
  func dispatchRoutine(of device: DevicePointer, _ function: UInt8) -> UnsafeMutableRawPointer? {
    guard let driver = device.pointee.DriverObject, function <= UInt8(IRP_MJ_MAXIMUM_FUNCTION)
    else { return nil }
    return dispatchTable(driver)[Int(function)]
  }

  @inline(never)
  func noMoreLocations(_ irp: IRPPointer) -> Never {
    machine.bugCheck(0x35, bits(irp), 0, 0, 0)
  }
}
