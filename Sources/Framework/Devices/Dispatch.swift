import CDriverKit
import CRing3
import IOManager
import Machine

/// The dispatch routine of every framework driver.
let dispatchRoutine: @convention(c) (DevicePointer, IRPPointer) -> Int32 = { wdm, irp in
  Framework.current.dispatch(wdm, irp)
}

extension Framework {
  fileprivate func dispatch(_ wdm: DevicePointer, _ irp: IRPPointer) -> Int32 {
    guard let device = device(of: wdm) else {
      return complete(irp, Int32(bitPattern: 0xC000_000E))  // STATUS_NO_SUCH_DEVICE
    }
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    let major = location.pointee.MajorFunction
    if let table = device.pointee.preprocess {
      let entry = table.pointee.entries[Int(major)]
      if let routine = entry.routine, entry.contains(location.pointee.MinorFunction) {
        return Int32(truncatingIfNeeded: r3_call2(routine, device.handle, bits(irp)))
      }
    }
    return dispatch(device, irp, major)
  }

  /// Gives an IRP to the part of the framework that its major function belongs to.
  func dispatch(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer, _ major: UInt8)
    -> Int32
  {
    switch Int32(major) {
    case IRP_MJ_READ, IRP_MJ_WRITE, IRP_MJ_DEVICE_CONTROL, IRP_MJ_INTERNAL_DEVICE_CONTROL:
      dispatchToQueue(device, irp, major)
    case IRP_MJ_CREATE: create(device, irp)
    case IRP_MJ_CLEANUP: cleanup(device, irp)
    case IRP_MJ_CLOSE: close(device, irp)
    case IRP_MJ_SHUTDOWN: shutDown(device, irp)
    case IRP_MJ_PNP: dispatchPnp(device, irp)
    case IRP_MJ_POWER: dispatchPower(device, irp)
    case IRP_MJ_SYSTEM_CONTROL: systemControl(device, irp)
    default: passOrRefuse(device, irp)
    }
  }

  /// What nobody here handles: the lower driver's for a filter, refused by a function driver.
  func passOrRefuse(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    if device.pointee.role == .filter { return passDown(device, irp) }
    return complete(irp, FrameworkStatus.invalidDeviceRequest)
  }

  private func shutDown(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    if let routine = device.pointee.shutdown { _ = r3_call1(routine, device.handle) }
    if device.pointee.role == .filter { return passDown(device, irp) }
    return complete(irp, FrameworkStatus.success)
  }

  /// Completes an IRP that no request was made for.
  func complete(_ irp: IRPPointer, _ status: Int32, information: UInt = 0) -> Int32 {
    irp.pointee.IoStatus.Status = status
    irp.pointee.IoStatus.Information = ULONG_PTR(information)
    machine.io.complete(irp, boost: 0)
    return status
  }

  /// Passes an IRP to the lower device as it is.
  func passDown(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    guard let lower = device.pointee.attachedTo else {
      return complete(irp, FrameworkStatus.invalidDeviceRequest)
    }
    irp.pointee.CurrentLocation += 1
    irp.pointee.Tail.Overlay.CurrentStackLocation += 1
    return machine.io.callDriver(lower, irp)
  }
}
