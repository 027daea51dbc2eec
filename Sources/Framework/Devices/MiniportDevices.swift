import CDriverKit
import CRing3
import IOManager
import Machine
import Objects

// Devices of drivers whose dispatch table belongs to another model, the port driver's: the framework
// keeps objects for them, and a target to the next lower driver. It sees none of their requests.

/// Makes a WDFDEVICE over a device object that the driver has; the driver deletes both.
@c(r3_WdfDeviceMiniportCreate)
package func wdfDeviceMiniportCreate(
  _ globals: UnsafeMutableRawPointer, _ driverHandle: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ wdm: UnsafeMutablePointer<DEVICE_OBJECT>?,
  _ attached: UnsafeMutablePointer<DEVICE_OBJECT>?,
  _ physical: UnsafeMutablePointer<DEVICE_OBJECT>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let driver = framework.object(driverHandle, .driver)
  let wdm = framework.require(wdm)
  // Both or none: a target needs to know the stack that it leads to.
  if (attached == nil) != (physical == nil) { framework.missingParameter() }
  let result = framework.require(result)
  result.pointee = 0
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  var attributes = ObjectAttributes()
  let status = framework.attributes(
    given, [.parentForbidden, .scopeAllowed, .levelAllowed], into: &attributes)
  if status < 0 { return status }
  guard
    let device = framework.makeMiniportDevice(
      DriverGlobals.of(globals), wdm, attached: attached, physical: physical, attributes)
  else { return FrameworkStatus.insufficientResources }
  return framework.publish(device.object, ObjectAttributes(), default: driver, result)
}

extension Framework {
  /// Makes the object; its device object stays until it is destroyed, but is not changed.
  fileprivate func makeMiniportDevice(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ wdm: DevicePointer, attached: DevicePointer?,
    physical: DevicePointer?, _ attributes: ObjectAttributes
  ) -> UnsafeMutablePointer<DeviceBody>? {
    let body = DeviceBody(
      head: ObjectHead(kind: .device, globals: globals), role: .miniport, wdmDevice: wdm,
      attachedTo: attached, physicalDevice: physical, name: PoolText(), fileConfig: nil,
      fileAttributes: ObjectAttributes(), requestAttributes: ObjectAttributes(), controlType: 0,
      allowsSelfTarget: false)
    guard let device = make(body, attributes) else { return nil }
    inheritLevels(device.object, from: globals.driverObject)
    device.lockAddress().pointee.initialize(
      isPassive: device.pointee.head.executionLevel == .passive)
    machine.objects.reference(UnsafeMutableRawPointer(wdm))
    return device
  }

  /// A device of either sort, for what a miniport's device has as well; others are bug check 0x10D.
  func anyDevice(_ handle: UInt64) -> UnsafeMutablePointer<DeviceBody> {
    body(handle, .device, as: DeviceBody.self)
  }
}
