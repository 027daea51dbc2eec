import CDriverKit
import CRing3
import IOManager
import Machine

@c(r3_WdfDeviceInitSetPnpPowerEventCallbacks)
package func wdfDeviceInitSetPnpPowerEventCallbacks(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ callbacks: UnsafePointer<WDF_PNPPOWER_EVENT_CALLBACKS>?
) {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  // Without the last callback before KMDF 1.11.
  let read = framework.read(
    framework.require(callbacks), MemoryLayout<WDF_PNPPOWER_EVENT_CALLBACKS>.size - 8,
    zero: WDF_PNPPOWER_EVENT_CALLBACKS())
  guard let read, let pnp = framework.pnp(of: description) else {
    return framework.note("WdfDeviceInitSetPnpPowerEventCallbacks: the structure's size is wrong")
  }
  pnp.pointee.callbacks = read
}

@c(r3_WdfDeviceInitSetPowerPolicyEventCallbacks)
package func wdfDeviceInitSetPowerPolicyEventCallbacks(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ callbacks: UnsafePointer<WDF_POWER_POLICY_EVENT_CALLBACKS>?
) {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  let read = framework.read(
    framework.require(callbacks), MemoryLayout<WDF_POWER_POLICY_EVENT_CALLBACKS>.size - 8,
    zero: WDF_POWER_POLICY_EVENT_CALLBACKS())
  guard let read, let pnp = framework.pnp(of: description) else {
    return framework.note("WdfDeviceInitSetPowerPolicyEventCallbacks: the size is wrong")
  }
  pnp.pointee.policyCallbacks = read
}

@c(r3_WdfDeviceInitSetPowerPolicyOwnership)
package func wdfDeviceInitSetPowerPolicyOwnership(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ isOwner: UInt32
) {
  let framework = Framework.current
  framework.pnp(of: framework.deviceInit(address))?.pointee.ownsPolicy = isOwner & 0xFF != 0
}

@c(r3_WdfDeviceInitSetPowerNotPageable)
package func wdfDeviceInitSetPowerNotPageable(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?
) {
  let framework = Framework.current
  framework.pnp(of: framework.deviceInit(address))?.pointee.isPowerPageable = false
}

@c(r3_WdfDeviceInitSetPowerPageable)
package func wdfDeviceInitSetPowerPageable(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?
) {
  let framework = Framework.current
  framework.pnp(of: framework.deviceInit(address))?.pointee.isPowerPageable = true
}

@c(r3_WdfDeviceInitSetPowerInrush)
package func wdfDeviceInitSetPowerInrush(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?
) {
  let framework = Framework.current
  framework.pnp(of: framework.deviceInit(address))?.pointee.isInrush = true
}

@c(r3_WdfFdoInitSetEventCallbacks)
package func wdfFdoInitSetEventCallbacks(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?,
  _ callbacks: UnsafePointer<WDF_FDO_EVENT_CALLBACKS>?
) {
  let framework = Framework.current
  let description = framework.deviceInit(address)
  let read = framework.read(framework.require(callbacks), zero: WDF_FDO_EVENT_CALLBACKS())
  guard let read, let pnp = framework.pnp(of: description) else {
    return framework.note("WdfFdoInitSetEventCallbacks: the structure's size is wrong")
  }
  pnp.pointee.fdoCallbacks = read
}

/// The device is one of a filter driver: what it does not handle goes on to the next lower driver.
@c(r3_WdfFdoInitSetFilter)
package func wdfFdoInitSetFilter(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?
) {
  let description = Framework.current.deviceInit(address)
  guard description.pointee.role == .function else { return }
  description.pointee.role = .filter
  description.pointee.characteristics = 0
}

@c(r3_WdfFdoInitWdmGetPhysicalDevice)
package func wdfFdoInitWdmGetPhysicalDevice(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?
) -> DevicePointer? {
  Framework.current.deviceInit(address).pointee.physicalDevice
}
