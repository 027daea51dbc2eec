import CDriverKit
import CRing3
import Machine

/// A WDFDPC.
struct DpcBody {
  var head: ObjectHead
  let routine: UnsafeMutableRawPointer?
  let serialization: Serialization
  var isRunningDown = false
  /// What WdfDpcWdmGetDpc gives the driver.
  var dpc = KDPC()
}

extension UnsafeMutablePointer where Pointee == DpcBody {
  var object: FrameworkObject { FrameworkObject(self) }

  var dpc: UnsafeMutablePointer<KDPC> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<DpcBody>.offset(of: \.dpc).unsafelyUnwrapped)
      .assumingMemoryBound(to: KDPC.self)
  }

  /// What is queued runs, and then no more: the object ends; at PASSIVE_LEVEL.
  fileprivate func runDown() {
    pointee.isRunningDown = true
    DPC.flush()
    // Its callback may have queued it again by its KDPC.
    _ = DPC.remove(dpc)
  }
}

private let callDpc: DPC.Routine = { dpc in
  let body = dpc.pointee.DeferredContext.assumingMemoryBound(to: DpcBody.self)
  guard let routine = body.pointee.routine else { return }
  body.pointee.serialization.enter()
  Framework.current.callingBack(routine) { _ = r3_call1(routine, body.pointee.head.handle) }
  body.pointee.serialization.leave()
}

extension Framework {
  static let dpcClass = ObjectClass(
    dispose: { $0.assumingMemoryBound(to: DpcBody.self).runDown() }, isPassive: true)

  fileprivate func dpc(_ handle: UInt64) -> UnsafeMutablePointer<DpcBody> {
    body(handle, .dpc, as: DpcBody.self)
  }
}

@c(r3_WdfDpcCreate)
package func wdfDpcCreate(
  _ globals: UnsafeMutableRawPointer, _ config: UnsafePointer<WDF_DPC_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, .parentRequired, into: &attributes)
  if status < 0 { return status }
  let config = framework.require(config).pointee
  let result = framework.require(result)
  result.pointee = 0
  guard config.Size == UInt32(MemoryLayout<WDF_DPC_CONFIG>.size), let parent = attributes.parent
  else { return FrameworkStatus.infoLengthMismatch }
  var serialization = Serialization.none
  let serialized = framework.serialize(
    below: parent, isWanted: config.AutomaticSerialization != 0, isPassive: false, &serialization)
  if serialized < 0 { return serialized }
  guard
    let dpc = framework.make(
      DpcBody(
        head: ObjectHead(kind: .dpc, globals: DriverGlobals.of(globals)),
        routine: UnsafeMutableRawPointer(config.EvtDpcFunc), serialization: serialization),
      attributes)
  else { return FrameworkStatus.insufficientResources }
  DPC.initialize(dpc.dpc, host: callDpc, UnsafeMutableRawPointer(dpc))
  return framework.publish(dpc.object, attributes, default: parent, result)
}

@c(r3_WdfDpcEnqueue)
package func wdfDpcEnqueue(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt8 {
  let framework = Framework.current
  let dpc = framework.dpc(handle)
  if dpc.pointee.isRunningDown {
    framework.note("WdfDpcEnqueue: the DPC is being deleted")
    return 0
  }
  return DPC.insert(dpc.dpc) ? 1 : 0
}

@c(r3_WdfDpcCancel)
package func wdfDpcCancel(_ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ wait: UInt32)
  -> UInt8
{
  let framework = Framework.current
  let dpc = framework.dpc(handle)
  let isWaiting = wait & 0xFF != 0
  if isWaiting, !framework.isLevel(atMost: IRQL.passive) {
    framework.note("WdfDpcCancel: waiting needs PASSIVE_LEVEL")
    return 0
  }
  if DPC.remove(dpc.dpc) { return 1 }
  if isWaiting { DPC.flush() }
  return 0
}

@c(r3_WdfDpcGetParentObject)
package func wdfDpcGetParentObject(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  Framework.current.dpc(handle).object.parent?.handle ?? 0
}

@c(r3_WdfDpcWdmGetDpc)
package func wdfDpcWdmGetDpc(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UnsafeMutablePointer<KDPC>
{
  Framework.current.dpc(handle).dpc
}
