import CDriverKit
import CRing3
import Machine

@c(r3_WdfIoResourceListInsertDescriptor)
package func wdfIoResourceListInsertDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ descriptor: UnsafePointer<IO_RESOURCE_DESCRIPTOR>?, _ index: UInt32
) -> Int32 {
  let framework = Framework.current
  let list = framework.requirementList(handle)
  let descriptor = framework.require(descriptor)
  guard list.pointee.owner.pointee.access.contains(.add) else {
    return FrameworkStatus.accessDenied
  }
  let status = list.pointee.descriptors.insert(descriptor, at: index)
  if status >= 0 { list.pointee.owner.pointee.isChanged = true }
  return status
}

@c(r3_WdfIoResourceListAppendDescriptor)
package func wdfIoResourceListAppendDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ descriptor: UnsafePointer<IO_RESOURCE_DESCRIPTOR>?
) -> Int32 {
  wdfIoResourceListInsertDescriptor(globals, handle, descriptor, ResourceDescriptors.end)
}

@c(r3_WdfIoResourceListUpdateDescriptor)
package func wdfIoResourceListUpdateDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ descriptor: UnsafePointer<IO_RESOURCE_DESCRIPTOR>?, _ index: UInt32
) {
  let framework = Framework.current
  let list = framework.requirementList(handle)
  if list.pointee.descriptors.update(framework.require(descriptor), at: index) {
    list.pointee.owner.pointee.isChanged = true
  } else {
    framework.note("WdfIoResourceListUpdateDescriptor: the list has no descriptor \(index)")
  }
}

@c(r3_WdfIoResourceListGetCount)
package func wdfIoResourceListGetCount(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt32
{
  Framework.current.requirementList(handle).pointee.descriptors.count
}

@c(r3_WdfIoResourceListGetDescriptor)
package func wdfIoResourceListGetDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ index: UInt32
) -> UnsafeMutableRawPointer? {
  Framework.current.requirementList(handle).pointee.descriptors.copy(at: index)
}

@c(r3_WdfIoResourceListRemove)
package func wdfIoResourceListRemove(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ index: UInt32
) {
  let framework = Framework.current
  let list = framework.requirementList(handle)
  framework.finishRemoval(list) { list.pointee.descriptors.remove(at: index) }
}

@c(r3_WdfIoResourceListRemoveByDescriptor)
package func wdfIoResourceListRemoveByDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ descriptor: UnsafePointer<IO_RESOURCE_DESCRIPTOR>?
) {
  let framework = Framework.current
  let list = framework.requirementList(handle)
  var copy = framework.require(descriptor).pointee
  framework.finishRemoval(list) { list.pointee.descriptors.remove(equalTo: &copy) }
}

extension Framework {
  /// Removes by `remove` when the driver may, and notes that nothing was removed.
  fileprivate func finishRemoval(
    _ list: UnsafeMutablePointer<RequirementListBody>, _ remove: () -> Bool
  ) {
    if list.pointee.owner.pointee.access.contains(.remove), remove() {
      list.pointee.owner.pointee.isChanged = true
    } else {
      note("WDFIORESLIST: nothing was removed: not found, or not allowed")
    }
  }
}
