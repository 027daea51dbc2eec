import CDriverKit
import CRing3
import IOManager
import Machine

extension Framework {
  /// Makes a target of a device; nil without memory.
  func makeTarget(
    _ device: UnsafeMutablePointer<DeviceBody>, _ role: TargetRole, _ attributes: ObjectAttributes
  ) -> UnsafeMutablePointer<TargetBody>? {
    let head = ObjectHead(kind: .ioTarget, globals: device.pointee.head.globals)
    let made = make(
      TargetBody(
        head: head, role: role, device: device, state: role == .remote ? .closed : .started),
      attributes)
    guard let target = made else { return nil }
    target.drained.initialize(.notification, isSet: true)
    target.idle.initialize(.notification, isSet: false)
    Event(target.field(\.opening.opened)).initialize(.notification, isSet: true)
    return target
  }

  /// The target that the framework makes for a device: to the next lower driver, or to itself.
  ///
  /// It is made when it is first asked for.
  fileprivate func ownTarget(
    of device: UnsafeMutablePointer<DeviceBody>, _ role: TargetRole,
    in slot: UnsafeMutablePointer<UnsafeMutablePointer<ObjectHead>?>
  ) -> UInt64 {
    if let known = slot.pointee { return known.pointee.handle }
    guard let target = makeTarget(device, role, ObjectAttributes()) else { return 0 }
    target.object.head.pointee.flags.insert(.undeletable)
    prepare(target, role)
    let lock = device.object.lockAddress
    lock.pointee.lock()
    let other = slot.pointee
    if other == nil { slot.pointee = target.object.head }
    lock.pointee.unlock()
    if let other {
      discard(target.object)
      return other.pointee.handle
    }
    if attach(target.object, to: device.object) < 0 {
      discard(target.object)
      return 0
    }
    return target.handle
  }

  private func prepare(_ target: UnsafeMutablePointer<TargetBody>, _ role: TargetRole) {
    let device = target.pointee.device
    target.pointee.physicalDevice = device.pointee.physicalDevice
    if role == .own {
      target.pointee.wdmDevice = device.pointee.wdmDevice
      // The device itself needs one location more for the way back to its own queues.
      target.pointee.stackCount = Int(device.pointee.wdmDevice.pointee.StackSize) - 1
    } else if let lower = device.pointee.attachedTo {
      target.pointee.wdmDevice = lower
      target.pointee.stackCount = Int(lower.pointee.StackSize)
    }
  }

  fileprivate func slot(
    _ device: UnsafeMutablePointer<DeviceBody>,
    _ path: WritableKeyPath<DeviceBody, UnsafeMutablePointer<ObjectHead>?>
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<ObjectHead>?> {
    (UnsafeMutableRawPointer(device) + MemoryLayout<DeviceBody>.offset(of: path).unsafelyUnwrapped)
      .assumingMemoryBound(to: UnsafeMutablePointer<ObjectHead>?.self)
  }

  fileprivate func localTarget(of device: UnsafeMutablePointer<DeviceBody>) -> UInt64 {
    guard device.pointee.attachedTo != nil else { return 0 }
    return ownTarget(of: device, .local, in: slot(device, \.target))
  }

  fileprivate func selfTarget(of device: UnsafeMutablePointer<DeviceBody>) -> UInt64 {
    guard device.pointee.allowsSelfTarget, device.pointee.attachedTo != nil else { return 0 }
    return ownTarget(of: device, .own, in: slot(device, \.selfTarget))
  }
}

/// The target of the next lower driver; NULL for a physical or control device, which has none.
@c(r3_WdfDeviceGetIoTarget)
package func wdfDeviceGetIoTarget(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  let framework = Framework.current
  return framework.localTarget(of: framework.anyDevice(handle))
}

/// The target by which a driver reaches its own queues; NULL when it has not asked for one.
@c(r3_WdfDeviceGetSelfIoTarget)
package func wdfDeviceGetSelfIoTarget(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  let framework = Framework.current
  return framework.selfTarget(of: framework.device(handle))
}

@c(r3_WdfIoTargetSelfAssignDefaultIoQueue)
package func wdfIoTargetSelfAssignDefaultIoQueue(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ queueHandle: UInt64
) -> Int32 {
  let framework = Framework.current
  let target = framework.target(handle)
  guard target.pointee.role == .own else { framework.refuseHandle(handle, .ioTarget) }
  let queue = framework.queue(queueHandle)
  guard queue.pointee.device == target.pointee.device else {
    return FrameworkStatus.invalidDeviceRequest
  }
  target.pointee.queue = queue
  return 0
}

/// A target that the driver opens; its parent is the device or something of it.
@c(r3_WdfIoTargetCreate)
package func wdfIoTargetCreate(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.anyDevice(handle)
  let result = framework.require(result)
  result.pointee = 0
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  if let parent = attributes.parent, parent.owningDevice != device.object {
    return FrameworkStatus.invalidDeviceRequest
  }
  guard let target = framework.makeTarget(device, .remote, attributes) else {
    return FrameworkStatus.insufficientResources
  }
  return framework.publish(target.object, attributes, default: device.object, result)
}
