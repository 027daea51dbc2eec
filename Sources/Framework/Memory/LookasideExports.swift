import CDriverKit
import CRing3
import Machine
import Memory

@c(r3_WdfLookasideListCreate)
package func wdfLookasideListCreate(
  _ globals: UnsafeMutableRawPointer, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ byteCount: UInt64, _ poolType: UInt32, _ givenMemory: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ tag: UInt32, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let result = framework.require(result)
  result.pointee = 0
  guard byteCount != 0 else { return FrameworkStatus.invalidParameter }
  let globals = DriverGlobals.of(globals)
  var attributes = ObjectAttributes()
  var status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  var memoryAttributes = ObjectAttributes()
  status = framework.attributes(givenMemory, into: &memoryAttributes)
  if status < 0 { return status }
  guard byteCount < 1 << 31 else { return FrameworkStatus.insufficientResources }
  let wish = LookasideWish(
    byteCount: Int(byteCount), poolType: poolType,
    tag: tag == 0 ? globals.pointee.visible.DriverTag : tag,
    memoryParent: memoryAttributes.parent?.handle ?? 0)
  if wish.isPaged {
    guard framework.isLevelForPagedList else { return FrameworkStatus.invalidDeviceRequest }
    if framework.haveDifferentDevices(attributes.parent, memoryAttributes.parent) {
      return FrameworkStatus.invalidParameter
    }
  }
  guard let list = framework.makeLookaside(globals, wish, attributes, memoryAttributes) else {
    return FrameworkStatus.insufficientResources
  }
  return framework.publish(
    FrameworkObject(list), attributes, default: globals.driverObject, result)
}

@c(r3_WdfMemoryCreateFromLookaside)
package func wdfMemoryCreateFromLookaside(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let list = framework.body(handle, .lookaside, as: LookasideBody.self)
  let result = framework.require(result)
  result.pointee = 0
  if list.pointee.isPaged, !framework.isLevelForPagedList {
    return FrameworkStatus.invalidDeviceRequest
  }
  // The parent that was named when the list was made may be gone by now: that is a stale handle.
  let parent =
    list.pointee.memoryParent == 0
    ? list.pointee.head.globals.driverObject : framework.object(list.pointee.memoryParent)
  let made =
    list.pointee.isCombined
    ? framework.makeEntry(of: list) : framework.makeMemory(withBufferOf: list)
  guard let memory = made else { return FrameworkStatus.insufficientResources }
  let status = framework.attach(FrameworkObject(memory), to: parent)
  if status < 0 {
    framework.discard(FrameworkObject(memory))
  } else {
    result.pointee = memory.pointee.head.handle
  }
  return status
}

extension Framework {
  /// The buffers of a list without memory objects; the list closes the depot at its end.
  ///
  /// - Parameter handle: of a list that its maker has not shared yet.
  package func makeDepot(of handle: UInt64) -> BufferDepot {
    let list = body(handle, .lookaside, as: LookasideBody.self)
    if let depot = list.pointee.depot { return depot }
    let depot = machine.makeDepot(
      byteCount: list.pointee.bufferByteCount, kind: LegacyPoolType(list.pointee.poolType).kind,
      tag: list.pointee.tag)
    list.pointee.depot = depot
    return depot
  }

  /// Paged lists are used at PASSIVE_LEVEL under verification, else up to APC_LEVEL.
  fileprivate var isLevelForPagedList: Bool {
    isLevel(atMost: verifies ? IRQL.passive : IRQL.apc)
  }

  /// Makes a memory object whose buffer comes from a list of buffers.
  fileprivate func makeMemory(withBufferOf list: UnsafeMutablePointer<LookasideBody>)
    -> UnsafeMutablePointer<MemoryBody>?
  {
    guard let buffer = list.entries.allocate() else { return nil }
    let made = makeMemory(
      list.pointee.head.globals, list.pointee.memoryAttributes, buffer,
      list.pointee.bufferByteCount, .lookasideBuffer, isPaged: list.pointee.isPaged)
    guard let memory = made else {
      list.entries.free(buffer)
      return nil
    }
    memory.pointee.lookaside = list
    FrameworkObject(list).reference()
    return memory
  }
}
