import CDriverKit
import CRing3
import Machine

@c(r3_WdfObjectCreate)
package func wdfObjectCreate(
  _ globals: UnsafeMutableRawPointer, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let result = framework.require(result)
  result.pointee = 0
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, .levelAllowed, into: &attributes)
  if status < 0 { return status }
  let driver = DriverGlobals.of(globals)
  guard
    let head = framework.make(ObjectHead(kind: .object, globals: driver), attributes)
  else { return FrameworkStatus.insufficientResources }
  return framework.publish(FrameworkObject(head), attributes, default: driver.driverObject, result)
}

extension Framework {
  /// Attaches a new object to the parent that was asked for, else to `default`, and hands it out.
  ///
  /// Without success the object is gone.
  func publish(
    _ object: FrameworkObject, _ attributes: ObjectAttributes, default parent: FrameworkObject,
    _ result: UnsafeMutablePointer<UInt64>
  ) -> Int32 {
    let status = attach(object, to: attributes.parent ?? parent)
    if status < 0 {
      discard(object)
      return status
    }
    result.pointee = object.handle
    return 0
  }
}

@c(r3_WdfObjectDelete)
package func wdfObjectDelete(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let object = framework.object(handle)
  // What is deleted most often needs none of the questions below.
  if object.kind == .memory, !object.head.pointee.flags.contains(.undeletable),
    !framework.verifies
  {
    return object.delete()
  }
  if object.isUndeletable { return framework.refuseDeletion(object) }
  if framework.verifies { framework.checkDeletionLevel(object) }
  if object.kind == .device, object.body(as: DeviceBody.self).pointee.role == .control {
    return framework.deleteControlDevice(object.body(as: DeviceBody.self))
  }
  object.delete()
}

@c(r3_WdfObjectReferenceActual)
package func wdfObjectReferenceActual(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ tag: UInt64, _ line: Int64,
  _ file: UnsafeMutableRawPointer?
) {
  let framework = Framework.current
  let object = framework.object(handle)
  object.reference()
  if framework.verifies {
    object.count(1, tag: tag, line: Int32(truncatingIfNeeded: line), file: file)
  }
}

@c(r3_WdfObjectDereferenceActual)
package func wdfObjectDereferenceActual(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ tag: UInt64, _ line: Int64,
  _ file: UnsafeMutableRawPointer?
) {
  let framework = Framework.current
  let object = framework.object(handle)
  if framework.verifies {
    object.count(-1, tag: tag, line: Int32(truncatingIfNeeded: line), file: file)
  }
  object.release()
}

@c(r3_WdfObjectGetTypedContextWorker)
package func wdfObjectGetTypedContextWorker(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ info: UnsafePointer<WDF_OBJECT_CONTEXT_TYPE_INFO>?
) -> UnsafeMutableRawPointer? {
  let framework = Framework.current
  let object = framework.objectForContext(handle)
  return object.context(framework.uniqueType(framework.require(info)))
}

@c(r3_WdfObjectAllocateContext)
package func wdfObjectAllocateContext(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  let framework = Framework.current
  let object = framework.object(handle)
  result?.pointee = nil
  var attributes = ObjectAttributes()
  // A parent was ignored before 1.11.
  let rules: AttributeRules =
    DriverGlobals.of(globals).pointee.minorVersion >= 11
    ? [.parentForbidden, .contextRequired] : .contextRequired
  let status = framework.attributes(framework.require(given), rules, into: &attributes)
  if status < 0 { return status }
  var bytes: UnsafeMutableRawPointer?
  let added = object.addContext(attributes, bytes: &bytes)
  result?.pointee = bytes
  return added
}

/// The object of a context: the inverse of asking for the context.
@c(r3_WdfObjectContextGetObject)
package func wdfObjectContextGetObject(
  _ globals: UnsafeMutableRawPointer, _ context: UnsafeMutableRawPointer?
) -> UInt64 {
  let framework = Framework.current
  let bytes = framework.require(context)
  let block = ContextBlock.of(bytes)
  guard block.pointee.signature == ContextBlock.live else {
    framework.violation(.invalidHandle, bits(bytes))
  }
  return block.pointee.handle
}

/// No query is defined: the framework's own checked builds have some.
@c(r3_WdfObjectQuery)
package func wdfObjectQuery(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ query: UnsafeMutableRawPointer?,
  _ byteCount: UInt32, _ buffer: UnsafeMutableRawPointer?
) -> Int32 {
  _ = Framework.current.object(handle)
  return FrameworkStatus.notImplemented
}
