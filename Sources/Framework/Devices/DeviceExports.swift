import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

@c(r3_WdfControlFinishInitializing)
package func wdfControlFinishInitializing(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let device = framework.device(handle)
  device.pointee.wdmDevice.pointee.Flags &= ~UInt32(DO_DEVICE_INITIALIZING)
  framework.registerWmi(device)
}

@c(r3_WdfDeviceWdmGetDeviceObject)
package func wdfDeviceWdmGetDeviceObject(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> DevicePointer
{
  Framework.current.anyDevice(handle).pointee.wdmDevice
}

@c(r3_WdfDeviceWdmGetAttachedDevice)
package func wdfDeviceWdmGetAttachedDevice(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> DevicePointer?
{
  Framework.current.anyDevice(handle).pointee.attachedTo
}

@c(r3_WdfDeviceWdmGetPhysicalDevice)
package func wdfDeviceWdmGetPhysicalDevice(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> DevicePointer?
{
  Framework.current.anyDevice(handle).pointee.physicalDevice
}

/// The WDFDEVICE of a device object, or NULL when it is no framework driver's.
@c(r3_WdfWdmDeviceGetWdfDeviceHandle)
package func wdfWdmDeviceGetWdfDeviceHandle(
  _ globals: UnsafeMutableRawPointer, _ wdm: UnsafeMutablePointer<DEVICE_OBJECT>?
) -> UInt64 {
  let framework = Framework.current
  let wdm = framework.require(wdm)
  let globals = DriverGlobals.of(globals)
  // The extensions of a miniport's devices are not the framework's.
  guard wdm.pointee.DriverObject == globals.pointee.driverObjectWDM, !globals.isMiniport else {
    return 0
  }
  return framework.device(of: wdm)?.handle ?? 0
}

@c(r3_WdfDeviceGetDriver)
package func wdfDeviceGetDriver(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  Framework.current.anyDevice(handle).pointee.head.globals.driverObject.handle
}

@c(r3_WdfDeviceGetDefaultQueue)
package func wdfDeviceGetDefaultQueue(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  let device = Framework.current.device(handle)
  return device.pointee.defaultQueue.map { $0.handle } ?? 0
}

@c(r3_WdfDeviceGetCharacteristics)
package func wdfDeviceGetCharacteristics(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt32
{
  Framework.current.device(handle).pointee.wdmDevice.pointee.Characteristics
}

@c(r3_WdfDeviceSetCharacteristics)
package func wdfDeviceSetCharacteristics(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ value: UInt32
) {
  Framework.current.device(handle).pointee.wdmDevice.pointee.Characteristics = value
}

@c(r3_WdfDeviceGetAlignmentRequirement)
package func wdfDeviceGetAlignmentRequirement(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt32
{
  Framework.current.anyDevice(handle).pointee.wdmDevice.pointee.AlignmentRequirement
}

@c(r3_WdfDeviceSetAlignmentRequirement)
package func wdfDeviceSetAlignmentRequirement(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ value: UInt32
) {
  Framework.current.anyDevice(handle).pointee.wdmDevice.pointee.AlignmentRequirement = value
}

@c(r3_WdfDeviceCreateSymbolicLink)
package func wdfDeviceCreateSymbolicLink(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(handle)
  return framework.addLink(device, framework.require(name))
}

extension Framework {
  /// Makes a link to the device's name, to be taken away with the device.
  fileprivate func addLink(
    _ device: UnsafeMutablePointer<DeviceBody>, _ name: UnsafePointer<UNICODE_STRING>
  ) -> Int32 {
    guard
      let block = machine.pool.allocate(
        MemoryLayout<DeviceLink>.size, kind: .nonpaged, tag: DeviceInit.tag)
    else { return FrameworkStatus.insufficientResources }
    let link = block.bindMemory(to: DeviceLink.self, capacity: 1)
    link.initialize(to: DeviceLink(name: PoolText()))
    var status = FrameworkStatus.insufficientResources
    if link.pointee.name.set(name) {
      status = machine.io.makeLink(name, to: device.pointee.wdmDevice)
    }
    if status < 0 {
      link.pointee.name.free()
      machine.pool.free(block, tag: DeviceInit.tag)
      return status
    }
    link.pointee.next = device.pointee.links
    device.pointee.links = link
    return status
  }
}
