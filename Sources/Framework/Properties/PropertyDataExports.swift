import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import PlugAndPlay

// Properties of devices by their key: DEVPROPKEY.
extension Framework {
  /// Reads which property a driver means; nil for a structure that is not valid.
  private func read(_ data: UnsafePointer<WDF_DEVICE_PROPERTY_DATA>?) -> WDF_DEVICE_PROPERTY_DATA? {
    let data = require(data).pointee
    return data.Size == UInt32(MemoryLayout<WDF_DEVICE_PROPERTY_DATA>.size) ? data : nil
  }

  func query(
    _ physical: DevicePointer?, _ data: UnsafePointer<WDF_DEVICE_PROPERTY_DATA>?,
    _ length: UInt32, _ buffer: UnsafeMutableRawPointer?,
    _ size: UnsafeMutablePointer<UInt32>?, _ type: UnsafeMutablePointer<UInt32>?
  ) -> Int32 {
    let size = require(size)
    let type = require(type)
    guard let data = read(data) else { return FrameworkStatus.infoLengthMismatch }
    guard let key = data.PropertyKey else { return FrameworkStatus.invalidParameter }
    guard isLevel(atMost: IRQL.passive), let physical = known(physical) else {
      return FrameworkStatus.invalidDeviceRequest
    }
    return ioGetDevicePropertyData(
      physical, key, UInt32(data.Lcid), 0, length, buffer, size, type)
  }

  fileprivate func assign(
    _ physical: DevicePointer?, _ data: UnsafePointer<WDF_DEVICE_PROPERTY_DATA>?,
    _ type: UInt32, _ size: UInt32, _ bytes: UnsafeMutableRawPointer?
  ) -> Int32 {
    guard let data = read(data) else { return FrameworkStatus.infoLengthMismatch }
    guard let key = data.PropertyKey else { return FrameworkStatus.invalidParameter }
    guard isLevel(atMost: IRQL.passive), let physical = known(physical) else {
      return FrameworkStatus.invalidDeviceRequest
    }
    return ioSetDevicePropertyData(
      physical, key, UInt32(data.Lcid), data.Flags, type, size, bytes)
  }
}

@c(r3_WdfDeviceQueryPropertyEx)
package func wdfDeviceQueryPropertyEx(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ data: UnsafePointer<WDF_DEVICE_PROPERTY_DATA>?, _ length: UInt32,
  _ buffer: UnsafeMutableRawPointer?, _ size: UnsafeMutablePointer<UInt32>?,
  _ type: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  return framework.query(
    framework.device(handle).pointee.physicalDevice, data, length, buffer, size, type)
}

@c(r3_WdfFdoInitQueryPropertyEx)
package func wdfFdoInitQueryPropertyEx(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ data: UnsafePointer<WDF_DEVICE_PROPERTY_DATA>?, _ length: UInt32,
  _ buffer: UnsafeMutableRawPointer?, _ size: UnsafeMutablePointer<UInt32>?,
  _ type: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  return framework.query(
    framework.deviceInit(address).pointee.physicalDevice, data, length, buffer, size, type)
}

@c(r3_WdfDeviceAllocAndQueryPropertyEx)
package func wdfDeviceAllocAndQueryPropertyEx(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ data: UnsafePointer<WDF_DEVICE_PROPERTY_DATA>?, _ pool: UInt32,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?,
  _ type: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  let physical = framework.device(handle).pointee.physicalDevice
  return framework.allocate(globals, pool, given, result) { buffer, length, size in
    framework.query(physical, data, length, buffer, size, type)
  }
}

@c(r3_WdfFdoInitAllocAndQueryPropertyEx)
package func wdfFdoInitAllocAndQueryPropertyEx(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ data: UnsafePointer<WDF_DEVICE_PROPERTY_DATA>?, _ pool: UInt32,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?,
  _ type: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  let physical = framework.deviceInit(address).pointee.physicalDevice
  return framework.allocate(globals, pool, given, result) { buffer, length, size in
    framework.query(physical, data, length, buffer, size, type)
  }
}

@c(r3_WdfDeviceAssignProperty)
package func wdfDeviceAssignProperty(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ data: UnsafePointer<WDF_DEVICE_PROPERTY_DATA>?, _ type: UInt32, _ size: UInt32,
  _ bytes: UnsafeMutableRawPointer?
) -> Int32 {
  let framework = Framework.current
  return framework.assign(
    framework.device(handle).pointee.physicalDevice, data, type, size, bytes)
}
