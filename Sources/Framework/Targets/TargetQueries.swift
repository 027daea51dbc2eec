import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import PlugAndPlay

@c(r3_WdfIoTargetGetDevice)
package func wdfIoTargetGetDevice(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  Framework.current.target(handle).pointee.device.handle
}

@c(r3_WdfIoTargetWdmGetTargetDeviceObject)
package func wdfIoTargetWdmGetTargetDeviceObject(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
)
  -> DevicePointer?
{
  Framework.current.target(handle).pointee.wdmDevice
}

@c(r3_WdfIoTargetWdmGetTargetPhysicalDevice)
package func wdfIoTargetWdmGetTargetPhysicalDevice(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
)
  -> DevicePointer?
{
  Framework.current.target(handle).pointee.physicalDevice
}

@c(r3_WdfIoTargetWdmGetTargetFileObject)
package func wdfIoTargetWdmGetTargetFileObject(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> FilePointer?
{
  Framework.current.target(handle).pointee.file
}

/// The kernel handle of a target that was opened by name; NULL for any other.
@c(r3_WdfIoTargetWdmGetTargetFileHandle)
package func wdfIoTargetWdmGetTargetFileHandle(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  UInt64(Framework.current.remoteTarget(handle).pointee.fileHandle)
}

@c(r3_WdfIoTargetQueryTargetProperty)
package func wdfIoTargetQueryTargetProperty(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ property: UInt32, _ byteCount: UInt32,
  _ buffer: UnsafeMutableRawPointer?, _ result: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  let target = framework.target(handle)
  let result = framework.require(result)
  if byteCount > 0 { _ = framework.require(buffer) }
  guard framework.isLevel(atMost: IRQL.passive),
    let device = target.pointee.physicalDevice
  else { return FrameworkStatus.invalidDeviceRequest }
  return framework.machine.plugAndPlay.queryProperty(
    property, of: device, byteCount, buffer, result)
}

@c(r3_WdfIoTargetAllocAndQueryTargetProperty)
package func wdfIoTargetAllocAndQueryTargetProperty(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ property: UInt32, _ poolType: UInt32,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let target = framework.target(handle)
  let result = framework.require(result)
  result.pointee = 0
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  guard let device = target.pointee.physicalDevice else {
    return FrameworkStatus.invalidDeviceRequest
  }
  return framework.allocateProperty(
    property, of: device, DriverGlobals.of(globals), LegacyPoolType(poolType), attributes, result)
}

extension Framework {
  /// A memory object with a property of a device in it.
  fileprivate func allocateProperty(
    _ property: UInt32, of device: DevicePointer, _ globals: UnsafeMutablePointer<DriverGlobals>,
    _ type: LegacyPoolType, _ attributes: ObjectAttributes, _ result: UnsafeMutablePointer<UInt64>
  ) -> Int32 {
    var count: UInt32 = 0
    var status = machine.plugAndPlay.queryProperty(property, of: device, 0, nil, &count)
    guard count > 0 else { return status < 0 ? status : FrameworkStatus.unsuccessful }
    guard
      let block = machine.pool.allocateLegacy(
        type, UInt64(count), globals.pointee.visible.DriverTag)
    else { return FrameworkStatus.insufficientResources }
    status = machine.plugAndPlay.queryProperty(property, of: device, count, block, &count)
    let made =
      status < 0
      ? nil
      : makeMemory(globals, attributes, block, Int(count), .pool, isPaged: type.kind == .paged)
    guard let memory = made else {
      machine.pool.free(block)
      return status < 0 ? status : FrameworkStatus.insufficientResources
    }
    return publish(FrameworkObject(memory), attributes, default: globals.driverObject, result)
  }
}

/// Asks the stack of the target's device for an interface.
@c(r3_WdfIoTargetQueryForInterface)
package func wdfIoTargetQueryForInterface(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ type: UnsafePointer<GUID>?,
  _ interface: UnsafeMutableRawPointer?, _ byteCount: UInt32, _ version: UInt32,
  _ data: UnsafeMutableRawPointer?
) -> Int32 {
  let framework = Framework.current
  let target = framework.target(handle)
  let type = framework.require(type)
  let interface = framework.require(interface)
  guard framework.isLevel(atMost: IRQL.passive), let device = target.pointee.wdmDevice else {
    return FrameworkStatus.invalidDeviceRequest
  }
  return framework.machine.plugAndPlay.queryInterface(
    of: device, type, interface, byteCount: UInt16(truncatingIfNeeded: byteCount),
    version: UInt16(truncatingIfNeeded: version), data)
}
