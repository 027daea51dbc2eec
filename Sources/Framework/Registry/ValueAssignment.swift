import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import SystemServices

extension Framework {
  /// Sets a value, after the checks that every assignment makes.
  fileprivate func assign(
    _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?, _ type: Int32,
    _ start: UnsafeRawPointer?, _ byteCount: Int
  ) -> Int32 {
    let key = key(handle)
    let name = require(name)
    let status = checkValueName(name)
    if status < 0 { return status }
    return Int32(
      bitPattern: zwSetValueKey(
        key.pointee.key, name, 0, UInt32(bitPattern: type), start,
        UInt32(truncatingIfNeeded: byteCount)))
  }
}

@c(r3_WdfRegistryAssignValue)
package func wdfRegistryAssignValue(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ type: UInt32, _ byteCount: UInt32, _ data: UnsafeRawPointer?
) -> Int32 {
  Framework.current.assign(handle, name, Int32(bitPattern: type), data, Int(byteCount))
}

@c(r3_WdfRegistryAssignULong)
package func wdfRegistryAssignULong(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ value: UInt32
) -> Int32 {
  withUnsafeBytes(of: value) {
    Framework.current.assign(handle, name, REG_DWORD, $0.baseAddress, $0.count)
  }
}

@c(r3_WdfRegistryAssignMemory)
package func wdfRegistryAssignMemory(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ type: UInt32, _ memoryHandle: UInt64, _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?
) -> Int32 {
  let framework = Framework.current
  let memory = framework.body(memoryHandle, .memory, as: MemoryBody.self)
  var offset = 0
  var byteCount = memory.pointee.byteCount
  if let offsets = offsets?.pointee {
    let size = UInt64(byteCount)
    let start = UInt64(offsets.BufferOffset)
    let wanted = UInt64(offsets.BufferLength)
    guard start <= size, wanted <= size - start else { return FrameworkStatus.integerOverflow }
    offset = Int(start)
    // No length stands for all the rest.
    byteCount = wanted > 0 ? Int(wanted) : byteCount - offset
  }
  return framework.assign(
    handle, name, Int32(bitPattern: type), memory.pointee.buffer.map { $0 + offset }, byteCount)
}

@c(r3_WdfRegistryAssignUnicodeString)
package func wdfRegistryAssignUnicodeString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ text: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  let framework = Framework.current
  let text = framework.require(text).pointee
  guard framework.isValid(text) else { return FrameworkStatus.invalidParameter }
  return framework.withStringBlock(characterCount: Int(text.Length) / 2 + 1) { block, byteCount in
    if text.Length > 0 { DriverMemory.copy(to: block, from: text.Buffer, Int(text.Length)) }
    return framework.assign(handle, name, REG_SZ, block, byteCount)
  }
}

@c(r3_WdfRegistryAssignString)
package func wdfRegistryAssignString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ stringHandle: UInt64
) -> Int32 {
  let framework = Framework.current
  let string = framework.string(stringHandle)
  guard let start = string.pointee.start else {
    return framework.assign(handle, name, REG_SZ, nil, 0)
  }
  return framework.assign(handle, name, REG_SZ, start, string.pointee.count * 2 + 2)
}

/// Only string objects may be in the collection.
@c(r3_WdfRegistryAssignMultiString)
package func wdfRegistryAssignMultiString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ collectionHandle: UInt64
) -> Int32 {
  let framework = Framework.current
  let collection = framework.collection(collectionHandle)
  // A zero behind each text, and one more at the end.
  var characterCount = 1
  for index in 0..<collection.count {
    guard let object = collection.object(at: index), object.kind == .string else {
      return FrameworkStatus.invalidParameter
    }
    characterCount += object.body(as: StringBody.self).pointee.count + 1
  }
  // A value without a text has two zeros all the same.
  return framework.withStringBlock(characterCount: max(2, characterCount)) { block, byteCount in
    var place = block
    for index in 0..<collection.count {
      guard let object = collection.object(at: index) else { break }
      let string = object.body(as: StringBody.self)
      let count = string.pointee.count * 2
      if let start = string.pointee.start { memcpy(place, start, count) }
      place += count + 2
    }
    return framework.assign(handle, name, REG_MULTI_SZ, block, byteCount)
  }
}

extension Framework {
  /// Calls `body` with zeroed pool for so many characters, and its size in bytes.
  fileprivate func withStringBlock(
    characterCount: Int, _ body: (UnsafeMutableRawPointer, Int) -> Int32
  ) -> Int32 {
    guard
      let block = machine.pool.allocate(
        characterCount * 2, kind: .nonpaged, tag: StringBody.tag, zeroed: true)
    else { return FrameworkStatus.insufficientResources }
    let status = body(block, characterCount * 2)
    machine.pool.free(block, tag: StringBody.tag)
    return status
  }
}
