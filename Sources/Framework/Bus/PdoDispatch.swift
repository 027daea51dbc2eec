import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

// IRP_MJ_PNP for the children of a bus: the requests end here.
extension Framework {
  func dispatchPnp(
    ofChild device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ pdo: UnsafeMutablePointer<PdoState>, _ irp: IRPPointer
  ) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    let parameters = location.pointee.Parameters
    switch Int32(location.pointee.MinorFunction) {
    case IRP_MN_START_DEVICE: return complete(irp, bringUp(device, pnp, location))
    case IRP_MN_QUERY_STOP_DEVICE:
      return complete(irp, ask(device, pnp, pnp.pointee.callbacks.EvtDeviceQueryStop))
    case IRP_MN_QUERY_REMOVE_DEVICE:
      return complete(irp, ask(device, pnp, pnp.pointee.callbacks.EvtDeviceQueryRemove))
    case IRP_MN_CANCEL_STOP_DEVICE, IRP_MN_CANCEL_REMOVE_DEVICE:
      return complete(irp, FrameworkStatus.success)
    case IRP_MN_STOP_DEVICE:
      rest(device, pnp)
      return complete(irp, FrameworkStatus.success)
    case IRP_MN_SURPRISE_REMOVAL:
      _ = device.call(pnp.pointee.callbacks.EvtDeviceSurpriseRemoval)
      takeDown(device, pnp)
      pnp.pointee.stage = .surpriseRemoved
      return complete(irp, FrameworkStatus.success)
    case IRP_MN_REMOVE_DEVICE: return removeChild(device, pnp, pdo, irp)
    case IRP_MN_QUERY_ID: return answerID(pdo, irp, parameters.QueryId.IdType)
    case IRP_MN_QUERY_DEVICE_TEXT: return answerText(pdo, irp, parameters.QueryDeviceText)
    case IRP_MN_QUERY_CAPABILITIES:
      return answerCapabilities(
        device, pnp, pdo, irp, parameters.DeviceCapabilities.Capabilities)
    case IRP_MN_QUERY_PNP_DEVICE_STATE:
      var state = Int32(truncatingIfNeeded: UInt64(irp.pointee.IoStatus.Information))
      addState(of: pnp, to: &state)
      return complete(
        irp, FrameworkStatus.success, information: UInt(UInt32(bitPattern: state)))
    case IRP_MN_QUERY_RESOURCES: return answerResources(device, pnp, irp)
    case IRP_MN_QUERY_RESOURCE_REQUIREMENTS: return answerRequirements(device, pnp, irp)
    case IRP_MN_QUERY_BUS_INFORMATION: return answerBus(device, irp)
    case IRP_MN_QUERY_DEVICE_RELATIONS:
      return answerRelations(device, pnp, irp, parameters.QueryDeviceRelations.Type)
    case IRP_MN_QUERY_INTERFACE: return answerInterface(device, pnp, irp, location)
    case IRP_MN_EJECT: return eject(device, pnp, pdo, irp)
    case IRP_MN_SET_LOCK:
      guard let routine = pnp.pointee.pdoCallbacks.EvtDeviceSetLock else {
        return complete(irp, FrameworkStatus.unsuccessful)
      }
      return complete(irp, device.call(routine, UInt32(parameters.SetLock.Lock)))
    case IRP_MN_DEVICE_USAGE_NOTIFICATION:
      return complete(irp, noteUsage(device, pnp, parameters.UsageNotification))
    case IRP_MN_DEVICE_ENUMERATED: return complete(irp, FrameworkStatus.success)
    default: return keep(irp)
    }
  }

  /// Completes a request that means nothing to the child with the status that it came with.
  func keep(_ irp: IRPPointer) -> Int32 {
    complete(
      irp, irp.pointee.IoStatus.Status, information: UInt(irp.pointee.IoStatus.Information))
  }

  /// A child that its bus still reports stays for the next start; another one is deleted.
  private func removeChild(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ pdo: UnsafeMutablePointer<PdoState>, _ irp: IRPPointer
  ) -> Int32 {
    if pnp.pointee.stage != .surpriseRemoved { takeDown(device, pnp) }
    pnp.pointee.stage = .removed
    if pdo.pointee.entry?.pointee.isPresent != true { deleteChild(device) }
    return complete(irp, FrameworkStatus.success)
  }

  /// Ends a child that is gone from its bus, and its place in the list.
  func deleteChild(_ device: UnsafeMutablePointer<DeviceBody>) {
    guard let pnp = device.pnp, let pdo = device.pdo else { return }
    takeDown(device, pnp)
    finish(device, pnp)
    if let entry = pdo.pointee.entry, let list = pdo.pointee.list {
      pdo.pointee.entry = nil
      forget(entry, of: list)
      // Another one of the same name may have waited for that.
      let waits = list.withLock {
        var waits = false
        list.forEach { if $0.pointee.isPresent, $0.pointee.pdo == nil { waits = true } }
        return waits
      }
      if waits { invalidateChildren(of: list.pointee.device) }
    }
    device.object.delete()
  }

  /// EvtDeviceEject, if there is one; a child that is out is missing from then on.
  private func eject(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ pdo: UnsafeMutablePointer<PdoState>, _ irp: IRPPointer
  ) -> Int32 {
    let status = device.call(pnp.pointee.pdoCallbacks.EvtDeviceEject)
    if status >= 0, let entry = pdo.pointee.entry, let list = pdo.pointee.list {
      markMissing(entry, of: list)
    }
    return complete(irp, status)
  }
}
