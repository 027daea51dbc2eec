import CDriverKit
import Machine
import Memory
import Objects

extension Machine {
  /// Registers a routine that watches the registry.
  fileprivate func watchRegistry(
    _ routine: UnsafeMutableRawPointer, _ altitude: Altitude, _ context: UnsafeMutableRawPointer?,
    _ cookie: UnsafeMutablePointer<Int64>
  ) -> UInt32 {
    guard
      let block = pool.allocate(
        MemoryLayout<RegistryCallback>.size, kind: .nonpaged, tag: RegistryCallback.tag)
    else { return ServiceStatus.insufficientResources }
    let callback = block.bindMemory(to: RegistryCallback.self, capacity: 1)
    callback.initialize(
      to: RegistryCallback(altitude: altitude, routine: routine, context: context))
    callback.idleEvent.initialize(.notification, isSet: false)
    let status = registry.insert(callback)
    guard status == ServiceStatus.success else {
      pool.free(block, tag: RegistryCallback.tag)
      return status
    }
    cookie.pointee = callback.pointee.cookie
    return status
  }
}

/// The older form: below all that have an altitude.
@c(r3_CmRegisterCallback)
func cmRegisterCallback(
  _ routine: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?,
  _ cookie: UnsafeMutablePointer<Int64>
) -> UInt32 {
  guard let routine else { return ServiceStatus.invalidParameter }
  return Machine.current.watchRegistry(routine, .lowest, context, cookie)
}

@c(r3_CmRegisterCallbackEx)
func cmRegisterCallbackEx(
  _ routine: UnsafeMutableRawPointer?, _ altitude: UnsafePointer<UNICODE_STRING>?,
  _ driver: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?,
  _ cookie: UnsafeMutablePointer<Int64>, _ reserved: UnsafeMutableRawPointer?
) -> UInt32 {
  guard let routine, let altitude, let place = Altitude(altitude.pointee) else {
    return ServiceStatus.invalidParameter
  }
  return Machine.current.watchRegistry(routine, place, context, cookie)
}

/// The cookie comes in one register.
@c(r3_CmUnRegisterCallback)
func cmUnRegisterCallback(_ cookie: Int64) -> UInt32 {
  let machine = Machine.current
  guard let callback = machine.registry.remove(cookie) else {
    return ServiceStatus.invalidParameter
  }
  machine.pool.free(UnsafeMutableRawPointer(callback), tag: RegistryCallback.tag)
  return ServiceStatus.success
}

@c(r3_CmGetCallbackVersion)
func cmGetCallbackVersion(
  _ major: UnsafeMutablePointer<UInt32>?, _ minor: UnsafeMutablePointer<UInt32>?
) {
  major?.pointee = 1
  minor?.pointee = 0
}

/// There are no transactions, so that no key belongs to one.
@c(r3_CmGetBoundTransaction)
func cmGetBoundTransaction(
  _ cookie: UnsafePointer<Int64>?, _ object: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? { nil }

// MARK: Names of key objects

/// Gives the path of a key in pool, which CmCallbackReleaseKeyObjectIDEx takes back.
@c(r3_CmCallbackGetKeyObjectIDEx)
func cmCallbackGetKeyObjectIDEx(
  _ cookie: UnsafePointer<Int64>?, _ object: UnsafeMutableRawPointer,
  _ identifier: UnsafeMutablePointer<UInt>?,
  _ name: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ flags: UInt32
) -> UInt32 {
  let machine = Machine.current
  guard machine.objects.isObject(object, .key) else { return ServiceStatus.invalidParameter }
  var path: UnsafeMutableRawPointer?
  var number: UInt = 0
  let status = machine.registry.locked {
    let key = object.load(as: KeyPointer.self)
    number = UInt(bitPattern: key)
    path = key.copyPath(machine)
    return path == nil ? ServiceStatus.insufficientResources : ServiceStatus.success
  }
  guard status == ServiceStatus.success, let path else { return status }
  identifier?.pointee = number
  if let name { name.pointee = path } else { machine.pool.free(path, tag: Machine.serviceTag) }
  return status
}

@c(r3_CmCallbackReleaseKeyObjectIDEx)
func cmCallbackReleaseKeyObjectIDEx(_ name: UnsafeMutableRawPointer?) {
  if let name { Machine.current.pool.free(name, tag: Machine.serviceTag) }
}

extension KeyPointer {
  /// The full path as a UNICODE_STRING with its characters behind it, in pool; under the lock.
  fileprivate func copyPath(_ machine: Machine) -> UnsafeMutableRawPointer? {
    let count = pathCount
    let head = MemoryLayout<UNICODE_STRING>.size
    guard count * 2 <= Int(UInt16.max),
      let block = machine.pool.allocate(
        head + count * 2, kind: .nonpaged, tag: Machine.serviceTag)
    else { return nil }
    let text = (block + head).assumingMemoryBound(to: UInt16.self)
    writePath(text)
    let byteCount = UInt16(count * 2)
    block.storeBytes(
      of: UNICODE_STRING(Length: byteCount, MaximumLength: byteCount, Buffer: text),
      as: UNICODE_STRING.self)
    return block
  }
}
