import CDriverKit
import CRing3
import Machine
import Memory

/// A WDFCMRESLIST: the resources that a device has.
package struct ResourceListBody {
  var head: ObjectHead
  var descriptors = ResourceDescriptors(
    byteCount: MemoryLayout<CM_PARTIAL_RESOURCE_DESCRIPTOR>.size)
  package internal(set) var access: ResourceAccess
  /// Whether the driver changed it.
  package internal(set) var isChanged = false
  /// What the list that it was made of says of its bus.
  fileprivate(set) var interfaceType = InterfaceTypeUndefined
  fileprivate(set) var busNumber: UInt32 = 0

  init(_ globals: UnsafeMutablePointer<DriverGlobals>, _ access: ResourceAccess) {
    head = ObjectHead(kind: .resourceList, globals: globals)
    head.flags.insert(.undeletable)
    self.access = access
  }
}

extension UnsafeMutablePointer where Pointee == ResourceListBody {
  /// What the driver knows the list by.
  package var handle: UInt64 { pointee.head.handle }
}

/// Handles of resource lists for the part of the framework that starts devices.
extension Framework {
  static let resourceListClass = ObjectClass(
    destroy: { address in
      address.assumingMemoryBound(to: ResourceListBody.self).pointee.descriptors.removeAll()
    })

  /// Makes a WDFCMRESLIST of a device's resources; nil without memory.
  ///
  /// - Parameters:
  ///   - parent: the device; the list goes with it, or by ``FrameworkObject/delete()``.
  ///   - list: what IRP_MN_START_DEVICE brings, raw or translated; nil for a device without any.
  ///   - access: what the driver may change: nothing in EvtDevicePrepareHardware.
  package func makeResourceList(
    _ parent: FrameworkObject, _ list: UnsafePointer<CM_RESOURCE_LIST>?, access: ResourceAccess
  ) -> UnsafeMutablePointer<ResourceListBody>? {
    guard let body = make(ResourceListBody(parent.globals, access), ObjectAttributes()) else {
      return nil
    }
    let object = FrameworkObject(body)
    if fill(body, from: list) < 0 || attach(object, to: parent) < 0 {
      discard(object)
      return nil
    }
    return body
  }

  /// Replaces what a list says, as a device is started anew.
  package func fill(
    _ body: UnsafeMutablePointer<ResourceListBody>, from list: UnsafePointer<CM_RESOURCE_LIST>?
  ) -> Int32 {
    body.pointee.descriptors.removeAll()
    body.pointee.isChanged = false
    guard let list, list.pointee.Count > 0 else { return 0 }
    body.pointee.interfaceType = list.pointee.List.InterfaceType
    body.pointee.busNumber = list.pointee.List.BusNumber
    let count = Int(list.pointee.List.PartialResourceList.Count)
    let first = UnsafeRawPointer(list) + Self.firstDescriptor
    for index in 0..<count {
      let status = body.pointee.descriptors.insert(
        first + index * MemoryLayout<CM_PARTIAL_RESOURCE_DESCRIPTOR>.stride,
        at: ResourceDescriptors.end)
      if status < 0 { return status }
    }
    return 0
  }

  /// Writes a list back as the system has it, in pool that the caller frees.
  ///
  /// - Returns: nil for an empty list, and without memory.
  package func copyList(
    _ body: UnsafeMutablePointer<ResourceListBody>, tag: UInt32
  ) -> UnsafeMutablePointer<CM_RESOURCE_LIST>? {
    let count = Int(body.pointee.descriptors.count)
    let size =
      Self.firstDescriptor + count * MemoryLayout<CM_PARTIAL_RESOURCE_DESCRIPTOR>.stride
    guard count > 0,
      let block = machine.pool.allocate(
        max(size, MemoryLayout<CM_RESOURCE_LIST>.size), kind: .paged, tag: tag, zeroed: true)
    else { return nil }
    let list = block.bindMemory(to: CM_RESOURCE_LIST.self, capacity: 1)
    list.pointee.Count = 1
    list.pointee.List.InterfaceType = body.pointee.interfaceType
    list.pointee.List.BusNumber = body.pointee.busNumber
    list.pointee.List.PartialResourceList.Version = 1
    list.pointee.List.PartialResourceList.Revision = 1
    list.pointee.List.PartialResourceList.Count = UInt32(count)
    body.pointee.descriptors.write(to: block + Self.firstDescriptor)
    return list
  }

  /// Where the descriptors of a CM_RESOURCE_LIST begin: behind counts, interface and bus.
  private static var firstDescriptor: Int { 20 }

  /// The list of a handle; another handle is bug check 0x10D.
  package func resourceList(_ handle: UInt64) -> UnsafeMutablePointer<ResourceListBody> {
    body(handle, .resourceList, as: ResourceListBody.self)
  }

  fileprivate func insert(
    _ descriptor: UnsafePointer<CM_PARTIAL_RESOURCE_DESCRIPTOR>?, _ handle: UInt64, at index: UInt32
  ) -> Int32 {
    let descriptor = require(descriptor)
    let list = resourceList(handle)
    guard list.pointee.access.contains(.add) else { return FrameworkStatus.accessDenied }
    let status = list.pointee.descriptors.insert(descriptor, at: index)
    if status >= 0 { list.pointee.isChanged = true }
    return status
  }

  /// Notes a removal, or that nothing could be removed.
  fileprivate func finishRemoval(
    _ list: UnsafeMutablePointer<ResourceListBody>, _ isRemoved: Bool
  ) {
    if isRemoved {
      list.pointee.isChanged = true
    } else {
      note("WDFCMRESLIST: nothing was removed: not found, or not allowed")
    }
  }
}

extension FrameworkObject {
  /// The object of a handle; nil when it is none of a live object of the running machine.
  package init?(handle: UInt64) {
    guard let head = Framework.current.state.pointee.handles.object(handle),
      head.pointee.kind != .none
    else { return nil }
    self.init(head)
  }
}

@c(r3_WdfCmResourceListInsertDescriptor)
package func wdfCmResourceListInsertDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ descriptor: UnsafePointer<CM_PARTIAL_RESOURCE_DESCRIPTOR>?, _ index: UInt32
) -> Int32 {
  Framework.current.insert(descriptor, handle, at: index)
}

@c(r3_WdfCmResourceListAppendDescriptor)
package func wdfCmResourceListAppendDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ descriptor: UnsafePointer<CM_PARTIAL_RESOURCE_DESCRIPTOR>?
) -> Int32 {
  Framework.current.insert(descriptor, handle, at: ResourceDescriptors.end)
}

@c(r3_WdfCmResourceListGetCount)
package func wdfCmResourceListGetCount(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt32
{
  Framework.current.resourceList(handle).pointee.descriptors.count
}

@c(r3_WdfCmResourceListGetDescriptor)
package func wdfCmResourceListGetDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ index: UInt32
) -> UnsafeMutableRawPointer? {
  Framework.current.resourceList(handle).pointee.descriptors.copy(at: index)
}

@c(r3_WdfCmResourceListRemove)
package func wdfCmResourceListRemove(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ index: UInt32
) {
  let framework = Framework.current
  let list = framework.resourceList(handle)
  framework.finishRemoval(
    list, list.pointee.access.contains(.remove) && list.pointee.descriptors.remove(at: index))
}

@c(r3_WdfCmResourceListRemoveByDescriptor)
package func wdfCmResourceListRemoveByDescriptor(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ descriptor: UnsafePointer<CM_PARTIAL_RESOURCE_DESCRIPTOR>?
) {
  let framework = Framework.current
  let list = framework.resourceList(handle)
  var copy = framework.require(descriptor).pointee
  framework.finishRemoval(
    list,
    list.pointee.access.contains(.remove) && list.pointee.descriptors.remove(equalTo: &copy))
}
