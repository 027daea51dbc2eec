import CDriverKit
import CRing3
import IOManager
import Machine
import PlugAndPlay

extension Framework {
  /// The device of a handle with its Plug and Play state; a control device has none and is refused.
  func pnpDevice(_ handle: UInt64) -> (
    UnsafeMutablePointer<DeviceBody>, UnsafeMutablePointer<PnpState>
  ) {
    let device = device(handle)
    guard let pnp = device.pnp else { violation(.pnpFatal, handle) }
    return (device, pnp)
  }

  /// Has the Plug and Play manager ask for the state of a device again.
  func invalidateState(of device: UnsafeMutablePointer<DeviceBody>) {
    guard let physical = device.pointee.physicalDevice,
      machine.plugAndPlay.node(of: physical) != nil
    else { return }
    ioInvalidateDeviceState(physical)
  }
}

/// The device fails: it is removed as by surprise, and perhaps made anew by its bus.
@c(r3_WdfDeviceSetFailed)
package func wdfDeviceSetFailed(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ action: UInt32
) {
  let framework = Framework.current
  let (device, pnp) = framework.pnpDevice(handle)
  guard
    action == WdfDeviceFailedAttemptRestart.rawValue
      || action == WdfDeviceFailedNoRestart.rawValue
  else { return framework.note("WdfDeviceSetFailed: the action is not valid") }
  pnp.pointee.failure =
    action == WdfDeviceFailedAttemptRestart.rawValue ? .restart : .stayFailed
  pnp.pointee.deviceState.Failed = WdfTrue
  if pnp.pointee.failure == .restart, let pdo = framework.child(below: device) {
    framework.renewChild(pdo)
  }
  framework.invalidateState(of: device)
}

extension Framework {
  /// The child of a framework bus that a device belongs to: itself, or the bottom of its stack.
  ///
  /// Only such a bus makes its children anew.
  fileprivate func child(below device: UnsafeMutablePointer<DeviceBody>)
    -> UnsafeMutablePointer<PdoState>?
  {
    if let pdo = device.pdo { return pdo }
    guard let physical = device.pointee.physicalDevice,
      let driver = physical.pointee.DriverObject,
      dispatchTable(driver)[Int(IRP_MJ_PNP)] == FrameworkRoutines.dispatch
    else { return nil }
    return self.device(of: physical)?.pdo
  }
}

@c(r3_WdfDeviceGetDeviceState)
package func wdfDeviceGetDeviceState(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ result: UnsafeMutablePointer<WDF_DEVICE_STATE>?
) {
  let framework = Framework.current
  let (_, pnp) = framework.pnpDevice(handle)
  let result = framework.require(result)
  let size = result.pointee.Size
  guard
    size == UInt32(MemoryLayout<WDF_DEVICE_STATE>.size)
      || size == UInt32(MemoryLayout<WDF_DEVICE_STATE>.size - 4)
  else { return framework.note("WdfDeviceGetDeviceState: the structure's size is wrong") }
  var state = pnp.pointee.deviceState
  state.Size = size
  withUnsafeBytes(of: state) { bytes in
    UnsafeMutableRawPointer(result).copyMemory(
      from: bytes.baseAddress.unsafelyUnwrapped, byteCount: Int(size))
  }
}

@c(r3_WdfDeviceSetDeviceState)
package func wdfDeviceSetDeviceState(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_DEVICE_STATE>?
) {
  let framework = Framework.current
  let (device, pnp) = framework.pnpDevice(handle)
  let read = framework.read(
    framework.require(given), MemoryLayout<WDF_DEVICE_STATE>.size - 4, zero: WDF_DEVICE_STATE())
  guard let read else {
    return framework.note("WdfDeviceSetDeviceState: the structure's size is wrong")
  }
  pnp.pointee.deviceState = read
  framework.invalidateState(of: device)
}

@c(r3_WdfDeviceSetPnpCapabilities)
package func wdfDeviceSetPnpCapabilities(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_DEVICE_PNP_CAPABILITIES>?
) {
  let framework = Framework.current
  let (_, pnp) = framework.pnpDevice(handle)
  let read = framework.read(framework.require(given), zero: WDF_DEVICE_PNP_CAPABILITIES())
  guard let read else {
    return framework.note("WdfDeviceSetPnpCapabilities: the structure's size is wrong")
  }
  pnp.pointee.capabilities = read
}

@c(r3_WdfDeviceSetPowerCapabilities)
package func wdfDeviceSetPowerCapabilities(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_DEVICE_POWER_CAPABILITIES>?
) {
  let framework = Framework.current
  let (_, pnp) = framework.pnpDevice(handle)
  let read = framework.read(framework.require(given), zero: WDF_DEVICE_POWER_CAPABILITIES())
  guard let read else {
    return framework.note("WdfDeviceSetPowerCapabilities: the structure's size is wrong")
  }
  pnp.pointee.powerCapabilities = read
}

/// FALSE keeps the device from being stopped or removed, until TRUE as often.
@c(r3_WdfDeviceSetStaticStopRemove)
package func wdfDeviceSetStaticStopRemove(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ isStoppable: UInt32
) {
  let framework = Framework.current
  let (device, pnp) = framework.pnpDevice(handle)
  let isStoppable = isStoppable & 0xFF != 0
  pnp.pointee.staticCount += isStoppable ? -1 : 1
  // Whether a user may disable the device depends on it.
  if isStoppable ? pnp.pointee.staticCount == 0 : pnp.pointee.staticCount == 1 {
    framework.invalidateState(of: device)
  }
}

@c(r3_WdfDeviceSetBusInformationForChildren)
package func wdfDeviceSetBusInformationForChildren(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ information: UnsafePointer<PNP_BUS_INFORMATION>?
) {
  let framework = Framework.current
  let (_, pnp) = framework.pnpDevice(handle)
  pnp.pointee.busInformation = framework.require(information).pointee
}

@c(r3_WdfDeviceInitSetRemoveLockOptions)
package func wdfDeviceInitSetRemoveLockOptions(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ options: UnsafePointer<WDF_REMOVE_LOCK_OPTIONS>?
) {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  let options = framework.require(options).pointee
  guard options.Size == UInt32(MemoryLayout<WDF_REMOVE_LOCK_OPTIONS>.size) else {
    return framework.note("WdfDeviceInitSetRemoveLockOptions: the structure's size is wrong")
  }
  // Devices stay until their requests have ended in any case.
  framework.pnp(of: description)?.pointee.acquiresRemoveLock =
    options.Flags & UInt32(WDF_REMOVE_LOCK_OPTION_ACQUIRE_FOR_IO.rawValue) != 0
}

@c(r3_WdfDeviceInitSetReleaseHardwareOrderOnFailure)
package func wdfDeviceInitSetReleaseHardwareOrderOnFailure(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ order: UInt32
) {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  guard
    order == WdfReleaseHardwareOrderOnFailureEarly.rawValue
      || order == WdfReleaseHardwareOrderOnFailureAfterDescendants.rawValue
  else {
    return framework.note("WdfDeviceInitSetReleaseHardwareOrderOnFailure: no such order")
  }
  framework.pnp(of: description)?.pointee.releaseOrder = WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE(
    rawValue: order)
}
