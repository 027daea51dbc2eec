import CDriverKit
import CRing3
import IOManager
import Machine

// IRP_MJ_PNP for function and filter devices; those of a bus's children are answered in Pnp/Child.
extension Framework {
  /// Handles a Plug and Play request; called at PASSIVE_LEVEL by the Plug and Play manager.
  func dispatchPnp(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    guard let pnp = device.pnp else { return complete(irp, FrameworkStatus.invalidDeviceRequest) }
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    switch Int32(location.pointee.MinorFunction) {
    case IRP_MN_START_DEVICE: return start(device, pnp, irp)
    case IRP_MN_QUERY_STOP_DEVICE:
      return ask(device, irp, device.call(pnp.pointee.callbacks.EvtDeviceQueryStop))
    case IRP_MN_STOP_DEVICE: return stop(device, pnp, irp)
    case IRP_MN_QUERY_REMOVE_DEVICE:
      return ask(device, irp, device.call(pnp.pointee.callbacks.EvtDeviceQueryRemove))
    case IRP_MN_SURPRISE_REMOVAL: return surpriseRemove(device, pnp, irp)
    case IRP_MN_REMOVE_DEVICE: return remove(device, pnp, irp)
    case IRP_MN_CANCEL_STOP_DEVICE, IRP_MN_CANCEL_REMOVE_DEVICE: return succeed(device, irp)
    case IRP_MN_QUERY_CAPABILITIES: return queryCapabilities(device, pnp, irp)
    case IRP_MN_QUERY_PNP_DEVICE_STATE: return queryState(device, pnp, irp)
    default: return passDown(device, irp)
    }
  }

  /// The driver agrees, and the request goes on; or it does not, and the request ends here.
  private func ask(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer, _ status: Int32)
    -> Int32
  {
    status < 0 ? complete(irp, status) : succeed(device, irp)
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
    if status >= 0 { status = startHardware(device, pnp, irp) }
    pnp.pointee.stage = status >= 0 ? .started : .failed
    if status >= 0 { setInterfaces(of: pnp, isEnabled: true) }
    return complete(irp, status, information: UInt(irp.pointee.IoStatus.Information))
  }

  private func startHardware(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    var status = takeResources(device, pnp, location)
    if status < 0 { return status }
    pnp.pointee.isHardwarePrepared = true
    if let routine = pnp.pointee.callbacks.EvtDevicePrepareHardware {
      status = Int32(
        truncatingIfNeeded: r3_call3(
          routine, device.handle, pnp.pointee.rawResources, pnp.pointee.translatedResources))
    }
    if status >= 0 { status = powerUp(device, pnp) }
    // What was prepared is released, also when preparing itself failed.
    if status < 0 { releaseHardware(device, pnp) }
    return status
  }

  func releaseHardware(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    guard pnp.pointee.isHardwarePrepared else { return }
    pnp.pointee.isHardwarePrepared = false
    if let routine = pnp.pointee.callbacks.EvtDeviceReleaseHardware {
      _ = r3_call2(routine, device.handle, pnp.pointee.translatedResources)
    }
    dropResources(pnp)
  }

  private func stop(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    powerDown(device, pnp, to: WdfPowerDeviceD3)
    releaseHardware(device, pnp)
    pnp.pointee.stage = .stopped
    return succeed(device, irp)
  }

  private func surpriseRemove(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    _ = device.call(pnp.pointee.callbacks.EvtDeviceSurpriseRemoval)
    tearDown(device, pnp)
    pnp.pointee.stage = .surpriseRemoved
    return succeed(device, irp)
  }

  /// Takes a device out of its working state for good: power, hardware, interfaces, requests.
  private func tearDown(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    setInterfaces(of: pnp, isEnabled: false)
    powerDown(device, pnp, to: WdfPowerDeviceD3Final)
    releaseHardware(device, pnp)
    purgeQueues(of: device)
    if pnp.pointee.hasSelfManagedIo {
      _ = device.call(pnp.pointee.callbacks.EvtDeviceSelfManagedIoFlush)
    }
  }

  private func remove(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    if pnp.pointee.stage != .surpriseRemoved { tearDown(device, pnp) }
    if pnp.pointee.hasSelfManagedIo {
      pnp.pointee.hasSelfManagedIo = false
      _ = device.call(pnp.pointee.callbacks.EvtDeviceSelfManagedIoCleanup)
    }
    pnp.pointee.stage = .removed
    let status = succeed(device, irp)
    device.object.delete()
    return status
  }
}
