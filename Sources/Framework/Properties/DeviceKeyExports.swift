import CDriverKit
import CRing3
import IOManager
import Machine
import Objects
import PlugAndPlay
import SystemServices

extension Framework {
  fileprivate func openKey(
    _ globals: UnsafeMutableRawPointer, of physical: DevicePointer?, _ kind: UInt32,
    _ access: UInt32, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
    _ result: UnsafeMutablePointer<UInt64>?
  ) -> Int32 {
    let result = require(result)
    result.pointee = 0
    guard isLevel(atMost: IRQL.passive), let physical = known(physical) else {
      return FrameworkStatus.invalidDeviceRequest
    }
    return makeKey(DriverGlobals.of(globals), given, result) { key in
      UInt32(bitPattern: ioOpenDeviceRegistryKey(physical, kind, access, &key))
    }
  }
}

@c(r3_WdfDeviceOpenRegistryKey)
package func wdfDeviceOpenRegistryKey(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ kind: UInt32, _ access: UInt32,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  return framework.openKey(
    globals, of: framework.device(handle).pointee.physicalDevice, kind, access, given, result)
}

@c(r3_WdfFdoInitOpenRegistryKey)
package func wdfFdoInitOpenRegistryKey(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ kind: UInt32,
  _ access: UInt32, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  return framework.openKey(
    globals, of: framework.deviceInit(address).pointee.physicalDevice, kind, access, given, result)
}

/// Opens a key below `HKLM\HARDWARE\DEVICEMAP`, and makes it if need be.
@c(r3_WdfDeviceOpenDevicemapKey)
package func wdfDeviceOpenDevicemapKey(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ access: UInt32, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  _ = framework.device(handle)
  let name = framework.require(name)
  let result = framework.require(result)
  result.pointee = 0
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  guard framework.isValid(name.pointee), name.pointee.Length > 0 else {
    return FrameworkStatus.invalidParameter
  }
  return framework.makeKey(DriverGlobals.of(globals), given, result) { key in
    framework.openDevicemapKey(name, access, &key)
  }
}

extension Framework {
  /// Makes the map itself first: a key is made below one that exists.
  fileprivate func openDevicemapKey(
    _ name: UnsafePointer<UNICODE_STRING>, _ access: UInt32, _ key: inout UInt
  ) -> UInt32 {
    var map: UInt = 0
    // REG_OPTION_VOLATILE
    let status = machine.openRegistryKey(
      #"\MACHINE\HARDWARE\DEVICEMAP"#, makes: true, access: UInt32(KEY_ALL_ACCESS), &map)
    if status != 0 { return status }
    let result = openKey(below: map, name, access, creation: (1, nil), &key)
    _ = zwClose(map)
    return result
  }
}
