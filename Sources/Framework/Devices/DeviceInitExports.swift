import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

@c(r3_WdfControlDeviceInitAllocate)
package func wdfControlDeviceInitAllocate(
  _ globals: UnsafeMutableRawPointer, _ driver: UInt64, _ sddl: UnsafePointer<UNICODE_STRING>?
) -> UnsafeMutableRawPointer? {
  let framework = Framework.current
  _ = framework.object(driver, .driver)
  guard let description = framework.makeDeviceInit(DriverGlobals.of(globals), .control) else {
    return nil
  }
  guard description.pointee.sddl.set(framework.require(sddl)) else {
    framework.freeDeviceInit(description)
    return nil
  }
  return UnsafeMutableRawPointer(description)
}

@c(r3_WdfDeviceInitFree)
package func wdfDeviceInitFree(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?
) {
  let framework = Framework.current
  framework.freeDeviceInit(framework.deviceInit(address))
}

@c(r3_WdfDeviceInitSetIoType)
package func wdfDeviceInitSetIoType(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ type: UInt32
) {
  Framework.current.deviceInit(address).pointee.readWriteType = type
}

@c(r3_WdfDeviceInitSetIoTypeEx)
package func wdfDeviceInitSetIoTypeEx(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ config: UnsafePointer<WDF_IO_TYPE_CONFIG>?
) {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  let config = framework.require(config).pointee
  guard config.Size == UInt32(MemoryLayout<WDF_IO_TYPE_CONFIG>.size) else {
    return framework.note("WdfDeviceInitSetIoTypeEx: the size of the structure is wrong")
  }
  description.pointee.readWriteType = UInt32(config.ReadWriteIoType.rawValue)
  description.pointee.controlType = UInt32(config.DeviceControlIoType.rawValue)
  description.pointee.directThreshold = config.DirectTransferThreshold
}

@c(r3_WdfDeviceInitSetExclusive)
package func wdfDeviceInitSetExclusive(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ exclusive: UInt32
) {
  Framework.current.deviceInit(address).pointee.isExclusive = exclusive & 0xFF != 0
}

@c(r3_WdfDeviceInitSetDeviceType)
package func wdfDeviceInitSetDeviceType(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ type: UInt32
) {
  Framework.current.deviceInit(address).pointee.deviceType = type
}

@c(r3_WdfDeviceInitSetCharacteristics)
package func wdfDeviceInitSetCharacteristics(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ value: UInt32,
  _ keepsOthers: UInt32
) {
  let description = Framework.current.deviceInit(address)
  if keepsOthers & 0xFF != 0 {
    description.pointee.characteristics |= value
  } else {
    description.pointee.characteristics = value
  }
}

@c(r3_WdfDeviceInitAssignName)
package func wdfDeviceInitAssignName(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ name: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  Framework.current.deviceInit(address).pointee.name.set(name)
    ? 0 : FrameworkStatus.insufficientResources
}

@c(r3_WdfDeviceInitAssignSDDLString)
package func wdfDeviceInitAssignSDDLString(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ sddl: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  Framework.current.deviceInit(address).pointee.sddl.set(sddl)
    ? 0 : FrameworkStatus.insufficientResources
}

@c(r3_WdfDeviceInitSetDeviceClass)
package func wdfDeviceInitSetDeviceClass(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ guid: UnsafePointer<GUID>?
) {
  let framework = Framework.current
  framework.deviceInit(address).pointee.deviceClass = framework.require(guid).pointee
}

/// Attributes that are no good are the driver's error in a routine without a status: it is noted.
@c(r3_WdfDeviceInitSetFileObjectConfig)
package func wdfDeviceInitSetFileObjectConfig(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ config: UnsafePointer<WDF_FILEOBJECT_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?
) {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  let config = framework.require(config)
  guard config.pointee.Size == UInt32(MemoryLayout<WDF_FILEOBJECT_CONFIG>.size) else {
    return framework.note("WdfDeviceInitSetFileObjectConfig: the size of the structure is wrong")
  }
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, [.parentForbidden, .levelAllowed], into: &attributes)
  guard status >= 0 else {
    return framework.note("WdfDeviceInitSetFileObjectConfig: the attributes are not valid")
  }
  description.pointee.fileConfig = config.pointee
  description.pointee.fileAttributes = attributes
}

@c(r3_WdfDeviceInitSetRequestAttributes)
package func wdfDeviceInitSetRequestAttributes(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?
) {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  var attributes = ObjectAttributes()
  let status = framework.attributes(framework.require(given), .parentForbidden, into: &attributes)
  guard status >= 0 else {
    return framework.note("WdfDeviceInitSetRequestAttributes: the attributes are not valid")
  }
  description.pointee.requestAttributes = attributes
}

@c(r3_WdfDeviceInitSetIoInCallerContextCallback)
package func wdfDeviceInitSetIoInCallerContextCallback(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ routine: UnsafeMutableRawPointer?
) {
  Framework.current.deviceInit(address).pointee.inCallerContext = routine
}

@c(r3_WdfDeviceInitAllowSelfIoTarget)
package func wdfDeviceInitAllowSelfIoTarget(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?
) {
  Framework.current.deviceInit(address).pointee.allowsSelfTarget = true
}

@c(r3_WdfDeviceInitAssignWdmIrpPreprocessCallback)
package func wdfDeviceInitAssignWdmIrpPreprocessCallback(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ routine: UnsafeMutableRawPointer?, _ major: UInt32, _ minors: UnsafePointer<UInt8>?,
  _ minorCount: UInt32
) -> Int32 {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  let major = Int(major & 0xFF)
  guard major <= Int(IRP_MJ_MAXIMUM_FUNCTION) else { return FrameworkStatus.invalidParameter }
  if description.pointee.preprocess == nil {
    guard
      let block = framework.machine.pool.allocate(
        MemoryLayout<PreprocessTable>.size, kind: .nonpaged, tag: DeviceInit.tag)
    else { return FrameworkStatus.insufficientResources }
    let table = block.bindMemory(to: PreprocessTable.self, capacity: 1)
    table.initialize(to: PreprocessTable())
    description.pointee.preprocess = table
  }
  var entry = PreprocessTable.Entry(routine: framework.require(routine))
  if minorCount > 0 {
    entry.hasMinors = true
    let minors = framework.require(minors)
    withUnsafeMutableBytes(of: &entry.minors) { words in
      for index in 0..<Int(minorCount) {
        words[Int(minors[index] >> 3)] |= 1 << (minors[index] & 7)
      }
    }
  }
  description.pointee.preprocess?.pointee.entries[major] = entry
  return 0
}
