import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

/// A device that goes together with another one; referenced.
struct RelatedDevice {
  var next: UnsafeMutablePointer<RelatedDevice>?
  let device: DevicePointer
}

extension Framework {
  /// Adds a device to a list; STATUS_DUPLICATE_OBJECTID when it is there.
  func add(
    _ device: UnsafeMutablePointer<DEVICE_OBJECT>,
    to first: inout UnsafeMutablePointer<RelatedDevice>?
  ) -> Int32 {
    var next = first
    while let related = next {
      if related.pointee.device == device { return Int32(bitPattern: 0xC000_022A) }
      next = related.pointee.next
    }
    guard
      let block = machine.pool.allocate(
        MemoryLayout<RelatedDevice>.size, kind: .nonpaged, tag: PnpState.tag)
    else { return FrameworkStatus.insufficientResources }
    let related = block.bindMemory(to: RelatedDevice.self, capacity: 1)
    related.initialize(to: RelatedDevice(next: first, device: device))
    machine.objects.reference(UnsafeMutableRawPointer(device))
    first = related
    return 0
  }

  func remove(
    _ device: UnsafeMutablePointer<DEVICE_OBJECT>,
    from first: inout UnsafeMutablePointer<RelatedDevice>?
  ) {
    var before: UnsafeMutablePointer<RelatedDevice>?
    var next = first
    while let related = next, related.pointee.device != device {
      before = related
      next = related.pointee.next
    }
    guard let related = next else { return }
    if let before {
      before.pointee.next = related.pointee.next
    } else {
      first = related.pointee.next
    }
    free(related)
  }

  func clear(_ first: inout UnsafeMutablePointer<RelatedDevice>?) {
    while let related = first {
      first = related.pointee.next
      free(related)
    }
  }

  private func free(_ related: UnsafeMutablePointer<RelatedDevice>) {
    machine.objects.dereference(UnsafeMutableRawPointer(related.pointee.device))
    machine.pool.free(UnsafeMutableRawPointer(related), tag: PnpState.tag)
  }
}

@c(r3_WdfDeviceAddRemovalRelationsPhysicalDevice)
package func wdfDeviceAddRemovalRelationsPhysicalDevice(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ related: UnsafeMutablePointer<DEVICE_OBJECT>?
) -> Int32 {
  let framework = Framework.current
  let (_, pnp) = framework.pnpDevice(handle)
  return framework.add(framework.require(related), to: &pnp.pointee.removalRelations)
}

@c(r3_WdfDeviceRemoveRemovalRelationsPhysicalDevice)
package func wdfDeviceRemoveRemovalRelationsPhysicalDevice(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ related: UnsafeMutablePointer<DEVICE_OBJECT>?
) {
  let framework = Framework.current
  let (_, pnp) = framework.pnpDevice(handle)
  framework.remove(framework.require(related), from: &pnp.pointee.removalRelations)
}

@c(r3_WdfDeviceClearRemovalRelationsDevices)
package func wdfDeviceClearRemovalRelationsDevices(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) {
  let framework = Framework.current
  framework.clear(&framework.pnpDevice(handle).1.pointee.removalRelations)
}

@c(r3_WdfDeviceAddDependentUsageDeviceObject)
package func wdfDeviceAddDependentUsageDeviceObject(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ related: UnsafeMutablePointer<DEVICE_OBJECT>?
) -> Int32 {
  let framework = Framework.current
  let (_, pnp) = framework.pnpDevice(handle)
  return framework.add(framework.require(related), to: &pnp.pointee.usageDependents)
}

@c(r3_WdfDeviceRemoveDependentUsageDeviceObject)
package func wdfDeviceRemoveDependentUsageDeviceObject(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ related: UnsafeMutablePointer<DEVICE_OBJECT>?
) {
  let framework = Framework.current
  let (_, pnp) = framework.pnpDevice(handle)
  framework.remove(framework.require(related), from: &pnp.pointee.usageDependents)
}
