import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory

/// Ends the description: on success the driver's pointer to it is NULL afterwards.
@c(r3_WdfDeviceCreate)
package func wdfDeviceCreate(
  _ globals: UnsafeMutableRawPointer, _ place: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let place = framework.require(place)
  let result = framework.require(result)
  result.pointee = 0
  let description = framework.deviceInit(place.pointee)
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  var attributes = ObjectAttributes()
  let status = framework.attributes(
    given, [.parentForbidden, .scopeAllowed, .levelAllowed], into: &attributes)
  if status < 0 { return status }
  if description.pointee.fileConfig?.FileObjectClass.rawValue == 0 {
    return FrameworkStatus.invalidParameter
  }
  var failure: Int32 = 0
  guard let device = framework.makeDevice(description, attributes, failure: &failure) else {
    return failure
  }
  result.pointee = device.handle
  place.pointee = nil
  framework.freeDeviceInit(description)
  return 0
}

extension Framework {
  /// Makes device object and WDFDEVICE, attached to the stack when there is one.
  fileprivate func makeDevice(
    _ description: UnsafeMutablePointer<DeviceInit>, _ attributes: ObjectAttributes,
    failure: inout Int32
  ) -> UnsafeMutablePointer<DeviceBody>? {
    let globals = description.pointee.globals
    guard let wdm = makeDeviceObject(description, &failure) else { return nil }
    let made = make(body(description, wdm), attributes)
    guard let device = made else {
      machine.io.deleteDevice(wdm)
      failure = FrameworkStatus.insufficientResources
      return nil
    }
    inheritLevels(device.object, from: globals.driverObject)
    device.lockAddress().pointee.initialize(
      isPassive: device.pointee.head.executionLevel == .passive)
    device.pointee.name = description.pointee.name
    description.pointee.name = PoolText()
    device.pointee.parentDevice = description.pointee.parentDevice
    device.pointee.forwardsToParent = description.pointee.forwardsToParent
    device.pointee.preprocess = description.pointee.preprocess
    description.pointee.preprocess = nil
    if device.pointee.role != .control {
      guard pnp(of: description) != nil else {
        failure = FrameworkStatus.insufficientResources
        discard(device.object)
        return nil
      }
      // They are opened as the device comes to D0.
      device.pointee.queuesAreHeld = true
      device.pointee.pnp = description.pointee.pnp
      description.pointee.pnp = nil
    }
    wdm.pointee.DeviceExtension.storeBytes(of: device, as: UnsafeMutablePointer<DeviceBody>?.self)
    if device.pointee.role != .control { device.pointee.head.flags.insert(.undeletable) }
    failure = joinStack(device, description)
    if failure >= 0 { failure = attach(device.object, to: owner(of: device)) }
    if failure >= 0 { failure = registerShutdown(device, description) }
    if failure < 0 {
      discard(device.object)
      return nil
    }
    if let pnp = device.pnp { failure = finishCreation(device, pnp) }
    if failure < 0 {
      device.object.delete()
      return nil
    }
    return device
  }

  /// A child belongs to its bus, every other device to the driver.
  private func owner(of device: UnsafeMutablePointer<DeviceBody>) -> FrameworkObject {
    device.pointee.parentDevice?.object ?? device.pointee.head.globals.driverObject
  }

  /// What is special to a device that takes part in Plug and Play.
  private func finishCreation(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) -> Int32 {
    let wdm = device.pointee.wdmDevice
    if pnp.pointee.isPowerPageable { wdm.pointee.Flags |= UInt32(DO_POWER_PAGABLE) }
    if pnp.pointee.isInrush {
      wdm.pointee.Flags = wdm.pointee.Flags & ~UInt32(DO_POWER_PAGABLE) | UInt32(DO_POWER_INRUSH)
    }
    if let parent = device.pointee.parentDevice, device.pointee.forwardsToParent {
      // Requests go on to the stack of the parent.
      wdm.pointee.StackSize += parent.pointee.wdmDevice.pointee.StackSize
    }
    let status = joinBus(device, pnp)
    if status < 0 { return status }
    enter(device, pnp, pnp: WdfDevStatePnpInit)
    wdm.pointee.Flags &= ~UInt32(DO_DEVICE_INITIALIZING)
    return 0
  }

  private func body(_ description: UnsafeMutablePointer<DeviceInit>, _ wdm: DevicePointer)
    -> DeviceBody
  {
    DeviceBody(
      head: ObjectHead(kind: .device, globals: description.pointee.globals),
      role: description.pointee.role, wdmDevice: wdm,
      physicalDevice: description.pointee.role == .bus ? wdm : description.pointee.physicalDevice,
      name: PoolText(), fileConfig: description.pointee.fileConfig,
      fileAttributes: description.pointee.fileAttributes,
      requestAttributes: description.pointee.requestAttributes,
      inCallerContext: description.pointee.inCallerContext,
      controlType: description.pointee.controlType,
      allowsSelfTarget: description.pointee.allowsSelfTarget)
  }

  private func makeDeviceObject(
    _ description: UnsafeMutablePointer<DeviceInit>, _ failure: inout Int32
  ) -> DevicePointer? {
    let isNamed = description.pointee.name.count > 0
    let needsName =
      !isNamed
      && (description.pointee.role == .bus
        || description.pointee.characteristics & UInt32(FILE_AUTOGENERATED_DEVICE_NAME) != 0)
    let wdm = withUnsafePointer(to: description.pointee.name.string) { name in
      withUnsafePointer(to: description.pointee.sddl.string) { sddl in
        machine.io.makeDevice(
          for: description.pointee.globals.pointee.driverObjectWDM,
          extensionByteCount: MemoryLayout<UInt>.size, name: isNamed ? name : nil,
          type: description.pointee.deviceType,
          characteristics: description.pointee.characteristics
            | (needsName ? UInt32(FILE_AUTOGENERATED_DEVICE_NAME) : 0),
          isExclusive: description.pointee.isExclusive,
          sddl: description.pointee.sddl.count > 0 ? sddl : nil, status: &failure)
      }
    }
    guard let wdm else { return nil }
    switch description.pointee.readWriteType {
    case 2: wdm.pointee.Flags |= UInt32(DO_BUFFERED_IO)
    case 3: wdm.pointee.Flags |= UInt32(DO_DIRECT_IO)
    // Small transfers would be buffered; one method for all is what the documentation allows.
    case 4: wdm.pointee.Flags |= UInt32(DO_DIRECT_IO)
    default: break
    }
    return wdm
  }

  /// Attaches a function or filter device above the physical one.
  private func joinStack(
    _ device: UnsafeMutablePointer<DeviceBody>, _ description: UnsafeMutablePointer<DeviceInit>
  ) -> Int32 {
    guard device.pointee.role == .function || device.pointee.role == .filter,
      let physical = description.pointee.physicalDevice
    else { return 0 }
    let wdm = device.pointee.wdmDevice
    guard let lower = machine.io.attach(wdm, to: physical) else {
      return Int32(bitPattern: 0xC000_000E)  // STATUS_NO_SUCH_DEVICE
    }
    device.pointee.attachedTo = lower
    // For requests that the driver sends to itself, and from there to the lower device.
    if device.pointee.allowsSelfTarget { wdm.pointee.StackSize += 1 }
    if device.pointee.role == .filter {
      let method = UInt32(DO_BUFFERED_IO | DO_DIRECT_IO)
      wdm.pointee.Flags = wdm.pointee.Flags & ~method | lower.pointee.Flags & method
      wdm.pointee.DeviceType = lower.pointee.DeviceType
      wdm.pointee.Characteristics |= lower.pointee.Characteristics
    }
    wdm.pointee.Flags |= lower.pointee.Flags & UInt32(DO_POWER_PAGABLE)
    return 0
  }

  /// Takes over from the parent what an object leaves open of level and scope.
  func inheritLevels(_ object: FrameworkObject, from parent: FrameworkObject) {
    if object.head.pointee.executionLevel == .inherit {
      object.head.pointee.executionLevel = parent.head.pointee.executionLevel
    }
    if object.head.pointee.synchronizationScope == .inherit {
      object.head.pointee.synchronizationScope = parent.head.pointee.synchronizationScope
    }
  }
}
