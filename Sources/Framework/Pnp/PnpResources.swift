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
    return status < 0
      ? status : take(given.AllocatedResourcesTranslated, device, &pnp.pointee.translatedResources)
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
  }
}
