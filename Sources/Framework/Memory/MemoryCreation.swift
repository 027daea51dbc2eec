import CDriverKit
import CRing3
import Machine
import Memory

@c(r3_WdfMemoryCreate)
package func wdfMemoryCreate(
  _ globals: UnsafeMutableRawPointer, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ poolType: UInt32, _ tag: UInt32, _ byteCount: UInt64,
  _ result: UnsafeMutablePointer<UInt64>?,
  _ buffer: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  let framework = Framework.current
  let result = framework.require(result)
  result.pointee = 0
  buffer?.pointee = nil
  guard byteCount != 0 else { return FrameworkStatus.invalidParameter }
  let globals = DriverGlobals.of(globals)
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  let type = LegacyPoolType(poolType)
  if type.kind == .paged, !framework.isLevel(atMost: IRQL.apc) {
    return FrameworkStatus.invalidDeviceRequest
  }
  let tag = tag == 0 ? globals.pointee.visible.DriverTag : tag
  guard
    let memory = framework.liesInOneBlock(type, byteCount)
      ? framework.makeMemoryBlock(globals, attributes, type, Int(byteCount), tag)
      : framework.makeMemory(globals, attributes, type, byteCount, tag)
  else { return FrameworkStatus.insufficientResources }
  let address = memory.pointee.buffer
  let published = framework.publish(
    FrameworkObject(memory), attributes, default: globals.driverObject, result)
  if published >= 0 { buffer?.pointee = address }
  return published
}

@c(r3_WdfMemoryCreatePreallocated)
package func wdfMemoryCreatePreallocated(
  _ globals: UnsafeMutableRawPointer, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ buffer: UnsafeMutableRawPointer?, _ byteCount: UInt64, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let buffer = framework.require(buffer)
  let result = framework.require(result)
  result.pointee = 0
  guard byteCount != 0 else { return FrameworkStatus.invalidParameter }
  let globals = DriverGlobals.of(globals)
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  guard
    let memory = framework.makeMemory(
      globals, attributes, buffer, Int(clamping: byteCount), .preallocated)
  else { return FrameworkStatus.insufficientResources }
  return framework.publish(
    FrameworkObject(memory), attributes, default: globals.driverObject, result)
}

extension Framework {
  /// Whether object and buffer are one block: nonpaged, below a page, no wishes beyond the pool.
  ///
  /// Under verification the buffer is apart, so that writing beyond its ends is found.
  @inline(__always)
  fileprivate func liesInOneBlock(_ type: LegacyPoolType, _ byteCount: UInt64) -> Bool {
    byteCount < UInt64(pageSize) && (type.bits == 512 || type.bits == 0) && !verifies
  }

  fileprivate func makeMemoryBlock(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ attributes: ObjectAttributes,
    _ type: LegacyPoolType, _ byteCount: Int, _ tag: UInt32
  ) -> UnsafeMutablePointer<MemoryBody>? {
    let made = make(
      MemoryBody(
        head: ObjectHead(kind: .memory, globals: globals), byteCount: byteCount, source: .block),
      attributes, room: byteCount, kind: type.kind, tag: tag)
    guard let memory = made else { return nil }
    memory.pointee.buffer = room(of: memory, attributes)
    return memory
  }

  fileprivate func makeMemory(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ attributes: ObjectAttributes,
    _ type: LegacyPoolType, _ byteCount: UInt64, _ tag: UInt32
  ) -> UnsafeMutablePointer<MemoryBody>? {
    guard let block = machine.pool.allocateLegacy(type, byteCount, tag) else { return nil }
    let memory = makeMemory(
      globals, attributes, block, Int(byteCount), .pool, isPaged: type.kind == .paged)
    if memory == nil { machine.pool.free(block) }
    return memory
  }

  /// Makes a memory object over a buffer; it has no parent yet.
  func makeMemory(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ attributes: ObjectAttributes,
    _ buffer: UnsafeMutableRawPointer, _ byteCount: Int, _ source: MemorySource,
    isPaged: Bool = false
  ) -> UnsafeMutablePointer<MemoryBody>? {
    var head = ObjectHead(kind: .memory, globals: globals)
    if isPaged { head.flags.insert(.passive) }
    return make(
      MemoryBody(
        head: head, buffer: buffer, byteCount: byteCount, source: source, isPaged: isPaged),
      attributes)
  }
}
