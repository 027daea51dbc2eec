import CDriverKit
import CRing3
import IOManager
import Machine

// IRP_MJ_PNP for function and filter devices; those of a bus's children are answered in Pdo.
extension Framework {
  /// Handles a Plug and Play request; called at PASSIVE_LEVEL by the Plug and Play manager.
  func dispatchPnp(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    guard let pnp = device.pnp else { return complete(irp, FrameworkStatus.invalidDeviceRequest) }
    if let pdo = device.pdo { return dispatchPnp(ofChild: device, pnp, pdo, irp) }
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    let parameters = location.pointee.Parameters
    switch Int32(location.pointee.MinorFunction) {
    case IRP_MN_START_DEVICE: return start(device, pnp, irp)
    case IRP_MN_QUERY_STOP_DEVICE:
      return answer(device, pnp, irp, pnp.pointee.callbacks.EvtDeviceQueryStop)
    case IRP_MN_STOP_DEVICE: return stop(device, pnp, irp)
    case IRP_MN_QUERY_REMOVE_DEVICE:
      return answer(device, pnp, irp, pnp.pointee.callbacks.EvtDeviceQueryRemove)
    case IRP_MN_SURPRISE_REMOVAL: return surpriseRemove(device, pnp, irp)
    case IRP_MN_REMOVE_DEVICE: return remove(device, pnp, irp)
    case IRP_MN_CANCEL_STOP_DEVICE, IRP_MN_CANCEL_REMOVE_DEVICE: return succeed(device, irp)
    case IRP_MN_QUERY_CAPABILITIES: return queryCapabilities(device, pnp, irp)
    case IRP_MN_QUERY_PNP_DEVICE_STATE: return queryState(device, pnp, irp)
    case IRP_MN_QUERY_DEVICE_RELATIONS:
      return queryRelations(device, pnp, irp, parameters.QueryDeviceRelations.Type)
    case IRP_MN_QUERY_INTERFACE: return queryInterface(device, pnp, irp, location)
    case IRP_MN_FILTER_RESOURCE_REQUIREMENTS: return filterRequirements(device, pnp, irp, location)
    case IRP_MN_DEVICE_USAGE_NOTIFICATION: return passUsage(device, pnp, irp, parameters)
    default: return passDown(device, irp)
    }
  }

  private func answer(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer, _ routine: UnsafeRawPointer?
  ) -> Int32 {
    let status = ask(device, pnp, routine)
    return status < 0 ? complete(irp, status) : succeed(device, irp)
  }

  /// Whether a device may be stopped or removed: the framework and then the driver are asked.
  func ask(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ routine: UnsafeRawPointer?
  ) -> Int32 {
    // A device that does not work yet has nothing to lose.
    guard pnp.pointee.stage == .started else { return 0 }
    if pnp.pointee.staticCount != 0 { return FrameworkStatus.invalidDeviceState }
    if pnp.pointee.isInSpecialUse { return FrameworkStatus.deviceNotReady }
    return device.call(routine)
  }

  /// A special file is told to the drivers below, and to devices that go along with this one.
  private func passUsage(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer, _ parameters: IO_STACK_LOCATION.__Unnamed_union_Parameters
  ) -> Int32 {
    if device.pointee.role == .filter, pnp.pointee.supportedFiles == 0 {
      return passDown(device, irp)
    }
    let status = noteUsage(device, pnp, parameters.UsageNotification)
    return status < 0 ? complete(irp, status) : succeed(device, irp)
  }

  /// Passes a request down that this driver has nothing against.
  func succeed(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    irp.pointee.IoStatus.Status = FrameworkStatus.success
    return passDown(device, irp)
  }

  /// Has the lower drivers handle a request first.
  ///
  /// - Returns: their status; the request is this driver's again, and has to be completed.
  func sendDownAndWait(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    guard let lower = device.pointee.attachedTo else { return irp.pointee.IoStatus.Status }
    _ = machine.io.forwardSynchronously(irp, to: lower)
    return irp.pointee.IoStatus.Status
  }

  private func start(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    var status = sendDownAndWait(device, irp)
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    if status >= 0 { status = bringUp(device, pnp, location) }
    return complete(irp, status, information: UInt(irp.pointee.IoStatus.Information))
  }

  private func stop(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    rest(device, pnp)
    return succeed(device, irp)
  }

  private func surpriseRemove(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    enter(device, pnp, pnp: WdfDevStatePnpSurpriseRemove)
    _ = device.call(pnp.pointee.callbacks.EvtDeviceSurpriseRemoval)
    takeDown(device, pnp)
    pnp.pointee.stage = .surpriseRemoved
    return succeed(device, irp)
  }

  private func remove(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    if pnp.pointee.stage != .surpriseRemoved { takeDown(device, pnp) }
    deleteChildren(of: device)
    finish(device, pnp)
    // Objects below the device, its targets among them, end while there are still drivers below.
    guard device.object.beginDeletion() else { return succeed(device, irp) }
    device.object.detach()
    device.object.cleanTree()
    let status = succeed(device, irp)
    device.object.releaseTree()
    return status
  }
}
