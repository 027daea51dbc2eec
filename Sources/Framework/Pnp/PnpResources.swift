import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

// The resources of a device as its driver sees them: two WDFCMRESLISTs that live as long as the device.
extension Framework {
  /// Fills the lists with what IRP_MN_START_DEVICE brings; the first start makes them.
  func takeResources(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ location: StackPointer
  ) -> Int32 {
    let given = location.pointee.Parameters.StartDevice
    let status = take(given.AllocatedResources, device, &pnp.pointee.rawResources)
    if status < 0 { return status }
    assignInterrupts(pnp, given.AllocatedResourcesTranslated)
    return take(given.AllocatedResourcesTranslated, device, &pnp.pointee.translatedResources)
  }

  private func take(
    _ list: UnsafePointer<CM_RESOURCE_LIST>?, _ device: UnsafeMutablePointer<DeviceBody>,
    _ kept: inout UnsafeMutablePointer<ResourceListBody>?
  ) -> Int32 {
    if let kept { return fill(kept, from: list) }
    kept = makeResourceList(device.object, list, access: [])
    return kept == nil ? FrameworkStatus.insufficientResources : 0
  }

  /// The device has no resources any more.
  func dropResources(_ pnp: UnsafeMutablePointer<PnpState>) {
    if let list = pnp.pointee.rawResources { _ = fill(list, from: nil) }
    if let list = pnp.pointee.translatedResources { _ = fill(list, from: nil) }
    forEachInterrupt(of: pnp) { $0.pointee.source = InterruptSource() }
  }

  /// EvtDeviceFilterAddResourceRequirements, the lower drivers, then
  /// EvtDeviceFilterRemoveResourceRequirements.
  func filterRequirements(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer, _ location: StackPointer
  ) -> Int32 {
    let callbacks = pnp.pointee.fdoCallbacks
    guard
      callbacks.EvtDeviceFilterAddResourceRequirements != nil
        || callbacks.EvtDeviceFilterRemoveResourceRequirements != nil
    else { return passDown(device, irp) }
    var status = filter(
      device, irp, callbacks.EvtDeviceFilterAddResourceRequirements,
      location.pointee.Parameters.FilterResourceRequirements.IoResourceRequirementList, .add)
    if status < 0 { return complete(irp, status) }
    status = sendDownAndWait(device, irp)
    // Without an answer of the lower drivers what was asked stands.
    if status == FrameworkStatus.notSupported { status = 0 }
    if status >= 0 {
      status = filter(
        device, irp, callbacks.EvtDeviceFilterRemoveResourceRequirements,
        location.pointee.Parameters.FilterResourceRequirements.IoResourceRequirementList, .remove)
    }
    return complete(irp, status, information: UInt(irp.pointee.IoStatus.Information))
  }

  /// Has the driver change the requirements; changed ones replace those of the IRP.
  private func filter(
    _ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer, _ routine: UnsafeRawPointer?,
    _ original: UnsafeMutablePointer<IO_RESOURCE_REQUIREMENTS_LIST>?, _ access: ResourceAccess
  ) -> Int32 {
    guard let routine else { return 0 }
    let current =
      UnsafeMutablePointer<IO_RESOURCE_REQUIREMENTS_LIST>(
        bitPattern: UInt(irp.pointee.IoStatus.Information)) ?? original
    guard let list = makeRequirements(device.object, current, access: access) else {
      return FrameworkStatus.insufficientResources
    }
    let status = Int32(truncatingIfNeeded: r3_call2(routine, device.handle, list.handle))
    if status >= 0, list.pointee.isChanged,
      let copy = copyRequirements(list, tag: PnpState.tag)
    {
      if let current { machine.pool.free(UnsafeMutableRawPointer(current)) }
      irp.pointee.IoStatus.Information = ULONG_PTR(UInt(bitPattern: copy))
    }
    FrameworkObject(list).delete()
    return status
  }
}
