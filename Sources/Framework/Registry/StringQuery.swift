import CDriverKit
import CRing3
import Machine

/// The text is given without the zero at its end; the length that is told counts the zero.
@c(r3_WdfRegistryQueryUnicodeString)
package func wdfRegistryQueryUnicodeString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ byteCount: UnsafeMutablePointer<UInt16>?, _ result: UnsafeMutablePointer<UNICODE_STRING>?
) -> Int32 {
  let framework = Framework.current
  if let result {
    guard framework.isValid(result.pointee), result.pointee.MaximumLength > 0 else {
      return FrameworkStatus.invalidParameter
    }
  }
  return framework.withValue(handle, name) { value in
    let capacity = Int(result?.pointee.MaximumLength ?? 0)
    let fits = value.count <= capacity
    // Only what fits is looked at closely: so the framework does it.
    if fits, !value.isString { return FrameworkStatus.objectTypeMismatch }
    byteCount?.pointee = UInt16(truncatingIfNeeded: value.count)
    guard fits else { return FrameworkStatus.bufferOverflow }
    guard let result else { return 0 }
    let text = value.characters
    DriverMemory.copy(to: result.pointee.Buffer, from: text.baseAddress, text.count * 2)
    result.pointee.Length = UInt16(text.count * 2)
    if text.last == 0 { result.pointee.Length -= 2 }
    return 0
  }
}

@c(r3_WdfRegistryQueryString)
package func wdfRegistryQueryString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ stringHandle: UInt64
) -> Int32 {
  let framework = Framework.current
  let string = framework.string(stringHandle)
  return framework.withValue(handle, name) { value in
    guard value.isString else { return FrameworkStatus.objectTypeMismatch }
    guard value.count > 0 else { return FrameworkStatus.resourceDataNotFound }
    let text = value.characters
    return framework.assign(
      text.baseAddress, text.last == 0 ? text.count - 1 : text.count, to: string)
  }
}

/// Adds a string object for each text of the value to a collection; all of them or none.
@c(r3_WdfRegistryQueryMultiString)
package func wdfRegistryQueryMultiString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ collectionHandle: UInt64
) -> Int32 {
  let framework = Framework.current
  let collection = framework.collection(collectionHandle)
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  return framework.withValue(handle, name) { value in
    guard value.type == UInt32(REG_MULTI_SZ) else { return FrameworkStatus.objectTypeMismatch }
    guard value.count > 0 else { return FrameworkStatus.resourceDataNotFound }
    let text = value.characters
    guard value.count & 1 == 0, text.count >= 2, text[text.count - 1] == 0,
      text[text.count - 2] == 0
    else { return FrameworkStatus.objectTypeMismatch }
    let before = collection.count
    let added = framework.addStrings(
      text, to: collection, DriverGlobals.of(globals), attributes)
    if added < 0 {
      while collection.count > before { framework.takeBack(collection, at: before) }
    }
    return added
  }
}

extension Framework {
  /// Adds the texts, each ended by a zero, up to an empty one.
  fileprivate func addStrings(
    _ text: UnsafeBufferPointer<UInt16>, to collection: UnsafeMutablePointer<CollectionBody>,
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ attributes: ObjectAttributes
  ) -> Int32 {
    var rest = text[...]
    while let end = rest.firstIndex(of: 0), end > rest.startIndex {
      var failure: Int32 = 0
      let start = text.baseAddress.map { $0 + rest.startIndex }
      guard
        let string = makeString(
          globals, attributes, start, end - rest.startIndex, failure: &failure)
      else { return failure }
      let object = FrameworkObject(string)
      var handle: UInt64 = 0
      let status = publish(object, attributes, default: globals.driverObject, &handle)
      if status < 0 { return status }
      guard collection.add(object) else {
        object.delete()
        return FrameworkStatus.insufficientResources
      }
      rest = rest[(end + 1)...]
    }
    return 0
  }

  /// Takes out and deletes a string that was added.
  fileprivate func takeBack(_ collection: UnsafeMutablePointer<CollectionBody>, at index: UInt32) {
    let object = collection.object(at: index)
    object?.delete()
    collection.remove(at: index)
  }
}
