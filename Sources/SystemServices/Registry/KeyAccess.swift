import CDriverKit
import Machine
import Objects

extension Registry {
  /// Calls `body` with the key behind a handle, under the lock.
  func withKey(_ handle: UInt, _ body: (KeyPointer) -> UInt32) -> UInt32 {
    withKeyObject(handle) { object in
      locked {
        let key = object.load(as: KeyPointer.self)
        return key.pointee.isDeleted ? ServiceStatus.keyDeleted : body(key)
      }
    }
  }

  /// Calls `body` with the referenced key object behind a handle.
  func withKeyObject(_ handle: UInt, _ body: (UnsafeMutableRawPointer) -> UInt32) -> UInt32 {
    var object: UnsafeMutableRawPointer?
    var granted: HandleEntry?
    // Drivers call as the kernel: rights are not looked at.
    let status = machine.objects.reference(
      handle: handle, access: 0, type: machine.objects.type(.key), mode: 0, into: &object,
      granted: &granted)
    guard status == ServiceStatus.success, let object else { return status }
    let result = body(object)
    machine.objects.dereference(object)
    return result
  }

  /// Calls `body` with a key object and the path below it that attributes name.
  private func resolve(
    _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?,
    _ body: (UnsafeMutableRawPointer, UTF16Text) -> UInt32
  ) -> UInt32 {
    guard let attributes else { return ServiceStatus.invalidParameter }
    machine.objects.checkName(attributes)
    return machine.withCopy(of: attributes.pointee.ObjectName) { path in
      if let directory = attributes.pointee.RootDirectory {
        if path.first == UInt16(UInt8(ascii: "\\")) { return ServiceStatus.objectPathSyntaxBad }
        return withKeyObject(UInt(bitPattern: directory)) { body($0, path) }
      }
      return resolve(path, body)
    }
  }

  /// Calls `body` with the key object at the start of a full path and the rest of the path.
  func resolve(_ path: UTF16Text, _ body: (UnsafeMutableRawPointer, UTF16Text) -> UInt32)
    -> UInt32
  {
    var status: UInt32 = 0
    guard let found = machine.objects.lookUp(path, followLast: true, status: &status) else {
      return status
    }
    if machine.objects.isObject(found.body, .key) {
      status = body(found.body, found.rest)
    } else {
      status = ServiceStatus.objectTypeMismatch
    }
    machine.objects.finish(found)
    machine.objects.dereference(found.body)
    return status
  }

  /// Opens or makes the key that attributes name.
  func open(
    _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
    _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?, missing: Missing,
    className: UnsafePointer<UNICODE_STRING>? = nil, isVolatile: Bool = false, isNew: inout Bool
  ) -> UInt32 {
    var object: UnsafeMutableRawPointer?
    var created = false
    let status = machine.withCopy(of: className) { className in
      resolve(attributes) { start, path in
        openObject(start, path, missing, className, isVolatile, &created, &object)
      }
    }
    isNew = created
    guard status == ServiceStatus.success, let object else { return status }
    let value = machine.objects.openHandle(
      to: object, access: access, attributes: attributes?.pointee.Attributes ?? 0)
    machine.objects.dereference(object)
    guard let value else { return ServiceStatus.insufficientResources }
    handle.pointee = value
    return ServiceStatus.success
  }

  /// Gives a referenced object for the key at a path below another key object.
  func openObject(
    _ start: UnsafeMutableRawPointer, _ path: UTF16Text, _ missing: Missing,
    _ className: UTF16Text, _ isVolatile: Bool, _ isNew: inout Bool,
    _ object: inout UnsafeMutableRawPointer?
  ) -> UInt32 {
    state.pointee.lock.lock()
    defer { state.pointee.lock.unlock() }
    let first = start.load(as: KeyPointer.self)
    if first.pointee.isDeleted { return ServiceStatus.keyDeleted }
    var status = ServiceStatus.success
    guard
      let key = follow(
        path, from: first, missing: missing, className: className, isVolatile: isVolatile,
        isNew: &isNew, status: &status)
    else { return status }
    object = makeObject(key)
    return object == nil ? ServiceStatus.insufficientResources : ServiceStatus.success
  }
}
