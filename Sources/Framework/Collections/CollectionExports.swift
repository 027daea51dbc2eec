import CDriverKit
import CRing3
import Machine

@c(r3_WdfCollectionCreate)
package func wdfCollectionCreate(
  _ globals: UnsafeMutableRawPointer, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let result = framework.require(result)
  result.pointee = 0
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  let globals = DriverGlobals.of(globals)
  guard let collection = framework.make(CollectionBody(globals), attributes) else {
    return FrameworkStatus.insufficientResources
  }
  return framework.publish(
    FrameworkObject(collection), attributes, default: globals.driverObject, result)
}

@c(r3_WdfCollectionGetCount)
package func wdfCollectionGetCount(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt32 {
  Framework.current.collection(handle).count
}

@c(r3_WdfCollectionAdd)
package func wdfCollectionAdd(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ objectHandle: UInt64
) -> Int32 {
  let framework = Framework.current
  let collection = framework.collection(handle)
  return collection.add(framework.object(objectHandle)) ? 0 : FrameworkStatus.unsuccessful
}

@c(r3_WdfCollectionRemove)
package func wdfCollectionRemove(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ objectHandle: UInt64
) {
  let framework = Framework.current
  let collection = framework.collection(handle)
  if !collection.remove(framework.object(objectHandle)) {
    framework.note("WdfCollectionRemove: the object is not in the collection")
  }
}

@c(r3_WdfCollectionRemoveItem)
package func wdfCollectionRemoveItem(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ index: UInt32
) {
  let framework = Framework.current
  if !framework.collection(handle).remove(at: index) {
    framework.note("WdfCollectionRemoveItem: the collection has no item \(index)")
  }
}

@c(r3_WdfCollectionGetItem)
package func wdfCollectionGetItem(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ index: UInt32
) -> UInt64 {
  Framework.current.collection(handle).object(at: index)?.handle ?? 0
}

@c(r3_WdfCollectionGetFirstItem)
package func wdfCollectionGetFirstItem(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  Framework.current.collection(handle).firstObject?.handle ?? 0
}

@c(r3_WdfCollectionGetLastItem)
package func wdfCollectionGetLastItem(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  Framework.current.collection(handle).lastObject?.handle ?? 0
}
