import CDriverKit
import CRing3
import Machine

/// A WDFWORKITEM.
struct WorkItemBody {
  var head: ObjectHead
  let routine: UnsafeMutableRawPointer
  let serialization: Serialization
  var work = DeferredWork()
}

extension UnsafeMutablePointer where Pointee == WorkItemBody {
  var object: FrameworkObject { FrameworkObject(self) }

  var work: UnsafeMutablePointer<DeferredWork> {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<WorkItemBody>.offset(of: \.work).unsafelyUnwrapped)
      .assumingMemoryBound(to: DeferredWork.self)
  }
}

private let callWorkItem: Machine.ThreadRoutine = { context in
  guard let item = context?.assumingMemoryBound(to: WorkItemBody.self) else { return }
  item.work.run(item.object) {
    item.pointee.serialization.enter()
    Framework.current.callingBack(item.pointee.routine) {
      _ = r3_call1(item.pointee.routine, item.pointee.head.handle)
    }
    item.pointee.serialization.leave()
  }
}

extension Framework {
  static let workItemClass = ObjectClass(
    dispose: { $0.assumingMemoryBound(to: WorkItemBody.self).work.runDown() }, isPassive: true)

  fileprivate func workItem(_ handle: UInt64) -> UnsafeMutablePointer<WorkItemBody> {
    body(handle, .workItem, as: WorkItemBody.self)
  }
}

@c(r3_WdfWorkItemCreate)
package func wdfWorkItemCreate(
  _ globals: UnsafeMutableRawPointer, _ config: UnsafePointer<WDF_WORKITEM_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, .parentRequired, into: &attributes)
  if status < 0 { return status }
  let config = framework.require(config).pointee
  let result = framework.require(result)
  result.pointee = 0
  guard config.Size == UInt32(MemoryLayout<WDF_WORKITEM_CONFIG>.size),
    let parent = attributes.parent
  else { return FrameworkStatus.infoLengthMismatch }
  guard let routine = UnsafeMutableRawPointer(config.EvtWorkItemFunc) else {
    return FrameworkStatus.invalidParameter
  }
  var serialization = Serialization.none
  let serialized = framework.serialize(
    below: parent, isWanted: config.AutomaticSerialization != 0, isPassive: true, &serialization)
  if serialized < 0 { return serialized }
  guard
    let item = framework.make(
      WorkItemBody(
        head: ObjectHead(kind: .workItem, globals: DriverGlobals.of(globals)), routine: routine,
        serialization: serialization),
      attributes)
  else { return FrameworkStatus.insufficientResources }
  item.work.initialize()
  return framework.publish(item.object, attributes, default: parent, result)
}

/// An item that is queued already stays queued once.
@c(r3_WdfWorkItemEnqueue)
package func wdfWorkItemEnqueue(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let item = framework.workItem(handle)
  if !item.work.queue(item.object, callWorkItem), item.work.pointee.isRunningDown {
    framework.note("WdfWorkItemEnqueue: the work item is being deleted")
  }
}

@c(r3_WdfWorkItemGetParentObject)
package func wdfWorkItemGetParentObject(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  Framework.current.workItem(handle).object.parent?.handle ?? 0
}

@c(r3_WdfWorkItemFlush)
package func wdfWorkItemFlush(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let item = framework.workItem(handle)
  guard framework.isLevel(atMost: IRQL.passive) else {
    framework.note("WdfWorkItemFlush: waiting needs PASSIVE_LEVEL")
    return
  }
  if item.work.isMine {
    framework.note("WdfWorkItemFlush: a work item's callback cannot wait for itself")
    return
  }
  item.work.wait()
}
