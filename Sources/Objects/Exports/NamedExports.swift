import CDriverKit
import Machine

// Objects that are made or opened by name: directories and links.

/// The name in OBJECT_ATTRIBUTES; empty without one.
package func name(_ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?) -> UTF16Text {
  if let attributes { Machine.current.objects.checkName(attributes) }
  guard let text = attributes?.pointee.ObjectName, let buffer = text.pointee.Buffer else {
    return UTF16Text(start: nil, count: 0)
  }
  return UTF16Text(start: buffer, count: Int(text.pointee.Length) / 2)
}

extension ObjectManager {
  /// Opens a named object of a kind.
  package func open(
    _ kind: ObjectKind, _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?, access: UInt32,
    _ handle: UnsafeMutablePointer<UInt>
  ) -> UInt32 {
    var status: UInt32 = 0
    guard
      let found = lookUp(name(attributes), followLast: kind != .symbolicLink, status: &status)
    else { return status }
    defer {
      finish(found)
      dereference(found.body)
    }
    guard found.rest.isEmpty, isObject(found.body, kind) else { return NameStatus.typeMismatch }
    return give(found.body, attributes, access, handle)
  }

  /// Makes an object with the name and attributes that a driver gave, or opens the one that has the name.
  package func make(
    _ kind: ObjectKind, byteCount: Int, _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?,
    access: UInt32, _ handle: UnsafeMutablePointer<UInt>,
    initialize: (UnsafeMutableRawPointer) -> Void
  ) -> UInt32 {
    let path = name(attributes)
    guard let body = create(kind, byteCount: byteCount) else {
      return NameStatus.insufficientResources
    }
    initialize(body)
    if (attributes?.pointee.Attributes ?? 0) & ObjectAttributes.permanent != 0 {
      header(of: body).pointee.flags |= ObjectFlags.permanent
    }
    if !path.isEmpty {
      let status = insert(body, at: path)
      if status != NameStatus.success {
        dereference(body)
        guard status == NameStatus.nameCollision,
          (attributes?.pointee.Attributes ?? 0) & ObjectAttributes.openIf != 0
        else { return status }
        let opened = open(kind, attributes, access: access, handle)
        return opened == NameStatus.success ? NameStatus.objectNameExists : opened
      }
    }
    let status = give(body, attributes, access, handle)
    // A temporary object goes with its last handle; its name must not keep it.
    dereference(body)
    return status
  }

  private func give(
    _ body: UnsafeMutableRawPointer, _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?,
    _ access: UInt32, _ handle: UnsafeMutablePointer<UInt>
  ) -> UInt32 {
    guard
      let value = openHandle(
        to: body, access: access, attributes: attributes?.pointee.Attributes ?? 0)
    else { return NameStatus.insufficientResources }
    handle.pointee = value
    return NameStatus.success
  }

  /// Takes the name of a temporary object away with its last handle.
  package func forgetNameWithLastHandle(_ kind: ObjectKind) {
    type(kind).pointee.close = { body, before in
      let objects = Machine.current.objects
      guard before == 1, objects.header(of: body).pointee.flags & ObjectFlags.permanent == 0 else {
        return
      }
      objects.removeName(of: body)
    }
  }
}

@c(r3_ZwCreateDirectoryObject)
func zwCreateDirectoryObject(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?
) -> UInt32 {
  Machine.current.objects.make(
    .directory, byteCount: MemoryLayout<DirectoryBody>.size, attributes, access: access, handle
  ) { _ in }
}

@c(r3_ZwOpenDirectoryObject)
func zwOpenDirectoryObject(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?
) -> UInt32 {
  Machine.current.objects.open(.directory, attributes, access: access, handle)
}

@c(r3_ZwOpenSymbolicLinkObject)
func zwOpenSymbolicLinkObject(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?
) -> UInt32 {
  Machine.current.objects.open(.symbolicLink, attributes, access: access, handle)
}

@c(r3_ZwQuerySymbolicLinkObject)
func zwQuerySymbolicLinkObject(
  _ handle: UInt, _ target: UnsafeMutablePointer<UNICODE_STRING>,
  _ length: UnsafeMutablePointer<UInt32>?
) -> UInt32 {
  let objects = Machine.current.objects
  guard let body = objects.entry(handle, in: CurrentThread.process)?.body else {
    return 0xC000_0008
  }
  guard objects.isObject(body, .symbolicLink) else { return NameStatus.typeMismatch }
  let text = objects.target(ofLink: body)
  length?.pointee = UInt32(text.count * 2)
  guard Int(target.pointee.MaximumLength) >= text.count * 2, let buffer = target.pointee.Buffer
  else { return 0xC000_0023 }
  copy(text, to: buffer)
  target.pointee.Length = UInt16(text.count * 2)
  return NameStatus.success
}

@c(r3_ZwWaitForSingleObject)
func zwWaitForSingleObject(
  _ handle: UInt, _ alertable: UInt32, _ timeout: UnsafePointer<LARGE_INTEGER>?
) -> UInt32 {
  let objects = Machine.current.objects
  var body: UnsafeMutableRawPointer?
  var granted: HandleEntry?
  let status = objects.reference(
    handle: handle, access: 0, type: nil, mode: CallerMode.kernel, into: &body, granted: &granted)
  guard status == NameStatus.success, let body else { return status }
  defer { objects.dereference(body) }
  var object = body
  if objects.isObject(body, .file) {
    // A file is waited for by its event.
    object = body + 0x98
  }
  let result = Wait.forObject(
    object, WaitOptions(isAlertable: alertable & 0xFF != 0, deadline: Deadline(timeout)))
  return UInt32(bitPattern: result)
}
