import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import PlugAndPlay

// Properties of devices by their number: DEVICE_REGISTRY_PROPERTY.
extension Framework {
  /// The physical device that a device or its description belongs to.
  ///
  /// Nil before the Plug and Play manager knows of it: the caller answers STATUS_INVALID_DEVICE_REQUEST.
  func known(_ physical: DevicePointer?) -> DevicePointer? {
    guard let physical, machine.plugAndPlay.node(of: physical) != nil else { return nil }
    return physical
  }

  func query(
    _ physical: DevicePointer?, _ property: UInt32, _ length: UInt32,
    _ buffer: UnsafeMutableRawPointer?, _ result: UnsafeMutablePointer<UInt32>?
  ) -> Int32 {
    let result = require(result)
    result.pointee = 0
    guard isLevel(atMost: IRQL.passive), let physical = known(physical) else {
      return FrameworkStatus.invalidDeviceRequest
    }
    if length > 0, buffer == nil { return FrameworkStatus.invalidParameter }
    return ioGetDeviceProperty(physical, property, length, buffer, result)
  }

  /// Has a property written to a memory object of its size.
  func allocate(
    _ globals: UnsafeMutableRawPointer, _ pool: UInt32,
    _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?,
    _ query: (UnsafeMutableRawPointer?, UInt32, UnsafeMutablePointer<UInt32>) -> Int32
  ) -> Int32 {
    let result = require(result)
    result.pointee = 0
    guard isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
    var size: UInt32 = 0
    var status = query(nil, 0, &size)
    guard status == FrameworkStatus.bufferTooSmall || status >= 0 else { return status }
    var buffer: UnsafeMutableRawPointer?
    status = wdfMemoryCreate(globals, given, pool, 0, UInt64(max(size, 1)), result, &buffer)
    if status < 0 { return status }
    status = query(buffer, size, &size)
    if status < 0 {
      object(result.pointee).delete()
      result.pointee = 0
    }
    return status
  }
}

@c(r3_WdfDeviceQueryProperty)
package func wdfDeviceQueryProperty(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ property: UInt32, _ length: UInt32,
  _ buffer: UnsafeMutableRawPointer?, _ result: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  return framework.query(
    framework.device(handle).pointee.physicalDevice, property, length, buffer, result)
}

@c(r3_WdfFdoInitQueryProperty)
package func wdfFdoInitQueryProperty(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ property: UInt32,
  _ length: UInt32, _ buffer: UnsafeMutableRawPointer?, _ result: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  return framework.query(
    framework.deviceInit(address).pointee.physicalDevice, property, length, buffer, result)
}

@c(r3_WdfDeviceAllocAndQueryProperty)
package func wdfDeviceAllocAndQueryProperty(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ property: UInt32, _ pool: UInt32,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let physical = framework.device(handle).pointee.physicalDevice
  return framework.allocate(globals, pool, given, result) { buffer, length, size in
    framework.query(physical, property, length, buffer, size)
  }
}

@c(r3_WdfFdoInitAllocAndQueryProperty)
package func wdfFdoInitAllocAndQueryProperty(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ property: UInt32,
  _ pool: UInt32, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let physical = framework.deviceInit(address).pointee.physicalDevice
  return framework.allocate(globals, pool, given, result) { buffer, length, size in
    framework.query(physical, property, length, buffer, size)
  }
}
