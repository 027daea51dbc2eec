import CDriverKit
import CRing3
import IOManager
import Machine

@c(r3_WdfDeviceAssignS0IdleSettings)
package func wdfDeviceAssignS0IdleSettings(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS>?
) -> Int32 {
  let framework = Framework.current
  let (device, pnp) = framework.pnpDevice(handle)
  // Without the last fields before KMDF 1.9 and 1.11.
  let size = MemoryLayout<WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS>.size
  guard
    let read = framework.read(
      framework.require(given), size - 8, size - 12,
      zero: WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS())
  else { return FrameworkStatus.infoLengthMismatch }
  guard device.ownsPolicy, framework.isLevel(atMost: IRQL.passive) else {
    return FrameworkStatus.invalidDeviceRequest
  }
  guard read.IdleCaps.rawValue > 0,
    read.IdleCaps.rawValue <= IdleUsbSelectiveSuspend.rawValue,
    read.DxState.rawValue <= PowerDeviceMaximum.rawValue,
    read.UserControlOfIdleSettings.rawValue > 0
  else { return FrameworkStatus.invalidParameter }
  // A device that is to wake itself goes no deeper than it can wake from.
  guard read.IdleCaps == IdleCannotWakeFromS0 || read.DxState != PowerDeviceD0 else {
    return FrameworkStatus.invalidParameter
  }
  return framework.setIdle(device, pnp, read)
}

@c(r3_WdfDeviceAssignSxWakeSettings)
package func wdfDeviceAssignSxWakeSettings(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS>?
) -> Int32 {
  let framework = Framework.current
  let (device, pnp) = framework.pnpDevice(handle)
  guard
    let read = framework.read(
      framework.require(given), MemoryLayout<WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS>.size - 4,
      zero: WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS())
  else { return FrameworkStatus.infoLengthMismatch }
  guard device.ownsPolicy, framework.isLevel(atMost: IRQL.passive) else {
    return FrameworkStatus.invalidDeviceRequest
  }
  guard read.DxState.rawValue <= PowerDeviceMaximum.rawValue, read.DxState != PowerDeviceD0,
    read.UserControlOfWakeSettings.rawValue > 0
  else { return FrameworkStatus.invalidParameter }
  pnp.pointee.wakeSettings = read
  return 0
}

extension UnsafeMutablePointer where Pointee == DeviceBody {
  /// Whether the driver decides on the power of the device.
  var ownsPolicy: Bool {
    guard let pnp else { return false }
    let isRaw = pdo?.pointee.isRaw ?? false
    return pnp.pointee.ownsPolicy ?? (pointee.role == .function || isRaw)
  }
}

@c(r3_WdfDeviceStopIdleNoTrack)
package func wdfDeviceStopIdleNoTrack(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ waits: UInt32
)
  -> Int32
{
  Framework.current.stopIdle(handle, waits: waits & 0xFF != 0)
}

@c(r3_WdfDeviceResumeIdleNoTrack)
package func wdfDeviceResumeIdleNoTrack(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  Framework.current.resumeIdle(handle)
}

@c(r3_WdfDeviceStopIdleActual)
package func wdfDeviceStopIdleActual(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ waits: UInt32,
  _ tag: UnsafeMutableRawPointer?, _ line: UInt32, _ file: UnsafeMutableRawPointer?
) -> Int32 {
  Framework.current.stopIdle(handle, waits: waits & 0xFF != 0)
}

@c(r3_WdfDeviceResumeIdleActual)
package func wdfDeviceResumeIdleActual(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ tag: UnsafeMutableRawPointer?,
  _ line: UInt32, _ file: UnsafeMutableRawPointer?
) {
  Framework.current.resumeIdle(handle)
}

/// What the system is doing as it changes its power; PowerActionNone otherwise.
@c(r3_WdfDeviceGetSystemPowerAction)
package func wdfDeviceGetSystemPowerAction(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt32
{
  Framework.current.pnpDevice(handle).1.pointee.systemAction
}

/// Recorded: the simulated machine has no power framework that would call the driver.
@c(r3_WdfDeviceWdmAssignPowerFrameworkSettings)
package func wdfDeviceWdmAssignPowerFrameworkSettings(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_POWER_FRAMEWORK_SETTINGS>?
) -> Int32 {
  let framework = Framework.current
  let (device, pnp) = framework.pnpDevice(handle)
  guard
    let read = framework.read(
      framework.require(given), MemoryLayout<WDF_POWER_FRAMEWORK_SETTINGS>.size - 16,
      zero: WDF_POWER_FRAMEWORK_SETTINGS())
  else { return FrameworkStatus.infoLengthMismatch }
  guard device.ownsPolicy else { return FrameworkStatus.invalidDeviceRequest }
  pnp.pointee.powerFramework = read
  return 0
}
