import CDriverKit
import Framework
import NTTypes
import PlugAndPlay

// Interfaces: how programs and other drivers find a device by what it can do.
extension DeviceObject {
  /// Makes a device interface, which is enabled as the device starts.
  ///
  /// At PASSIVE_LEVEL.
  ///
  /// - Parameters:
  ///   - guid: the class of the interface.
  ///   - reference: tells several interfaces of one class apart.
  /// - Throws: STATUS_INVALID_DEVICE_REQUEST for a control device, STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Source: WdfDeviceCreateDeviceInterface.
  public func makeInterface(_ guid: NTTypes.GUID, reference: String? = nil) throws(NTStatus) {
    try checkRefusal(of: "WdfDeviceCreateDeviceInterface")
    try check(
      withInterface(guid, reference) {
        wdfDeviceCreateDeviceInterface(handle.globals, handle.bits, $0, $1)
      })
  }

  /// Enables or disables an interface of the device.
  ///
  /// At PASSIVE_LEVEL. One that is disabled before the device starts stays so.
  ///
  /// - Throws: STATUS_OBJECT_NAME_NOT_FOUND for one that the driver did not make.
  ///
  /// Source: WdfDeviceSetDeviceInterfaceStateEx.
  public func setInterface(
    _ guid: NTTypes.GUID, reference: String? = nil, isEnabled: Bool
  ) throws(NTStatus) {
    try check(
      withInterface(guid, reference) {
        wdfDeviceSetDeviceInterfaceStateEx(
          handle.globals, handle.bits, $0, $1, isEnabled ? 1 : 0)
      })
  }

  /// The symbolic link of an interface of the device.
  ///
  /// At PASSIVE_LEVEL.
  ///
  /// - Throws: STATUS_OBJECT_NAME_NOT_FOUND for one that the driver did not make.
  ///
  /// Source: WdfDeviceRetrieveDeviceInterfaceString.
  public func interfaceLink(
    _ guid: NTTypes.GUID, reference: String? = nil
  ) throws(NTStatus) -> String {
    try withStringObject(handle.globals) { string in
      withInterface(guid, reference) {
        wdfDeviceRetrieveDeviceInterfaceString(handle.globals, handle.bits, $0, $1, string)
      }
    }
  }

  private func withInterface<R>(
    _ guid: NTTypes.GUID, _ reference: String?,
    _ body: (UnsafePointer<CDriverKit.GUID>, UnsafePointer<UNICODE_STRING>?) -> R
  ) -> R {
    withUnsafePointer(to: guid.layout) { guid in
      guard let reference else { return body(guid, nil) }
      return withUnicodeString(reference) { body(guid, $0) }
    }
  }
}
