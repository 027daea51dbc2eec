import CDriverKit
import CRing3
import Glibc
import Machine
import Memory

/// A WDFLOOKASIDE: where memory objects of one buffer size come from.
///
/// Behind the object lies a list of the kernel's form, which tunes itself with the others.
struct LookasideBody {
  var head: ObjectHead
  let bufferByteCount: Int
  let isPaged: Bool
  /// Whether object and buffer are one entry, zeroed each time: nonpaged, below a page.
  let isCombined: Bool
  /// What each memory object is made with.
  let memoryAttributes: ObjectAttributes
  /// Where the buffer lies in a combined entry.
  let bufferOffset: Int
  let entryByteCount: Int
  var list: UnsafeMutableRawPointer?
}

extension UnsafeMutablePointer where Pointee == LookasideBody {
  /// The list of entries.
  var entries: LookasideList { LookasideList(pointee.list.unsafelyUnwrapped) }
}

/// What a driver wants of a lookaside list.
private struct LookasideWish {
  let byteCount: Int
  let poolType: UInt32
  let tag: UInt32

  var isPaged: Bool { LegacyPoolType(poolType).kind == .paged }
}

extension Framework {
  static let lookasideClass = ObjectClass(
    destroy: { address in
      let body = address.assumingMemoryBound(to: LookasideBody.self)
      Machine.current.lookaside.delete(body.entries)
    })

  fileprivate func makeLookaside(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ wish: LookasideWish,
    _ attributes: ObjectAttributes, _ memoryAttributes: ObjectAttributes
  ) -> UnsafeMutablePointer<LookasideBody>? {
    let isCombined = !wish.isPaged && wish.byteCount < pageSize
    let bodySize = (MemoryLayout<MemoryBody>.size + 15) & ~15
    let contextSize =
      memoryAttributes.needsContext
      ? ContextBlock.size + (memoryAttributes.contextByteCount + 15) & ~15 : 0
    let offset = isCombined ? bodySize + contextSize : 0
    var head = ObjectHead(kind: .lookaside, globals: globals)
    if wish.isPaged { head.flags.insert(.passive) }
    let made = make(
      LookasideBody(
        head: head, bufferByteCount: wish.byteCount, isPaged: wish.isPaged,
        isCombined: isCombined, memoryAttributes: memoryAttributes, bufferOffset: offset,
        entryByteCount: offset + wish.byteCount),
      attributes, room: MemoryLayout<GENERAL_LOOKASIDE>.size)
    guard let body = made else { return nil }
    body.pointee.list = room(of: body, attributes)
    machine.lookaside.initialize(
      body.entries,
      LookasideParameters(
        type: wish.poolType & ~16, size: UInt64(max(offset + wish.byteCount, 16)), tag: wish.tag))
    return body
  }

  /// Makes a memory object with a buffer of a list.
  fileprivate func makeMemory(from list: UnsafeMutablePointer<LookasideBody>)
    -> UnsafeMutablePointer<MemoryBody>?
  {
    guard let entry = list.entries.allocate() else { return nil }
    let globals = list.pointee.head.globals
    guard list.pointee.isCombined else {
      let made = makeMemory(
        globals, list.pointee.memoryAttributes, entry, list.pointee.bufferByteCount,
        .lookasideBuffer, isPaged: list.pointee.isPaged)
      guard let memory = made else {
        list.entries.free(entry)
        return nil
      }
      memory.pointee.lookaside = list
      FrameworkObject(list).reference()
      return memory
    }
    memset(entry, 0, list.pointee.entryByteCount)
    let memory = entry.bindMemory(to: MemoryBody.self, capacity: 1)
    var head = ObjectHead(kind: .memory, globals: globals)
    head.flags.insert(.embedded)
    memory.initialize(
      to: MemoryBody(
        head: head, buffer: entry + list.pointee.bufferOffset,
        byteCount: list.pointee.bufferByteCount, source: .lookasideEntry, lookaside: list))
    let context = entry + (MemoryLayout<MemoryBody>.size + 15) & ~15
    guard finish(FrameworkObject(memory), list.pointee.memoryAttributes, context: context) else {
      list.entries.free(entry)
      return nil
    }
    FrameworkObject(list).reference()
    return memory
  }

  /// Puts the entry of a memory object back: after everything else of the object is gone.
  func recycle(_ memory: UnsafeMutablePointer<MemoryBody>) {
    guard memory.pointee.source == .lookasideEntry, let list = memory.pointee.lookaside else {
      return
    }
    list.entries.free(UnsafeMutableRawPointer(memory))
    FrameworkObject(list).release()
  }
}

@c(r3_WdfLookasideListCreate)
func wdfLookasideListCreate(
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
    tag: tag == 0 ? globals.pointee.visible.DriverTag : tag)
  if wish.isPaged {
    guard framework.isLevel(atMost: framework.verifies ? IRQL.passive : IRQL.apc) else {
      return FrameworkStatus.invalidDeviceRequest
    }
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

extension Framework {
  /// Whether two parents belong to devices, and not to the same one.
  fileprivate func haveDifferentDevices(_ first: FrameworkObject?, _ second: FrameworkObject?)
    -> Bool
  {
    guard let first = first?.owningDevice, let second = second?.owningDevice else { return false }
    return first != second
  }
}

@c(r3_WdfMemoryCreateFromLookaside)
func wdfMemoryCreateFromLookaside(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let list = framework.body(handle, .lookaside, as: LookasideBody.self)
  let result = framework.require(result)
  result.pointee = 0
  if list.pointee.isPaged,
    !framework.isLevel(atMost: framework.verifies ? IRQL.passive : IRQL.apc)
  {
    return FrameworkStatus.invalidDeviceRequest
  }
  guard let memory = framework.makeMemory(from: list) else {
    return FrameworkStatus.insufficientResources
  }
  return framework.publish(
    FrameworkObject(memory), list.pointee.memoryAttributes,
    default: list.pointee.head.globals.driverObject, result)
}
