import CDriverKit
import CRing3
import Machine
import Memory
import Objects
import SystemServices

/// A WDFKEY: a handle of the kernel to a registry key.
package struct KeyBody {
  var head: ObjectHead
  /// 0 before it is opened and after it is closed.
  var key: UInt = 0

  init(_ globals: UnsafeMutablePointer<DriverGlobals>) {
    head = ObjectHead(kind: .key, globals: globals)
  }
}

extension UnsafeMutablePointer where Pointee == KeyBody {
  fileprivate func close() {
    if pointee.key != 0 { _ = zwClose(pointee.key) }
    pointee.key = 0
  }
}

extension Framework {
  static let keyClass = ObjectClass(
    destroy: { $0.assumingMemoryBound(to: KeyBody.self).close() }, isPassive: true)

  func key(_ handle: UInt64) -> UnsafeMutablePointer<KeyBody> {
    body(handle, .key, as: KeyBody.self)
  }

  /// Makes the object of a key that `open` opens, and hands it out.
  ///
  /// - Parameter open: gives a status, and the kernel's handle for success.
  func makeKey(
    _ globals: UnsafeMutablePointer<DriverGlobals>,
    _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>,
    _ open: (inout UInt) -> UInt32
  ) -> Int32 {
    var attributes = ObjectAttributes()
    var status = self.attributes(given, into: &attributes)
    if status < 0 { return status }
    guard let key = make(KeyBody(globals), attributes) else {
      return FrameworkStatus.insufficientResources
    }
    status = Int32(bitPattern: open(&key.pointee.key))
    if status < 0 {
      discard(FrameworkObject(key))
      return status
    }
    let published = publish(
      FrameworkObject(key), attributes, default: globals.driverObject, result)
    return published < 0 ? published : status
  }

  /// Opens the key at a path below another one, or at a full path.
  ///
  /// - Parameter creation: options and disposition when a missing key is to be made.
  func openKey(
    below parent: UInt, _ path: UnsafePointer<UNICODE_STRING>, _ access: UInt32,
    creation: (options: UInt32, disposition: UnsafeMutablePointer<UInt32>?)?, _ key: inout UInt
  ) -> UInt32 {
    var attributes = OBJECT_ATTRIBUTES()
    attributes.Length = UInt32(MemoryLayout<OBJECT_ATTRIBUTES>.size)
    attributes.RootDirectory = UnsafeMutableRawPointer(bitPattern: parent)
    attributes.ObjectName = UnsafeMutablePointer(mutating: path)
    attributes.Attributes = UInt32(OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE)
    return withUnsafePointer(to: &attributes) { attributes in
      guard let creation else { return zwOpenKey(&key, access, attributes) }
      return zwCreateKey(
        &key, access, attributes, 0, nil, creation.options, creation.disposition)
    }
  }
}

@c(r3_WdfRegistryOpenKey)
package func wdfRegistryOpenKey(
  _ globals: UnsafeMutableRawPointer, _ parentHandle: UInt64,
  _ name: UnsafePointer<UNICODE_STRING>?, _ access: UInt32,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.openKey(globals, parentHandle, name, access, given, result, creation: nil)
}

@c(r3_WdfRegistryCreateKey)
package func wdfRegistryCreateKey(
  _ globals: UnsafeMutableRawPointer, _ parentHandle: UInt64,
  _ name: UnsafePointer<UNICODE_STRING>?, _ access: UInt32, _ options: UInt32,
  _ disposition: UnsafeMutablePointer<UInt32>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.openKey(
    globals, parentHandle, name, access, given, result, creation: (options, disposition))
}

extension Framework {
  fileprivate func openKey(
    _ globals: UnsafeMutableRawPointer, _ parentHandle: UInt64,
    _ name: UnsafePointer<UNICODE_STRING>?, _ access: UInt32,
    _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?,
    creation: (options: UInt32, disposition: UnsafeMutablePointer<UInt32>?)?
  ) -> Int32 {
    let parent = parentHandle == 0 ? 0 : key(parentHandle).pointee.key
    let name = require(name)
    let result = require(result)
    result.pointee = 0
    guard isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
    guard isValid(name.pointee) else { return FrameworkStatus.invalidParameter }
    return makeKey(DriverGlobals.of(globals), given, result) { key in
      openKey(below: parent, name, access, creation: creation, &key)
    }
  }
}

@c(r3_WdfRegistryClose)
package func wdfRegistryClose(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let key = framework.key(handle)
  guard framework.isLevel(atMost: IRQL.passive) else {
    framework.note("WdfRegistryClose: needs PASSIVE_LEVEL")
    return
  }
  key.close()
  FrameworkObject(key).delete()
}

@c(r3_WdfRegistryWdmGetHandle)
package func wdfRegistryWdmGetHandle(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64
{
  UInt64(Framework.current.key(handle).pointee.key)
}

/// A key without subkeys goes, and its object with it.
@c(r3_WdfRegistryRemoveKey)
package func wdfRegistryRemoveKey(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> Int32 {
  let framework = Framework.current
  let key = framework.key(handle)
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  let status = Int32(bitPattern: zwDeleteKey(key.pointee.key))
  if status >= 0 { FrameworkObject(key).delete() }
  return status
}

@c(r3_WdfRegistryRemoveValue)
package func wdfRegistryRemoveValue(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  let framework = Framework.current
  let key = framework.key(handle)
  let name = framework.require(name)
  let status = framework.checkValueName(name)
  return status < 0 ? status : Int32(bitPattern: zwDeleteValueKey(key.pointee.key, name))
}

extension Framework {
  /// What every function on a value asks first: PASSIVE_LEVEL, and a name that is one.
  func checkValueName(_ name: UnsafePointer<UNICODE_STRING>) -> Int32 {
    guard isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
    return isValid(name.pointee) ? 0 : FrameworkStatus.invalidParameter
  }
}
