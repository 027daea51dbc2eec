import Machine
import Objects

// What the Plug and Play manager keeps in the registry; at PASSIVE_LEVEL.
extension Machine {
  /// Makes a key and those above it; `path` begins below `\REGISTRY`.
  package func makeRegistryKey(_ path: String) { registry.makeKeys(path) }

  /// Sets a value of a key, which is made when it is missing.
  package func setRegistryValue(
    _ path: String, _ name: String, type: UInt32, _ bytes: UnsafeRawBufferPointer
  ) {
    let name = Array(name.utf16)
    guard let key = registry.makeKeys(path) else { return }
    name.withUnsafeBufferPointer { name in
      registry.locked {
        key.setValue(name, type, bytes)
        key.pointee.lastWriteTime = systemTime
      }
    }
  }

  /// A value of a key: its type and its bytes; nil when there is none.
  package func registryValue(_ path: String, _ name: String) -> (type: UInt32, bytes: [UInt8])? {
    let name = Array(name.utf16)
    return withRegistryKey(path, makes: false) { key in
      name.withUnsafeBufferPointer { name in
        key.value(name).map { value in
          (
            value.pointee.type,
            Array(UnsafeRawBufferPointer(start: value.pointee.data, count: value.pointee.count))
          )
        }
      }
    }
  }

  /// Opens a key with a handle of the kernel; gives a status, and the handle for success.
  package func openRegistryKey(
    _ path: String, makes: Bool, access: UInt32, _ handle: inout UInt
  ) -> UInt32 {
    let object = withRegistryKey(path, makes: makes) { registry.makeObject($0) }
    guard let object else { return ServiceStatus.objectNameNotFound }
    let value = objects.openHandle(to: object, in: systemProcess, access: access)
    objects.dereference(object)
    guard let value else { return ServiceStatus.insufficientResources }
    handle = value
    return ServiceStatus.success
  }

  /// Calls `body` with the key of a path, under the lock; nil when the key is missing.
  private func withRegistryKey<R>(_ path: String, makes: Bool, _ body: (KeyPointer) -> R?) -> R? {
    let path = Array(path.utf16)
    return path.withUnsafeBufferPointer { path in
      registry.locked {
        var isNew = false
        var status: UInt32 = 0
        let key = registry.follow(
          path, from: registry.state.pointee.root, missing: makes ? .makeAll : .fail,
          className: UTF16Text(start: nil, count: 0), isVolatile: false, isNew: &isNew,
          status: &status)
        return key.flatMap(body)
      }
    }
  }
}
