import CDriverKit
import CRing3
import Machine

@c(r3_WdfInterruptCreate)
package func wdfInterruptCreate(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ config: UnsafePointer<WDF_INTERRUPT_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let (device, _) = framework.pnpDevice(handle)
  let result = framework.require(result)
  result.pointee = 0
  // Without what came with KMDF 1.13 and 1.11.
  let newest = MemoryLayout<WDF_INTERRUPT_CONFIG>.size
  guard
    let config = framework.read(
      framework.require(config), newest - 8, newest - 48, zero: WDF_INTERRUPT_CONFIG())
  else { return FrameworkStatus.infoLengthMismatch }
  let status = framework.check(config)
  if status < 0 { return status }
  return framework.makeInterrupt(device, config, given, result)
}

extension Framework {
  /// Which callbacks and locks go together.
  fileprivate func check(_ config: WDF_INTERRUPT_CONFIG) -> Int32 {
    let isPassive = config.PassiveHandling != 0
    guard config.EvtInterruptIsr != nil,
      config.EvtInterruptDpc == nil || config.EvtInterruptWorkItem == nil,
      !isPassive || config.SpinLock == nil, isPassive || config.WaitLock == nil,
      (config.InterruptRaw == nil) == (config.InterruptTranslated == nil)
    else { return FrameworkStatus.invalidParameter }
    return isLevel(atMost: IRQL.passive) ? 0 : FrameworkStatus.invalidDeviceRequest
  }

  fileprivate func makeInterrupt(
    _ device: UnsafeMutablePointer<DeviceBody>, _ config: WDF_INTERRUPT_CONFIG,
    _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>
  ) -> Int32 {
    var attributes = ObjectAttributes()
    var status = self.attributes(given, into: &attributes)
    if status < 0 { return status }
    let parent = attributes.parent ?? device.object
    guard parent.kind == .device || parent.kind == .queue, parent.owningDevice == device.object
    else { return FrameworkStatus.invalidDeviceRequest }
    var serialization = Serialization.none
    status = serialize(
      below: parent, isWanted: config.AutomaticSerialization != 0,
      isPassive: config.EvtInterruptWorkItem != nil, &serialization)
    if status < 0 { return status }
    let head = ObjectHead(kind: .interrupt, globals: device.pointee.head.globals)
    guard
      let interrupt = make(
        InterruptBody(
          head: head, device: device, config: config, serialization: serialization), attributes)
    else { return FrameworkStatus.insufficientResources }
    prepare(interrupt, config)
    status = publish(interrupt.object, attributes, default: device.object, result)
    if status >= 0 { append(interrupt, to: device) }
    return status
  }

  private func prepare(
    _ interrupt: UnsafeMutablePointer<InterruptBody>, _ config: WDF_INTERRUPT_CONFIG
  ) {
    DPC.initialize(interrupt.dpc, host: interruptDpc, UnsafeMutableRawPointer(interrupt))
    interrupt.work.initialize()
    interrupt.service.initialize()
    interrupt.passiveLock.initialize(.synchronization, isSet: true)
    if let lock = config.SpinLock {
      spinLock(bits(UnsafeMutableRawPointer(lock))).pointee.belongsToInterrupt = true
    }
    // Made in EvtDevicePrepareHardware, it knows its resource.
    if let descriptor = config.InterruptTranslated {
      interrupt.pointee.source = InterruptSource(descriptor, messageNumber: 0)
    }
  }

  private func append(
    _ interrupt: UnsafeMutablePointer<InterruptBody>, to device: UnsafeMutablePointer<DeviceBody>
  ) {
    guard let pnp = device.pnp else { return }
    guard var last = pnp.pointee.firstInterrupt else {
      pnp.pointee.firstInterrupt = interrupt
      return
    }
    while let next = last.pointee.next { last = next }
    last.pointee.next = interrupt
  }
}

/// EvtInterruptDpc, at DISPATCH_LEVEL.
private let interruptDpc: DPC.Routine = { dpc in
  let interrupt = dpc.pointee.DeferredContext.assumingMemoryBound(to: InterruptBody.self)
  guard let routine = interrupt.pointee.config.EvtInterruptDpc else { return }
  interrupt.callDeferred(routine)
}

/// EvtInterruptWorkItem, at PASSIVE_LEVEL.
let interruptWork: Machine.ThreadRoutine = { context in
  guard let context else { return }
  let interrupt = context.assumingMemoryBound(to: InterruptBody.self)
  interrupt.work.run(interrupt.object) {
    if let routine = interrupt.pointee.config.EvtInterruptWorkItem {
      interrupt.callDeferred(routine)
    }
  }
}

extension UnsafeMutablePointer where Pointee == InterruptBody {
  /// Calls the driver outside the interrupt, with the object that the interrupt belongs to.
  fileprivate func callDeferred(_ routine: UnsafeRawPointer) {
    let parent = object.parent?.handle ?? 0
    pointee.serialization.enter()
    _ = r3_call2(routine, handle, parent)
    pointee.serialization.leave()
  }
}
