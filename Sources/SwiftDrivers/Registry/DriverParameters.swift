import CDriverKit
import Framework
import NTTypes
import SystemServices

extension DriverObject {
  /// The settings of the driver: the key `Parameters` of its service key in the registry.
  public var parameters: DriverParameters { DriverParameters(driver: handle) }
}

/// The settings of a driver in the registry.
///
/// `HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\NAME\Parameters`, with the service name of
/// the driver; `Configuration.registryText` can fill it. Everything here is at PASSIVE_LEVEL.
///
///     let path = try driver.parameters.string("Port") ?? "/dev/ttyS0"
public struct DriverParameters: Sendable {
  let driver: Handle

  /// Reads a number.
  ///
  /// - Returns: nil when there is no value of that name.
  /// - Throws: STATUS_OBJECT_TYPE_MISMATCH for a value that is not REG_DWORD.
  ///
  /// Source: WdfRegistryQueryULong.
  public func dword(_ name: String) throws(NTStatus) -> UInt32? {
    try query { (key) throws(NTStatus) in
      var value: UInt32 = 0
      try check(
        withUnicodeString(name) { wdfRegistryQueryULong(driver.globals, key, $0, &value) })
      return value
    }
  }

  /// Reads a text.
  ///
  /// - Returns: nil when there is no value of that name.
  /// - Throws: STATUS_OBJECT_TYPE_MISMATCH for a value that is not REG_SZ or REG_EXPAND_SZ.
  ///
  /// Source: WdfRegistryQueryString.
  public func string(_ name: String) throws(NTStatus) -> String? {
    try query { (key) throws(NTStatus) in
      try withStringObject(driver.globals) { string in
        withUnicodeString(name) { wdfRegistryQueryString(driver.globals, key, $0, string) }
      }
    }
  }

  /// Writes a number; the key is made when it is missing.
  ///
  /// Source: WdfRegistryAssignULong.
  public func set(_ name: String, to value: UInt32) throws(NTStatus) {
    try withKey(UInt32(KEY_WRITE)) { (key) throws(NTStatus) in
      try checkRefusal(of: "WdfRegistryAssignULong")
      try check(
        withUnicodeString(name) { wdfRegistryAssignULong(driver.globals, key, $0, value) })
    }
  }

  /// Writes a text; the key is made when it is missing.
  ///
  /// Source: WdfRegistryAssignUnicodeString.
  public func set(_ name: String, to value: String) throws(NTStatus) {
    try withKey(UInt32(KEY_WRITE)) { (key) throws(NTStatus) in
      try checkRefusal(of: "WdfRegistryAssignUnicodeString")
      try check(
        withUnicodeString(name) { name in
          withUnicodeString(value) {
            wdfRegistryAssignUnicodeString(driver.globals, key, name, $0)
          }
        })
    }
  }

  /// Takes a value out; nothing is done when it is missing.
  ///
  /// Source: WdfRegistryRemoveValue.
  public func remove(_ name: String) throws(NTStatus) {
    do throws(NTStatus) {
      try withKey(UInt32(KEY_WRITE)) { (key) throws(NTStatus) in
        try check(withUnicodeString(name) { wdfRegistryRemoveValue(driver.globals, key, $0) })
      }
    } catch .objectNameNotFound {}
  }

  private func query<R>(_ body: (_ key: UInt64) throws(NTStatus) -> R) throws(NTStatus) -> R? {
    do throws(NTStatus) {
      return try withKey(UInt32(KEY_READ), body)
    } catch .objectNameNotFound {
      return nil
    }
  }

  private func withKey<R>(
    _ access: UInt32, _ body: (_ key: UInt64) throws(NTStatus) -> R
  ) throws(NTStatus) -> R {
    var key: UInt64 = 0
    try checkRefusal(of: "WdfDriverOpenParametersRegistryKey")
    try check(
      wdfDriverOpenParametersRegistryKey(driver.globals, driver.bits, access, nil, &key))
    defer { wdfRegistryClose(driver.globals, key) }
    return try body(key)
  }
}
