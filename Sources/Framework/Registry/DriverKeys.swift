import CDriverKit
import CRing3
import Glibc
import Machine
import Memory

/// The key is made when it is asked for with more than rights to read.
@c(r3_WdfDriverOpenParametersRegistryKey)
package func wdfDriverOpenParametersRegistryKey(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ access: UInt32,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let readOnly = UInt32(GENERIC_READ) | UInt32(KEY_READ)
  return framework.openKey(
    of: handle, "Parameters", globals, access, given, result, makes: access & ~readOnly != 0)
}

/// Where a driver keeps what it learned at run time; made when it is first asked for.
@c(r3_WdfDriverOpenPersistentStateRegistryKey)
package func wdfDriverOpenPersistentStateRegistryKey(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ access: UInt32,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.openKey(
    of: handle, "PersistentState", globals, access, given, result, makes: true)
}

extension Framework {
  /// Opens a subkey of a driver's service key.
  fileprivate func openKey(
    of handle: UInt64, _ name: StaticString, _ globals: UnsafeMutableRawPointer, _ access: UInt32,
    _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?,
    makes: Bool
  ) -> Int32 {
    let result = require(result)
    result.pointee = 0
    guard isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
    let driver = body(handle, .driver, as: DriverBody.self)
    guard let path = driver.pointee.registryPath else { return FrameworkStatus.notFound }
    return withPath(path, name) { path in
      makeKey(DriverGlobals.of(globals), given, result) { key in
        openKey(below: 0, path, access, creation: makes ? (0, nil) : nil, &key)
      }
    }
  }

  /// Calls `body` with a path that has one more name at its end.
  private func withPath(
    _ path: UnsafePointer<UInt16>, _ name: StaticString,
    _ body: (UnsafePointer<UNICODE_STRING>) -> Int32
  ) -> Int32 {
    var count = 0
    while path[count] != 0 { count += 1 }
    let total = count + 1 + name.utf8CodeUnitCount
    guard
      let block = machine.pool.allocate(total * 2, kind: .nonpaged, tag: Self.globalsTag)
    else { return FrameworkStatus.insufficientResources }
    let text = block.assumingMemoryBound(to: UInt16.self)
    text.update(from: path, count: count)
    text[count] = UInt16(UInt8(ascii: "\\"))
    for index in 0..<name.utf8CodeUnitCount {
      text[count + 1 + index] = UInt16(name.utf8Start[index])
    }
    let string = UNICODE_STRING(
      Length: UInt16(total * 2), MaximumLength: UInt16(total * 2), Buffer: text)
    let status = withUnsafePointer(to: string, body)
    machine.pool.free(block, tag: Self.globalsTag)
    return status
  }
}
