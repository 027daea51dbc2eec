import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

@c(r3_WdfIoQueueCreate)
package func wdfIoQueueCreate(
  _ globals: UnsafeMutableRawPointer, _ deviceHandle: UInt64,
  _ config: UnsafePointer<WDF_IO_QUEUE_CONFIG>?, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(deviceHandle)
  result?.pointee = 0
  // The sizes of KMDF 1.1 and 1.9; 1.11 has the present one.
  guard
    let config = framework.read(
      framework.require(config), 80, 88, zero: WDF_IO_QUEUE_CONFIG())
  else { return FrameworkStatus.infoLengthMismatch }
  let status = framework.check(config, device)
  if status < 0 { return status }
  var attributes = ObjectAttributes()
  let checked = framework.attributes(given, [.scopeAllowed, .levelAllowed], into: &attributes)
  if checked < 0 { return checked }
  return framework.makeQueue(device, config, attributes, result)
}

extension Framework {
  /// Whether a queue may be made so.
  fileprivate func check(_ config: WDF_IO_QUEUE_CONFIG, _ device: UnsafeMutablePointer<DeviceBody>)
    -> Int32
  {
    let type = config.DispatchType.rawValue
    guard (1...3).contains(type) else { return FrameworkStatus.invalidParameter }
    let hasHandler =
      config.EvtIoDefault != nil || config.EvtIoRead != nil || config.EvtIoWrite != nil
      || config.EvtIoDeviceControl != nil || config.EvtIoInternalDeviceControl != nil
    if type != 3, !hasHandler { return FrameworkStatus.noCallback }
    if type == 3, hasHandler { return FrameworkStatus.invalidParameter }
    if config.Size >= 88 {
      let limit = config.Settings.Parallel.NumberOfPresentedRequests
      if (type == 2) == (limit == 0) { return FrameworkStatus.invalidParameter }
    }
    if config.DefaultQueue != 0, device.pointee.defaultQueue != nil {
      return FrameworkStatus.unsuccessful
    }
    return 0
  }

  fileprivate func makeQueue(
    _ device: UnsafeMutablePointer<DeviceBody>, _ config: WDF_IO_QUEUE_CONFIG,
    _ attributes: ObjectAttributes, _ result: UnsafeMutablePointer<UInt64>?
  ) -> Int32 {
    let limit: UInt32 =
      switch config.DispatchType.rawValue {
      case 1: 1
      case 2 where config.Size >= 88: config.Settings.Parallel.NumberOfPresentedRequests
      default: .max
      }
    // WdfUseDefault: power managed unless it belongs to a filter; a control device has no power.
    let isPowerManaged =
      device.pointee.role != .control
      && (config.PowerManaged.rawValue == 2
        ? device.pointee.role != .filter : config.PowerManaged.rawValue == 1)
    guard
      let queue = make(
        QueueBody(
          head: ObjectHead(kind: .queue, globals: device.pointee.head.globals), device: device,
          config: config, limit: limit, isManual: config.DispatchType.rawValue == 3,
          isPowerManaged: isPowerManaged),
        attributes)
    else { return FrameworkStatus.insufficientResources }
    inheritLevels(queue.object, from: device.object)
    // One lock for both has one level.
    if queue.pointee.head.synchronizationScope == .device,
      queue.pointee.head.executionLevel != device.pointee.head.executionLevel
    {
      discard(queue.object)
      return FrameworkStatus.invalidParameter
    }
    queue.initializeCallbackLock()
    queue.pointee.head.device = device.object.head
    let status = attach(queue.object, to: attributes.parent ?? device.object)
    if status < 0 {
      discard(queue.object)
      return status
    }
    join(queue)
    if config.DefaultQueue != 0 {
      device.pointee.defaultQueue = queue
      queue.pointee.head.flags.insert(.undeletable)
    }
    result?.pointee = queue.handle
    return 0
  }
}

extension UnsafeMutablePointer where Pointee == QueueBody {
  fileprivate func initializeCallbackLock() {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<QueueBody>.offset(of: \.callbackLock).unsafelyUnwrapped)
      .assumingMemoryBound(to: CallbackLock.self).pointee
      .initialize(isPassive: pointee.head.executionLevel == .passive)
  }
}

/// Requests of one type go to one queue.
@c(r3_WdfDeviceConfigureRequestDispatching)
package func wdfDeviceConfigureRequestDispatching(
  _ globals: UnsafeMutableRawPointer, _ deviceHandle: UInt64, _ queueHandle: UInt64, _ type: UInt32
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(deviceHandle)
  let queue = framework.queue(queueHandle)
  switch Int32(bitPattern: type) {
  case IRP_MJ_CREATE, IRP_MJ_READ, IRP_MJ_WRITE, IRP_MJ_DEVICE_CONTROL,
    IRP_MJ_INTERNAL_DEVICE_CONTROL:
    break
  default: return FrameworkStatus.invalidParameter
  }
  guard queue.pointee.device == device, device.pointee.defaultQueue != queue,
    queue.handles(UInt8(type))
  else { return FrameworkStatus.invalidDeviceRequest }
  if device.pointee.queues[Int(type)] != nil { return FrameworkStatus.busy }
  device.pointee.queues[Int(type)] = queue
  queue.pointee.head.flags.insert(.undeletable)
  return 0
}

@c(r3_WdfIoQueueGetDevice)
package func wdfIoQueueGetDevice(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  Framework.current.queue(handle).pointee.device.handle
}
