import CDriverKit
import CRing3
import Machine

@c(r3_WdfIoResourceRequirementsListSetSlotNumber)
package func wdfIoResourceRequirementsListSetSlotNumber(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ slot: UInt32
) {
  let requirements = Framework.current.requirements(handle)
  if requirements.pointee.slotNumber != slot { requirements.pointee.isChanged = true }
  requirements.pointee.slotNumber = slot
}

@c(r3_WdfIoResourceRequirementsListSetInterfaceType)
package func wdfIoResourceRequirementsListSetInterfaceType(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ type: UInt32
) {
  let requirements = Framework.current.requirements(handle)
  let type = INTERFACE_TYPE(rawValue: Int32(bitPattern: type))
  if requirements.pointee.interfaceType != type { requirements.pointee.isChanged = true }
  requirements.pointee.interfaceType = type
}

@c(r3_WdfIoResourceRequirementsListInsertIoResList)
package func wdfIoResourceRequirementsListInsertIoResList(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ listHandle: UInt64, _ index: UInt32
) -> Int32 {
  let framework = Framework.current
  let requirements = framework.requirements(handle)
  let list = framework.requirementList(listHandle)
  guard list.pointee.owner == requirements else { return FrameworkStatus.invalidDeviceRequest }
  guard requirements.pointee.access.contains(.add) else { return FrameworkStatus.accessDenied }
  return requirements.pointee.insert(list, at: index)
}

@c(r3_WdfIoResourceRequirementsListAppendIoResList)
package func wdfIoResourceRequirementsListAppendIoResList(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ listHandle: UInt64
) -> Int32 {
  wdfIoResourceRequirementsListInsertIoResList(
    globals, handle, listHandle, ResourceDescriptors.end)
}

@c(r3_WdfIoResourceRequirementsListGetCount)
package func wdfIoResourceRequirementsListGetCount(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) -> UInt32 {
  Framework.current.requirements(handle).pointee.count
}

@c(r3_WdfIoResourceRequirementsListGetIoResList)
package func wdfIoResourceRequirementsListGetIoResList(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ index: UInt32
) -> UInt64 {
  Framework.current.requirements(handle).pointee.list(at: index)?.pointee.head.handle ?? 0
}

@c(r3_WdfIoResourceRequirementsListRemove)
package func wdfIoResourceRequirementsListRemove(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ index: UInt32
) {
  let framework = Framework.current
  let requirements = framework.requirements(handle)
  framework.remove(requirements.pointee.list(at: index), from: requirements)
}

@c(r3_WdfIoResourceRequirementsListRemoveByIoResList)
package func wdfIoResourceRequirementsListRemoveByIoResList(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ listHandle: UInt64
) {
  let framework = Framework.current
  let requirements = framework.requirements(handle)
  framework.remove(framework.requirementList(listHandle), from: requirements)
}

extension Framework {
  /// Takes a list out and deletes it, when the driver may.
  fileprivate func remove(
    _ list: UnsafeMutablePointer<RequirementListBody>?,
    from requirements: UnsafeMutablePointer<RequirementsBody>
  ) {
    guard requirements.pointee.access.contains(.remove), let list,
      list.pointee.owner == requirements, requirements.pointee.remove(list)
    else {
      note("WDFIORESREQLIST: nothing was removed: not found, or not allowed")
      return
    }
    FrameworkObject(list).delete()
  }
}

@c(r3_WdfIoResourceListCreate)
package func wdfIoResourceListCreate(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let requirements = framework.requirements(handle)
  let result = framework.require(result)
  result.pointee = 0
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, .parentForbidden, into: &attributes)
  if status < 0 { return status }
  guard let list = framework.make(RequirementListBody(requirements), attributes) else {
    return FrameworkStatus.insufficientResources
  }
  return framework.publish(
    FrameworkObject(list), attributes, default: FrameworkObject(requirements), result)
}
