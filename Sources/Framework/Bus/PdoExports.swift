import CDriverKit
import CRing3
import IOManager
import Machine
import PlugAndPlay

extension Framework {
  /// The child of a handle; a device that is no bus's child is refused.
  fileprivate func child(_ handle: UInt64) -> (
    UnsafeMutablePointer<DeviceBody>, UnsafeMutablePointer<PdoState>
  ) {
    let device = device(handle)
    guard let pdo = device.pdo else { refuseHandle(handle, .device) }
    return (device, pdo)
  }
}

@c(r3_WdfPdoMarkMissing)
package func wdfPdoMarkMissing(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> Int32 {
  let framework = Framework.current
  let (_, pdo) = framework.child(handle)
  guard let entry = pdo.pointee.entry, let list = pdo.pointee.list else {
    return FrameworkStatus.noSuchDevice
  }
  framework.markMissing(entry, of: list)
  return 0
}

@c(r3_WdfPdoRequestEject)
package func wdfPdoRequestEject(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  framework.requestEject(of: framework.child(handle).0)
}

extension Framework {
  func requestEject(of device: UnsafeMutablePointer<DeviceBody>) {
    let wdm = device.pointee.wdmDevice
    // Before the bus has reported it there is nothing to eject.
    if machine.plugAndPlay.node(of: wdm) != nil { ioRequestDeviceEject(wdm) }
  }
}

@c(r3_WdfPdoGetParent)
package func wdfPdoGetParent(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  Framework.current.child(handle).0.pointee.parentDevice.map { $0.handle } ?? 0
}

@c(r3_WdfPdoRetrieveIdentificationDescription)
package func wdfPdoRetrieveIdentificationDescription(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ result: UnsafeMutablePointer<WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>?
) -> Int32 {
  let framework = Framework.current
  let (_, pdo) = framework.child(handle)
  let result = framework.require(result)
  guard let entry = pdo.pointee.entry, let list = pdo.pointee.list, !list.pointee.isStatic else {
    return FrameworkStatus.invalidDeviceRequest
  }
  guard
    result.pointee.IdentificationDescriptionSize
      == list.pointee.config.IdentificationDescriptionSize
  else { return FrameworkStatus.infoLengthMismatch }
  framework.copyIdentification(list, from: entry, to: result)
  return 0
}

@c(r3_WdfPdoRetrieveAddressDescription)
package func wdfPdoRetrieveAddressDescription(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ result: UnsafeMutablePointer<WDF_CHILD_ADDRESS_DESCRIPTION_HEADER>?
) -> Int32 {
  let framework = Framework.current
  let (_, pdo) = framework.child(handle)
  return framework.address(of: pdo, framework.require(result)) { list, entry, result in
    framework.copyAddress(list, from: list.address(of: entry), to: result)
  }
}

@c(r3_WdfPdoUpdateAddressDescription)
package func wdfPdoUpdateAddressDescription(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafeMutablePointer<WDF_CHILD_ADDRESS_DESCRIPTION_HEADER>?
) -> Int32 {
  let framework = Framework.current
  let (_, pdo) = framework.child(handle)
  return framework.address(of: pdo, framework.require(given)) { list, entry, given in
    framework.copyAddress(list, from: given, to: list.address(of: entry))
  }
}

extension Framework {
  fileprivate func address(
    of pdo: UnsafeMutablePointer<PdoState>,
    _ given: UnsafeMutablePointer<WDF_CHILD_ADDRESS_DESCRIPTION_HEADER>,
    _ body: (
      UnsafeMutablePointer<ChildListBody>, UnsafeMutablePointer<ChildEntry>,
      UnsafeMutableRawPointer
    ) -> Void
  ) -> Int32 {
    guard let entry = pdo.pointee.entry, let list = pdo.pointee.list,
      list.pointee.config.AddressDescriptionSize > 0
    else { return FrameworkStatus.invalidDeviceRequest }
    guard given.pointee.AddressDescriptionSize == list.pointee.config.AddressDescriptionSize
    else { return FrameworkStatus.infoLengthMismatch }
    list.withLock { body(list, entry, UnsafeMutableRawPointer(given)) }
    return 0
  }
}

@c(r3_WdfPdoAddEjectionRelationsPhysicalDevice)
package func wdfPdoAddEjectionRelationsPhysicalDevice(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ related: DevicePointer?
) -> Int32 {
  let framework = Framework.current
  let (_, pdo) = framework.child(handle)
  return framework.add(framework.require(related), to: &pdo.pointee.ejectionRelations)
}

@c(r3_WdfPdoRemoveEjectionRelationsPhysicalDevice)
package func wdfPdoRemoveEjectionRelationsPhysicalDevice(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ related: DevicePointer?
) {
  let framework = Framework.current
  let (_, pdo) = framework.child(handle)
  framework.remove(framework.require(related), from: &pdo.pointee.ejectionRelations)
}

@c(r3_WdfPdoClearEjectionRelationsDevices)
package func wdfPdoClearEjectionRelationsDevices(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) {
  let framework = Framework.current
  framework.clear(&framework.child(handle).1.pointee.ejectionRelations)
}
