import CDriverKit
import Framework
import NTTypes

/// A device of the driver: WDFDEVICE.
///
/// A value; copies stand for the same device. Using it when the device is gone is bug check 0x10D.
public struct DeviceObject: FrameworkParent, Hashable {
  let handle: Handle

  /// The object, as a parent of others.
  public var frameworkHandle: FrameworkHandle { FrameworkHandle(handle) }

  /// Makes a symbolic link to the device, which goes with it.
  ///
  /// - Parameter link: for example `\??\Echo`, which programs open as `\\.\Echo`.
  public func makeLink(_ link: String) throws(NTStatus) {
    try checkRefusal(of: "WdfDeviceCreateSymbolicLink")
    try check(
      withUnicodeString(link) { wdfDeviceCreateSymbolicLink(handle.globals, handle.bits, $0) })
  }

  /// Says that a control device is ready for requests.
  func finishControlDevice() { wdfControlFinishInitializing(handle.globals, handle.bits) }

  /// Deletes a control device: it goes with its last handle.
  ///
  /// Other devices are the framework's to
  /// delete.
  public func delete() { wdfObjectDelete(handle.globals, handle.bits) }

  /// The driver of the device.
  public var driver: DriverObject {
    DriverObject(
      handle: Handle(globals: handle.globals, bits: wdfDeviceGetDriver(handle.globals, handle.bits))
    )
  }
}
