import CDriverKit
import CRing3
import Machine
import Memory

/// A WDFIORESREQLIST: lists of resources that a device could work with, the preferred one first.
package struct RequirementsBody {
  var head: ObjectHead
  package let access: ResourceAccess
  package internal(set) var isChanged = false
  package internal(set) var interfaceType: INTERFACE_TYPE
  package internal(set) var slotNumber: UInt32
  let busNumber: UInt32
  /// Guards the lists.
  private var lock = MachineLock()
  private(set) var count: UInt32 = 0
  private(set) var first: UnsafeMutablePointer<RequirementListBody>?

  init(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ list: IO_RESOURCE_REQUIREMENTS_LIST?,
    _ access: ResourceAccess
  ) {
    head = ObjectHead(kind: .resourceRequirementsList, globals: globals)
    head.flags.insert(.undeletable)
    self.access = access
    interfaceType = list?.InterfaceType ?? InterfaceTypeUndefined
    slotNumber = list?.SlotNumber ?? 0
    busNumber = list?.BusNumber ?? 0
  }
}

/// A WDFIORESLIST: one list of descriptors of a WDFIORESREQLIST, in it or not yet.
package struct RequirementListBody {
  var head: ObjectHead
  let owner: UnsafeMutablePointer<RequirementsBody>
  var descriptors = ResourceDescriptors(byteCount: MemoryLayout<IO_RESOURCE_DESCRIPTOR>.size)
  /// Whether it is in the owner's order.
  fileprivate(set) var isIn = false
  fileprivate(set) var next: UnsafeMutablePointer<RequirementListBody>?

  init(_ owner: UnsafeMutablePointer<RequirementsBody>) {
    head = ObjectHead(kind: .ioResourceList, globals: owner.pointee.head.globals)
    head.flags.insert(.undeletable)
    self.owner = owner
  }
}

extension RequirementsBody {
  func list(at index: UInt32) -> UnsafeMutablePointer<RequirementListBody>? {
    guard index < count else { return nil }
    var list = first
    for _ in 0..<index { list = list?.pointee.next }
    return list
  }

  /// Puts a list at a place; STATUS_ARRAY_BOUNDS_EXCEEDED beyond the end.
  mutating func insert(_ list: UnsafeMutablePointer<RequirementListBody>, at index: UInt32)
    -> Int32
  {
    lock.lock()
    defer { lock.unlock() }
    guard !list.pointee.isIn else { return FrameworkStatus.invalidDeviceRequest }
    guard index == ResourceDescriptors.end || index <= count else {
      return FrameworkStatus.arrayBoundsExceeded
    }
    let place = min(index, count)
    if place == 0 {
      list.pointee.next = first
      first = list
    } else if let before = self.list(at: place - 1) {
      list.pointee.next = before.pointee.next
      before.pointee.next = list
    }
    list.pointee.isIn = true
    count += 1
    isChanged = true
    return 0
  }

  /// Takes a list out of the order; false when it is not in.
  mutating func remove(_ list: UnsafeMutablePointer<RequirementListBody>) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    guard list.pointee.isIn else { return false }
    if first == list {
      first = list.pointee.next
    } else {
      var before = first
      while let candidate = before, candidate.pointee.next != list {
        before = candidate.pointee.next
      }
      before?.pointee.next = list.pointee.next
    }
    list.pointee.next = nil
    list.pointee.isIn = false
    count -= 1
    isChanged = true
    return true
  }
}

extension UnsafeMutablePointer where Pointee == RequirementsBody {
  /// What the driver knows the requirements by.
  package var handle: UInt64 { pointee.head.handle }
}

extension Framework {
  static let requirementListClass = ObjectClass(
    dispose: { address in
      let list = address.assumingMemoryBound(to: RequirementListBody.self)
      _ = list.pointee.owner.pointee.remove(list)
    },
    destroy: { address in
      address.assumingMemoryBound(to: RequirementListBody.self).pointee.descriptors.removeAll()
    })

  /// The requirements of a handle; another handle is bug check 0x10D.
  package func requirements(_ handle: UInt64) -> UnsafeMutablePointer<RequirementsBody> {
    body(handle, .resourceRequirementsList, as: RequirementsBody.self)
  }

  func requirementList(_ handle: UInt64) -> UnsafeMutablePointer<RequirementListBody> {
    body(handle, .ioResourceList, as: RequirementListBody.self)
  }
}
