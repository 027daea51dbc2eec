import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

@c(r3_WdfFdoInitSetDefaultChildListConfig)
package func wdfFdoInitSetDefaultChildListConfig(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ config: UnsafePointer<WDF_CHILD_LIST_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?
) {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  let config = framework.require(config)
  var attributes = ObjectAttributes()
  guard framework.check(config) >= 0,
    framework.attributes(given, .parentForbidden, into: &attributes) >= 0,
    let pnp = framework.pnp(of: description)
  else {
    return framework.note("WdfFdoInitSetDefaultChildListConfig: the parameters are not valid")
  }
  pnp.pointee.defaultConfig = config.pointee
  pnp.pointee.defaultAttributes = attributes
}

@c(r3_WdfFdoGetDefaultChildList)
package func wdfFdoGetDefaultChildList(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  Framework.current.device(handle).pnp?.pointee.defaultList.map { $0.handle } ?? 0
}

extension Framework {
  /// Makes the list that a description asks for, and notes whose child a device is.
  func joinBus(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) -> Int32 {
    if let entry = device.pdo?.pointee.entry { entry.pointee.pdo = device }
    // A bus answers even when it has no children yet.
    if device.pointee.role == .function,
      device.pointee.wdmDevice.pointee.DeviceType == UInt32(FILE_DEVICE_BUS_EXTENDER),
      staticList(of: device) == nil
    {
      return FrameworkStatus.insufficientResources
    }
    guard let config = pnp.pointee.defaultConfig else { return 0 }
    pnp.pointee.defaultList = makeChildList(
      device, config, pnp.pointee.defaultAttributes, isStatic: false)
    return pnp.pointee.defaultList == nil ? FrameworkStatus.insufficientResources : 0
  }

  /// The list of the children that are added one by one, made at the first; nil without memory.
  fileprivate func staticList(of device: UnsafeMutablePointer<DeviceBody>)
    -> UnsafeMutablePointer<ChildListBody>?
  {
    guard let pnp = device.pnp else { return nil }
    if pnp.pointee.staticList == nil {
      pnp.pointee.staticList = makeChildList(
        device, WDF_CHILD_LIST_CONFIG(), ObjectAttributes(), isStatic: true)
    }
    return pnp.pointee.staticList
  }

  fileprivate func addStatic(
    _ child: UnsafeMutablePointer<DeviceBody>, _ pdo: UnsafeMutablePointer<PdoState>,
    to list: UnsafeMutablePointer<ChildListBody>
  ) -> Int32 {
    var status: Int32 = 0
    change(list) { _ in
      guard let entry = makeEntry(of: list, nil, nil, failure: &status) else { return }
      entry.pointee.pdo = child
      pdo.pointee.entry = entry
      pdo.pointee.list = list
      list.append(entry)
    }
    return status
  }
}

@c(r3_WdfFdoAddStaticChild)
package func wdfFdoAddStaticChild(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ child: UInt64
)
  -> Int32
{
  let framework = Framework.current
  let device = framework.device(handle)
  let child = framework.device(child)
  guard let pdo = child.pdo, child.pointee.parentDevice == device, pdo.pointee.entry == nil else {
    return FrameworkStatus.invalidDeviceRequest
  }
  guard let list = framework.staticList(of: device) else {
    return FrameworkStatus.insufficientResources
  }
  return framework.addStatic(child, pdo, to: list)
}

@c(r3_WdfFdoLockStaticChildListForIteration)
package func wdfFdoLockStaticChildListForIteration(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) {
  let framework = Framework.current
  if let list = framework.staticList(of: framework.device(handle)) {
    framework.beginIteration(list)
  }
}

@c(r3_WdfFdoUnlockStaticChildListFromIteration)
package func wdfFdoUnlockStaticChildListFromIteration(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) {
  let framework = Framework.current
  if let list = framework.staticList(of: framework.device(handle)) {
    framework.endScan(list, isScan: false)
  }
}

/// The child behind `previous`, or the first one; NULL at the end.
@c(r3_WdfFdoRetrieveNextStaticChild)
package func wdfFdoRetrieveNextStaticChild(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ previous: UInt64, _ flags: UInt32
) -> UInt64 {
  let framework = Framework.current
  guard let list = framework.staticList(of: framework.device(handle)), list.pointee.scanCount > 0
  else { return 0 }
  return list.withLock {
    var isBehind = previous == 0
    var next = list.pointee.first
    while let entry = next {
      next = entry.pointee.next
      guard let child = entry.pointee.pdo else { continue }
      if isBehind, entry.matches(flags) { return child.handle }
      if child.handle == previous { isBehind = true }
    }
    return 0
  }
}
