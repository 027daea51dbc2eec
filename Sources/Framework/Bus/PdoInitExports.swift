import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

@c(r3_WdfPdoInitAllocate)
package func wdfPdoInitAllocate(_ globals: UnsafeMutableRawPointer, _ parent: UInt64)
  -> UnsafeMutableRawPointer?
{
  let framework = Framework.current
  return framework.makePdoInit(framework.device(parent)).map { UnsafeMutableRawPointer($0) }
}

@c(r3_WdfPdoInitSetEventCallbacks)
package func wdfPdoInitSetEventCallbacks(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ callbacks: UnsafePointer<WDF_PDO_EVENT_CALLBACKS>?
) {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  // Without the last callback before KMDF 1.11.
  let read = framework.read(
    framework.require(callbacks), MemoryLayout<WDF_PDO_EVENT_CALLBACKS>.size - 8,
    zero: WDF_PDO_EVENT_CALLBACKS())
  guard let read, framework.pdo(of: description) != nil else {
    return framework.note("WdfPdoInitSetEventCallbacks: the description or the size is wrong")
  }
  framework.pnp(of: description)?.pointee.pdoCallbacks = read
}

extension Framework {
  /// Changes what a driver says of a child that it describes.
  fileprivate func describe(
    _ address: UnsafeMutableRawPointer?, _ string: UnsafePointer<UNICODE_STRING>?,
    _ change: (UnsafeMutablePointer<PdoState>, UnsafePointer<UNICODE_STRING>) -> Bool
  ) -> Int32 {
    let description = deviceInit(address)
    let string = require(string)
    guard let pdo = pdo(of: description) else { return FrameworkStatus.invalidDeviceRequest }
    guard isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
    return change(pdo, string) ? 0 : FrameworkStatus.insufficientResources
  }
}

@c(r3_WdfPdoInitAssignDeviceID)
package func wdfPdoInitAssignDeviceID(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ text: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  Framework.current.describe(address, text) { $0.pointee.deviceID.set($1) }
}

@c(r3_WdfPdoInitAssignInstanceID)
package func wdfPdoInitAssignInstanceID(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ text: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  Framework.current.describe(address, text) { $0.pointee.instanceID.set($1) }
}

@c(r3_WdfPdoInitAssignContainerID)
package func wdfPdoInitAssignContainerID(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ text: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  Framework.current.describe(address, text) { $0.pointee.containerID.set($1) }
}

@c(r3_WdfPdoInitAddHardwareID)
package func wdfPdoInitAddHardwareID(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ text: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  Framework.current.describe(address, text) { $0.pointee.hardwareIDs.append($1) }
}

@c(r3_WdfPdoInitAddCompatibleID)
package func wdfPdoInitAddCompatibleID(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ text: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  Framework.current.describe(address, text) { $0.pointee.compatibleIDs.append($1) }
}

@c(r3_WdfPdoInitAddDeviceText)
package func wdfPdoInitAddDeviceText(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ text: UnsafePointer<UNICODE_STRING>?, _ location: UnsafePointer<UNICODE_STRING>?,
  _ locale: UInt32
) -> Int32 {
  let framework = Framework.current
  let location = framework.require(location)
  return framework.describe(address, text) { pdo, text in
    guard
      let block = framework.machine.pool.allocate(
        MemoryLayout<DeviceText>.size, kind: .nonpaged, tag: PnpState.tag)
    else { return false }
    let entry = block.bindMemory(to: DeviceText.self, capacity: 1)
    entry.initialize(to: DeviceText(next: pdo.pointee.texts, locale: locale))
    pdo.pointee.texts = entry
    return entry.pointee.description.set(text) && entry.pointee.location.set(location)
  }
}

@c(r3_WdfPdoInitSetDefaultLocale)
package func wdfPdoInitSetDefaultLocale(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ locale: UInt32
) {
  let framework = Framework.current
  framework.pdo(of: framework.deviceInit(address))?.pointee.defaultLocale = locale
}

/// The device class is what setup installs the device in; here nothing is installed.
@c(r3_WdfPdoInitAssignRawDevice)
package func wdfPdoInitAssignRawDevice(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ guid: UnsafePointer<GUID>?
) -> Int32 {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  let guid = framework.require(guid).pointee
  guard let pdo = framework.pdo(of: description) else {
    return FrameworkStatus.invalidDeviceRequest
  }
  pdo.pointee.isRaw = true
  description.pointee.deviceClass = guid
  return 0
}

@c(r3_WdfPdoInitRemovePowerDependencyOnParent)
package func wdfPdoInitRemovePowerDependencyOnParent(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?
) {
  let framework = Framework.current
  framework.pdo(of: framework.deviceInit(address))?.pointee.isPowerIndependent = true
}

@c(r3_WdfPdoInitAllowForwardingRequestToParent)
package func wdfPdoInitAllowForwardingRequestToParent(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?
) {
  let description = Framework.current.deviceInit(address)
  if description.pointee.role == .bus { description.pointee.forwardsToParent = true }
}
