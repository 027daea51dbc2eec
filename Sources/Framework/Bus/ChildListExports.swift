import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

extension Framework {
  /// Checks a driver's description of a list.
  func check(_ config: UnsafePointer<WDF_CHILD_LIST_CONFIG>) -> Int32 {
    guard config.pointee.Size == UInt32(MemoryLayout<WDF_CHILD_LIST_CONFIG>.size) else {
      return FrameworkStatus.infoLengthMismatch
    }
    return config.pointee.IdentificationDescriptionSize == 0
      || config.pointee.EvtChildListCreateDevice == nil ? FrameworkStatus.invalidParameter : 0
  }

  fileprivate func isSize(
    _ list: UnsafeMutablePointer<ChildListBody>,
    _ identification: UnsafeMutablePointer<WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>,
    _ address: UnsafeMutablePointer<WDF_CHILD_ADDRESS_DESCRIPTION_HEADER>?
  ) -> Bool {
    let config = list.pointee.config
    guard
      identification.pointee.IdentificationDescriptionSize == config.IdentificationDescriptionSize
    else { return false }
    guard let address else { return true }
    return address.pointee.AddressDescriptionSize == config.AddressDescriptionSize
  }
}

@c(r3_WdfChildListCreate)
package func wdfChildListCreate(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ config: UnsafePointer<WDF_CHILD_LIST_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(handle)
  let config = framework.require(config)
  let result = framework.require(result)
  result.pointee = 0
  guard device.pnp != nil, framework.isLevel(atMost: IRQL.passive) else {
    return FrameworkStatus.invalidDeviceRequest
  }
  var status = framework.check(config)
  if status < 0 { return status }
  var attributes = ObjectAttributes()
  status = framework.attributes(given, .parentForbidden, into: &attributes)
  if status < 0 { return status }
  guard
    let list = framework.makeChildList(device, config.pointee, attributes, isStatic: false)
  else { return FrameworkStatus.insufficientResources }
  result.pointee = list.handle
  return 0
}

@c(r3_WdfChildListGetDevice)
package func wdfChildListGetDevice(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  Framework.current.childList(handle).pointee.device.handle
}

@c(r3_WdfChildListAddOrUpdateChildDescriptionAsPresent)
package func wdfChildListAddOrUpdateChildDescriptionAsPresent(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ identification: UnsafeMutablePointer<WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>?,
  _ address: UnsafeMutablePointer<WDF_CHILD_ADDRESS_DESCRIPTION_HEADER>?
) -> Int32 {
  let framework = Framework.current
  let list = framework.childList(handle)
  let identification = framework.require(identification)
  guard framework.isSize(list, identification, address) else {
    return FrameworkStatus.infoLengthMismatch
  }
  // A list with addresses wants one for every child, and another list none.
  guard (address != nil) == (list.pointee.config.AddressDescriptionSize > 0) else {
    return FrameworkStatus.invalidParameter
  }
  return framework.addChild(
    list, UnsafeMutableRawPointer(identification), address.map { UnsafeMutableRawPointer($0) })
}

@c(r3_WdfChildListUpdateChildDescriptionAsMissing)
package func wdfChildListUpdateChildDescriptionAsMissing(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ identification: UnsafeMutablePointer<WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>?
) -> Int32 {
  let framework = Framework.current
  let list = framework.childList(handle)
  let identification = framework.require(identification)
  guard framework.isSize(list, identification, nil) else {
    return FrameworkStatus.infoLengthMismatch
  }
  var status = FrameworkStatus.noSuchDevice
  framework.change(list) { freed in
    guard let entry = framework.find(list, UnsafeMutableRawPointer(identification)) else { return }
    status = 0
    framework.leave(entry, list, &freed)
  }
  return status
}

@c(r3_WdfChildListRequestChildEject)
package func wdfChildListRequestChildEject(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ identification: UnsafeMutablePointer<WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>?
) -> UInt8 {
  let framework = Framework.current
  let list = framework.childList(handle)
  let identification = framework.require(identification)
  guard framework.isSize(list, identification, nil) else { return 0 }
  let pdo = list.withLock {
    framework.find(list, UnsafeMutableRawPointer(identification))?.pointee.pdo
  }
  guard let pdo else { return 0 }
  framework.requestEject(of: pdo)
  return 1
}

/// The child that a description identifies; `Status` says why there is none.
@c(r3_WdfChildListRetrievePdo)
package func wdfChildListRetrievePdo(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ info: UnsafeMutablePointer<WDF_CHILD_RETRIEVE_INFO>?
) -> UInt64 {
  let framework = Framework.current
  let list = framework.childList(handle)
  let info = framework.require(info)
  let identification = framework.require(info.pointee.IdentificationDescription)
  guard info.pointee.Size == UInt32(MemoryLayout<WDF_CHILD_RETRIEVE_INFO>.size),
    framework.isSize(list, identification, info.pointee.AddressDescription)
  else { return 0 }
  return list.withLock {
    guard let entry = framework.find(list, UnsafeMutableRawPointer(identification)) else {
      info.pointee.Status = WdfChildListRetrieveDeviceNoSuchDevice
      return 0
    }
    if let address = info.pointee.AddressDescription {
      framework.copyAddress(
        list, from: list.address(of: entry), to: UnsafeMutableRawPointer(address))
    }
    info.pointee.Status =
      entry.pointee.pdo == nil
      ? WdfChildListRetrieveDeviceNotYetCreated : WdfChildListRetrieveDeviceSuccess
    return entry.pointee.pdo.map { $0.handle } ?? 0
  }
}

@c(r3_WdfChildListRetrieveAddressDescription)
package func wdfChildListRetrieveAddressDescription(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ identification: UnsafeMutablePointer<WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>?,
  _ address: UnsafeMutablePointer<WDF_CHILD_ADDRESS_DESCRIPTION_HEADER>?
) -> Int32 {
  let framework = Framework.current
  let list = framework.childList(handle)
  let identification = framework.require(identification)
  let address = framework.require(address)
  guard framework.isSize(list, identification, address) else {
    return FrameworkStatus.infoLengthMismatch
  }
  return list.withLock {
    guard let entry = framework.find(list, UnsafeMutableRawPointer(identification)) else {
      return FrameworkStatus.noSuchDevice
    }
    framework.copyAddress(
      list, from: list.address(of: entry), to: UnsafeMutableRawPointer(address))
    return 0
  }
}
