import CDriverKit
import CRing3
import Machine
import Memory

@c(r3_WdfMemoryCreate)
func wdfMemoryCreate(
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
  guard
    let block = framework.machine.pool.allocateLegacy(
      type, byteCount, tag == 0 ? globals.pointee.visible.DriverTag : tag)
  else { return FrameworkStatus.insufficientResources }
  let memory = framework.makeMemory(
    globals, attributes, block, Int(byteCount), .pool, isPaged: type.kind == .paged)
  guard let memory else {
    framework.machine.pool.free(block)
    return FrameworkStatus.insufficientResources
  }
  let published = framework.publish(
    FrameworkObject(memory), attributes, default: globals.driverObject, result)
  if published >= 0 { buffer?.pointee = block }
  return published
}

@c(r3_WdfMemoryCreatePreallocated)
func wdfMemoryCreatePreallocated(
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
