import CDriverKit
import CRing3
import Machine
import Memory
import SystemServices

/// A value of a registry key, copied to pool.
struct QueriedValue {
  let type: UInt32
  let count: Int
  /// KEY_VALUE_PARTIAL_INFORMATION, with the bytes behind it.
  private let block: UnsafeMutableRawPointer

  /// Bytes before the data.
  fileprivate static let prefix = 12
  fileprivate static var tag: UInt32 { 0x6552_7846 }  // FxRe

  fileprivate init(_ block: UnsafeMutableRawPointer) {
    self.block = block
    type = block.load(fromByteOffset: 4, as: UInt32.self)
    count = Int(block.load(fromByteOffset: 8, as: UInt32.self))
  }

  var bytes: UnsafeMutableRawPointer { block + Self.prefix }

  /// The data as characters; at an offset that is a multiple of 4.
  var characters: UnsafeBufferPointer<UInt16> {
    UnsafeBufferPointer(start: bytes.assumingMemoryBound(to: UInt16.self), count: count / 2)
  }

  var isString: Bool { type == UInt32(REG_SZ) || type == UInt32(REG_EXPAND_SZ) }

  func free() { Machine.current.pool.free(block, tag: Self.tag) }
}

extension Framework {
  /// Reads a value; whoever gets one frees it.
  func query(
    _ key: UnsafeMutablePointer<KeyBody>, _ name: UnsafePointer<UNICODE_STRING>,
    failure: inout Int32
  ) -> QueriedValue? {
    var capacity: UInt32 = 256
    while true {
      guard
        let block = machine.pool.allocate(
          Int(capacity), kind: .nonpaged, tag: QueriedValue.tag)
      else {
        failure = FrameworkStatus.insufficientResources
        return nil
      }
      var needed: UInt32 = 0
      failure = Int32(
        bitPattern: zwQueryValueKey(
          key.pointee.key, name, UInt32(KeyValuePartialInformation.rawValue), block, capacity,
          &needed))
      if failure >= 0 { return QueriedValue(block) }
      machine.pool.free(block, tag: QueriedValue.tag)
      // It may have grown since it was asked for its size.
      guard failure == FrameworkStatus.bufferOverflow, needed > capacity else { return nil }
      capacity = needed
    }
  }

  /// Checks what every query does, then calls `body` with the value and frees it.
  func withValue(
    _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?, _ body: (QueriedValue) -> Int32
  ) -> Int32 {
    let key = key(handle)
    let name = require(name)
    var status = checkValueName(name)
    if status < 0 { return status }
    guard let value = query(key, name, failure: &status) else { return status }
    let result = body(value)
    value.free()
    return result
  }
}

@c(r3_WdfRegistryQueryValue)
package func wdfRegistryQueryValue(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ capacity: UInt32, _ buffer: UnsafeMutableRawPointer?,
  _ length: UnsafeMutablePointer<UInt32>?, _ type: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  Framework.current.withValue(handle, name) { value in
    length?.pointee = UInt32(value.count)
    type?.pointee = value.type
    let capacity = buffer == nil ? 0 : Int(capacity)
    guard value.count <= capacity else { return FrameworkStatus.bufferOverflow }
    if value.count > 0 { DriverMemory.copy(to: buffer, from: value.bytes, value.count) }
    return 0
  }
}

@c(r3_WdfRegistryQueryMemory)
package func wdfRegistryQueryMemory(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ poolType: UInt32, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ result: UnsafeMutablePointer<UInt64>?, _ type: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  let result = framework.require(result)
  result.pointee = 0
  return framework.withValue(handle, name) { value in
    guard value.count > 0 else { return FrameworkStatus.resourceDataNotFound }
    type?.pointee = value.type
    var buffer: UnsafeMutableRawPointer?
    let status = wdfMemoryCreate(
      globals, given, poolType, 0, UInt64(value.count), result, &buffer)
    if status >= 0 { DriverMemory.copy(to: buffer, from: value.bytes, value.count) }
    return status
  }
}

@c(r3_WdfRegistryQueryULong)
package func wdfRegistryQueryULong(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?,
  _ result: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  let framework = Framework.current
  let result = framework.require(result)
  return framework.withValue(handle, name) { value in
    guard value.type == UInt32(REG_DWORD) else { return FrameworkStatus.objectTypeMismatch }
    guard value.count == 4 else {
      return value.count > 4 ? FrameworkStatus.bufferOverflow : FrameworkStatus.objectTypeMismatch
    }
    result.pointee = value.bytes.load(as: UInt32.self)
    return 0
  }
}
