import CDriverKit
import CRing3
import Machine
import Objects

/// The places that a driver names by number: `RTL_REGISTRY_SERVICES` and others.
private enum RegistryPlace {
  static func prefix(_ relative: UInt32) -> StaticString? {
    switch relative & 0xFF {
    case UInt32(RTL_REGISTRY_ABSOLUTE): ""
    case UInt32(RTL_REGISTRY_SERVICES): #"\REGISTRY\MACHINE\SYSTEM\CurrentControlSet\Services\"#
    case UInt32(RTL_REGISTRY_CONTROL): #"\REGISTRY\MACHINE\SYSTEM\CurrentControlSet\Control\"#
    case UInt32(RTL_REGISTRY_WINDOWS_NT):
      #"\REGISTRY\MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\"#
    case UInt32(RTL_REGISTRY_DEVICEMAP): #"\REGISTRY\MACHINE\HARDWARE\DEVICEMAP\"#
    case UInt32(RTL_REGISTRY_USER): #"\REGISTRY\USER\.DEFAULT\"#
    default: nil
    }
  }

  static let handle: UInt32 = 0x4000_0000
}

extension Registry {
  /// Calls `body` with a referenced key object for what a driver names by place and path.
  func withPlace(
    _ relative: UInt32, _ path: UnsafePointer<UInt16>?, missing: Missing,
    _ body: (UnsafeMutableRawPointer) -> UInt32
  ) -> UInt32 {
    if relative & RegistryPlace.handle != 0 {
      // The path is a handle then.
      return withKeyObject(UInt(bitPattern: path), body)
    }
    guard let prefix = RegistryPlace.prefix(relative) else {
      return ServiceStatus.invalidParameter
    }
    let text = terminated(path)
    return machine.withCopy(of: text.baseAddress, text.count * 2) { bytes in
      let path = bytes.bindMemory(to: UInt16.self)
      guard prefix.utf8CodeUnitCount > 0 else {
        return withObject(path, missing: missing, body)
      }
      return withUTF16(prefix) { prefix in
        resolve(prefix) { start, rest in
          withObject(below: start, rest, missing: missing) { place in
            withObject(below: place, path, missing: missing, body)
          }
        }
      }
    }
  }

  private func withObject(
    _ path: UTF16Text, missing: Missing, _ body: (UnsafeMutableRawPointer) -> UInt32
  ) -> UInt32 {
    resolve(path) { withObject(below: $0, $1, missing: missing, body) }
  }

  /// Calls `body` with the key object at a path below another.
  func withObject(
    below start: UnsafeMutableRawPointer, _ path: UTF16Text, missing: Missing,
    _ body: (UnsafeMutableRawPointer) -> UInt32
  ) -> UInt32 {
    var object: UnsafeMutableRawPointer?
    var isNew = false
    let none = UTF16Text(start: nil, count: 0)
    let status = openObject(start, path, missing, none, false, &isNew, &object)
    guard status == ServiceStatus.success, let object else { return status }
    let result = body(object)
    machine.objects.dereference(object)
    return result
  }

  /// Calls `body` with the key of an object, under the lock.
  func withKey(of object: UnsafeMutableRawPointer, _ body: (KeyPointer) -> UInt32) -> UInt32 {
    locked {
      let key = object.load(as: KeyPointer.self)
      return key.pointee.isDeleted ? ServiceStatus.keyDeleted : body(key)
    }
  }
}

private var registry: Registry { Machine.current.registry }

@c(r3_RtlWriteRegistryValue)
func rtlWriteRegistryValue(
  _ relative: UInt32, _ path: UnsafePointer<UInt16>?, _ name: UnsafePointer<UInt16>?,
  _ type: UInt32, _ data: UnsafeRawPointer?, _ length: UInt32
) -> UInt32 {
  registry.withPlace(relative, path, missing: .makeAll) { object in
    let text = terminated(name)
    return Machine.current.withCopy(of: text.baseAddress, text.count * 2) { name in
      Machine.current.withCopy(of: data, Int(length)) { bytes in
        registry.withKey(of: object) { key in
          key.setValue(name.bindMemory(to: UInt16.self), type, bytes)
          key.pointee.lastWriteTime = Machine.current.systemTime
          return ServiceStatus.success
        }
      }
    }
  }
}

@c(r3_RtlDeleteRegistryValue)
func rtlDeleteRegistryValue(
  _ relative: UInt32, _ path: UnsafePointer<UInt16>?, _ name: UnsafePointer<UInt16>?
) -> UInt32 {
  registry.withPlace(relative, path, missing: .fail) { object in
    registry.deleteValue(terminated(name), of: object)
  }
}

extension Registry {
  func deleteValue(_ name: UTF16Text, of object: UnsafeMutableRawPointer) -> UInt32 {
    machine.withCopy(of: name.baseAddress, name.count * 2) { name in
      withKey(of: object) { key in
        key.removeValue(name.bindMemory(to: UInt16.self))
          ? ServiceStatus.success : ServiceStatus.objectNameNotFound
      }
    }
  }
}

@c(r3_RtlCheckRegistryKey)
func rtlCheckRegistryKey(_ relative: UInt32, _ path: UnsafePointer<UInt16>?) -> UInt32 {
  registry.withPlace(relative, path, missing: .fail) { _ in ServiceStatus.success }
}

@c(r3_RtlCreateRegistryKey)
func rtlCreateRegistryKey(_ relative: UInt32, _ path: UnsafePointer<UInt16>?) -> UInt32 {
  registry.withPlace(relative, path, missing: .makeAll) { _ in ServiceStatus.success }
}
