import CDriverKit
import CRing3
import Machine
import Memory

// Between requirements as objects and as the system has them.
extension Framework {
  /// Makes a WDFIORESREQLIST; nil without memory.
  ///
  /// - Parameters:
  ///   - parent: the device that it goes with.
  ///   - list: what IRP_MN_FILTER_RESOURCE_REQUIREMENTS or a bus brings; nil for none.
  package func makeRequirements(
    _ parent: FrameworkObject, _ list: UnsafePointer<IO_RESOURCE_REQUIREMENTS_LIST>?,
    access: ResourceAccess
  ) -> UnsafeMutablePointer<RequirementsBody>? {
    guard
      let body = make(
        RequirementsBody(parent.globals, list?.pointee, access), ObjectAttributes())
    else { return nil }
    let object = FrameworkObject(body)
    if attach(object, to: parent) < 0 {
      discard(object)
      return nil
    }
    if let list, !fill(body, from: list) {
      object.delete()
      return nil
    }
    body.pointee.isChanged = false
    return body
  }

  private func fill(
    _ body: UnsafeMutablePointer<RequirementsBody>,
    from requirements: UnsafePointer<IO_RESOURCE_REQUIREMENTS_LIST>
  ) -> Bool {
    var place = UnsafeRawPointer(requirements) + Self.firstList
    for _ in 0..<requirements.pointee.AlternativeLists {
      guard let list = make(RequirementListBody(body), ObjectAttributes()) else { return false }
      if attach(FrameworkObject(list), to: FrameworkObject(body)) < 0 {
        discard(FrameworkObject(list))
        return false
      }
      let count = place.load(fromByteOffset: 4, as: UInt32.self)
      place += Self.listHeader
      for _ in 0..<count {
        if list.pointee.descriptors.insert(place, at: ResourceDescriptors.end) < 0 { return false }
        place += MemoryLayout<IO_RESOURCE_DESCRIPTOR>.stride
      }
      if body.pointee.insert(list, at: ResourceDescriptors.end) < 0 { return false }
    }
    return true
  }

  /// Writes requirements as the system has them, in paged pool that the caller frees.
  ///
  /// - Returns: nil without any list, and without memory.
  package func copyRequirements(
    _ body: UnsafeMutablePointer<RequirementsBody>, tag: UInt32
  ) -> UnsafeMutablePointer<IO_RESOURCE_REQUIREMENTS_LIST>? {
    let descriptorSize = MemoryLayout<IO_RESOURCE_DESCRIPTOR>.stride
    var size = Self.firstList
    var next = body.pointee.first
    while let list = next {
      size += Self.listHeader + Int(list.pointee.descriptors.count) * descriptorSize
      next = list.pointee.next
    }
    guard body.pointee.count > 0,
      let block = machine.pool.allocate(
        max(size, MemoryLayout<IO_RESOURCE_REQUIREMENTS_LIST>.size), kind: .paged, tag: tag,
        zeroed: true)
    else { return nil }
    let result = block.bindMemory(to: IO_RESOURCE_REQUIREMENTS_LIST.self, capacity: 1)
    result.pointee.ListSize = UInt32(size)
    result.pointee.InterfaceType = body.pointee.interfaceType
    result.pointee.BusNumber = body.pointee.busNumber
    result.pointee.SlotNumber = body.pointee.slotNumber
    result.pointee.AlternativeLists = body.pointee.count
    var place = block + Self.firstList
    next = body.pointee.first
    while let list = next {
      // Version and revision of the list's form.
      place.storeBytes(of: 1, as: UInt16.self)
      place.storeBytes(of: 1, toByteOffset: 2, as: UInt16.self)
      place.storeBytes(of: list.pointee.descriptors.count, toByteOffset: 4, as: UInt32.self)
      list.pointee.descriptors.write(to: place + Self.listHeader)
      place += Self.listHeader + Int(list.pointee.descriptors.count) * descriptorSize
      next = list.pointee.next
    }
    return result
  }

  /// Where the lists of IO_RESOURCE_REQUIREMENTS_LIST begin, and the descriptors of each.
  private static var firstList: Int { 32 }
  private static var listHeader: Int { 8 }
}
