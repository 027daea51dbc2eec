import CDriverKit
import CRing3
import IOManager
import Machine
import Objects

/// The name of the device object; STATUS_INVALID_DEVICE_REQUEST for one without a name.
@c(r3_WdfDeviceRetrieveDeviceName)
package func wdfDeviceRetrieveDeviceName(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ string: UInt64
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(handle)
  let string = framework.string(string)
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  let path = framework.machine.objects.path(of: UnsafeMutableRawPointer(device.pointee.wdmDevice))
  guard !path.isEmpty else { return FrameworkStatus.invalidDeviceRequest }
  return path.withUnsafeBytes { framework.assign($0.baseAddress, path.count, to: string) }
}
