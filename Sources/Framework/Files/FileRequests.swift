import CDriverKit
import CRing3
import IOManager
import Machine

// Opening and closing a device: IRP_MJ_CREATE, IRP_MJ_CLEANUP, IRP_MJ_CLOSE.
extension Framework {
  /// Opens: makes the WDFFILEOBJECT and asks the driver, when it wants to be asked.
  func create(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    guard let config = device.pointee.fileConfig, let wdm = location.pointee.FileObject else {
      return finishCreate(device, irp)
    }
    guard let file = makeFile(device, wdm) else {
      return complete(irp, FrameworkStatus.insufficientResources)
    }
    guard let routine = config.EvtDeviceFileCreate else { return finishCreate(device, irp) }
    guard let request = makeRequest(device, irp) else {
      FrameworkObject(file).delete()
      return complete(irp, FrameworkStatus.insufficientResources)
    }
    return withDispatch(of: request) {
      beginDriverOwnership(of: request)
      _ = r3_call3(
        UnsafeRawPointer(routine), device.handle, request.handle, FrameworkObject(file).handle)
    }
  }

  /// Without a callback: done for a function driver, the lower driver's for a filter.
  private func finishCreate(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32
  {
    if device.pointee.role == .filter { return passDown(device, irp) }
    // A default queue that takes everything gets it too.
    if let queue = device.pointee.queues[Int(IRP_MJ_CREATE)] {
      return dispatch(device, irp, to: queue)
    }
    return complete(irp, FrameworkStatus.success)
  }

  /// The last handle is closed: the driver's cleanup callback; then requests of the file are cancelled.
  func cleanup(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    if let file = file(device, location.pointee.FileObject),
      let routine = device.pointee.fileConfig?.EvtFileCleanup
    {
      _ = r3_call1(UnsafeRawPointer(routine), FrameworkObject(file).handle)
    }
    cancelRequests(of: location.pointee.FileObject, on: device)
    if forwardsFileRequests(device) { return passDown(device, irp) }
    return complete(irp, FrameworkStatus.success)
  }

  func close(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    if let file = file(device, location.pointee.FileObject) {
      if let routine = device.pointee.fileConfig?.EvtFileClose {
        _ = r3_call1(UnsafeRawPointer(routine), FrameworkObject(file).handle)
      }
      FrameworkObject(file).delete()
    }
    if forwardsFileRequests(device) { return passDown(device, irp) }
    return complete(irp, FrameworkStatus.success)
  }

  /// `AutoForwardCleanupClose`: by default only a filter passes these on.
  private func forwardsFileRequests(_ device: UnsafeMutablePointer<DeviceBody>) -> Bool {
    switch device.pointee.fileConfig?.AutoForwardCleanupClose.rawValue {
    case 0: false
    case 1: device.pointee.attachedTo != nil
    default: device.pointee.role == .filter
    }
  }
}
