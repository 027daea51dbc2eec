import CDriverKit
import Framework
import NTTypes

/// The driver itself: the root of its objects.
///
/// A value; copies stand for the same object, which is there until the driver is unloaded.
public struct DriverObject: FrameworkParent, Hashable {
  let handle: Handle

  /// The object, as a parent of others.
  public var frameworkHandle: FrameworkHandle { FrameworkHandle(handle) }

  /// Makes a device that is in no stack of devices, ready for requests when the call returns.
  ///
  /// - Parameters:
  ///   - name: the name of the device, such as `\Device\Echo`; nil for none.
  ///   - link: a symbolic link to it, such as `\??\Echo`, which programs open as `\\.\Echo`.
  ///   - sddl: who may open it; by default everybody.
  ///   - configure: says more of the device.
  /// - Throws: an `NTStatus`: STATUS_OBJECT_NAME_COLLISION when the name is taken.
  ///
  /// At PASSIVE_LEVEL. Source: WdfControlDeviceInitAllocate, WdfDeviceCreate.
  @discardableResult
  public func makeControlDevice(
    named name: String? = nil, link: String? = nil, sddl: String = "D:P(A;;GA;;;WD)",
    configure: (inout DeviceInit) -> Void = { _ in }
  ) throws(NTStatus) -> DeviceObject {
    try checkRefusal(of: "WdfControlDeviceInitAllocate")
    let allocated = withUnicodeString(sddl) {
      wdfControlDeviceInitAllocate(handle.globals, handle.bits, $0)
    }
    guard let allocated else { throw .insufficientResources }
    var setup = DeviceInit(allocated, handle.globals, isMine: true)
    if let name { try setup.setName(name) }
    configure(&setup)
    let device = try setup.makeDevice()
    do throws(NTStatus) {
      if let link { try device.makeLink(link) }
    } catch {
      device.delete()
      throw error
    }
    device.finishControlDevice()
    return device
  }
}
