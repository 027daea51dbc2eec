import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine

@c(r3_WdfDriverCreate)
package func wdfDriverCreate(
  _ globals: UnsafeMutableRawPointer, _ wdm: DriverPointer?,
  _ path: UnsafePointer<UNICODE_STRING>?, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ config: UnsafePointer<WDF_DRIVER_CONFIG>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  result?.pointee = 0
  let globals = DriverGlobals.of(globals)
  let config = framework.require(config)
  let wdm = framework.require(wdm)
  let path = framework.require(path)
  guard config.pointee.Size == UInt32(MemoryLayout<WDF_DRIVER_CONFIG>.size) else {
    return FrameworkStatus.infoLengthMismatch
  }
  let isNonPnp = config.pointee.DriverInitFlags & UInt32(WdfDriverInitNonPnpDriver.rawValue) != 0
  if isNonPnp, config.pointee.EvtDriverDeviceAdd != nil { return FrameworkStatus.invalidParameter }
  // One driver object for a driver: STATUS_DRIVER_INTERNAL_ERROR.
  if globals.pointee.driver != nil { return Int32(bitPattern: 0xC000_0183) }
  var attributes = ObjectAttributes()
  var status = framework.attributes(
    given, [.parentForbidden, .scopeAllowed, .levelAllowed], into: &attributes)
  if status < 0 { return status }
  status = framework.makeDriver(globals, wdm, path, config.pointee, attributes)
  if status >= 0 { result?.pointee = globals.driverObject.handle }
  return status
}

@c(r3_WdfDriverGetRegistryPath)
package func wdfDriverGetRegistryPath(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UnsafeMutablePointer<UInt16>?
{
  Framework.current.body(handle, .driver, as: DriverBody.self).pointee.registryPath
}

@c(r3_WdfDriverWdmGetDriverObject)
package func wdfDriverWdmGetDriverObject(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> DriverPointer
{
  Framework.current.body(handle, .driver, as: DriverBody.self).pointee.wdmObject
}

@c(r3_WdfWdmDriverGetWdfDriverHandle)
package func wdfWdmDriverGetWdfDriverHandle(
  _ globals: UnsafeMutableRawPointer, _ wdm: DriverPointer
)
  -> UInt64
{
  Framework.current.driver(of: wdm).map { FrameworkObject($0).handle } ?? 0
}

/// A driver that is the miniport of another model unloads its framework part itself.
@c(r3_WdfDriverMiniportUnload)
package func wdfDriverMiniportUnload(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  Framework.current.object(handle, .driver).delete()
}

@c(r3_WdfDriverIsVersionAvailable)
package func wdfDriverIsVersionAvailable(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ wanted: UnsafePointer<WDF_DRIVER_VERSION_AVAILABLE_PARAMS>?
) -> UInt8 {
  let framework = Framework.current
  _ = framework.object(handle, .driver)
  let wanted = framework.require(wanted).pointee
  guard wanted.Size == UInt32(MemoryLayout<WDF_DRIVER_VERSION_AVAILABLE_PARAMS>.size) else {
    return 0
  }
  return wanted.MajorVersion == 1 && wanted.MinorVersion <= Framework.newestMinor ? 1 : 0
}
