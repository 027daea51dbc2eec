import CDriverKit
import Machine

/// The kinds of caller that a driver names: `KPROCESSOR_MODE`.
enum CallerMode {
  static let kernel: Int8 = 0
}

/// `HANDLE_FLAG`-like bits of OBJECT_ATTRIBUTES.
package enum ObjectAttributes {
  package static let permanent: UInt32 = 0x10
  package static let openIf: UInt32 = 0x80
  package static let kernelHandle: UInt32 = 0x200
}

/// Bits of `ObjectHeader.flags`.
package enum ObjectFlags {
  /// The name outlives the last handle.
  package static let permanent: UInt64 = 1
}

extension ObjectManager {
  /// A referenced object behind a handle of the current process.
  ///
  /// - Parameters:
  ///   - type: the type that it must have; nil for any.
  ///   - mode: kernel callers are not checked for rights.
  package func reference(
    handle: HandleValue, access: UInt32, type: UnsafeMutableRawPointer?, mode: Int8,
    into body: inout UnsafeMutableRawPointer?, granted: inout HandleEntry?
  ) -> UInt32 {
    body = nil
    if let own = currentObject(handle) {
      reference(own)
      body = own
      return NameStatus.success
    }
    guard let entry = entry(handle, in: CurrentThread.process), let found = entry.body else {
      return 0xC000_0008
    }
    if let type, header(of: found).pointee.type != type { return NameStatus.typeMismatch }
    if mode != CallerMode.kernel, entry.grantedAccess & access != access {
      return 0xC000_0022
    }
    reference(found)
    body = found
    granted = entry
    return NameStatus.success
  }

  /// What the pseudo handles -1 and -2 stand for: the current process and thread.
  private func currentObject(_ handle: HandleValue) -> UnsafeMutableRawPointer? {
    switch handle {
    case .max: UnsafeMutableRawPointer(CurrentThread.process.pointer)
    case .max - 1: UnsafeMutableRawPointer(CurrentThread.thread.pointer)
    default: nil
    }
  }

  /// Opens a handle in the current process, or a kernel handle when `attributes` ask for one.
  package func openHandle(
    to body: UnsafeMutableRawPointer, access: UInt32, attributes: UInt32
  ) -> HandleValue? {
    let isKernel = attributes & ObjectAttributes.kernelHandle != 0
    let process = isKernel ? machine.systemProcess : CurrentThread.process
    if isWatched(body) {
      return openWatchedHandle(to: body, in: process, access: access, attributes: attributes)
    }
    return openHandle(to: body, in: process, access: access, attributes: attributes)
  }
}

// Small arguments come with undefined upper bits: declared wide, and truncated.

@c(r3_ObReferenceObjectByHandle)
func obReferenceObjectByHandle(
  _ handle: UInt, _ access: UInt32, _ type: UnsafeMutableRawPointer?, _ mode: UInt32,
  _ object: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
  _ information: UnsafeMutablePointer<OBJECT_HANDLE_INFORMATION>?
) -> UInt32 {
  var body: UnsafeMutableRawPointer?
  var granted: HandleEntry?
  // A type that a driver names is the variable's value: the address of the type.
  let status = Machine.current.objects.reference(
    handle: handle, access: access, type: type, mode: Int8(truncatingIfNeeded: mode), into: &body,
    granted: &granted)
  object.pointee = body
  if let information, let granted {
    information.pointee.HandleAttributes = granted.attributes
    information.pointee.GrantedAccess = granted.grantedAccess
  }
  return status
}

/// A referenced object by its path; undocumented, and used by filters that look for a driver.
@c(r3_ObReferenceObjectByName)
func obReferenceObjectByName(
  _ name: UnsafePointer<UNICODE_STRING>?, _ attributes: UInt32, _ state: UnsafeMutableRawPointer?,
  _ access: UInt32, _ type: UnsafeMutableRawPointer?, _ mode: UInt32,
  _ context: UnsafeMutableRawPointer?, _ object: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> UInt32 {
  let objects = Machine.current.objects
  guard let name, let buffer = name.pointee.Buffer else { return NameStatus.nameInvalid }
  let path = UTF16Text(start: buffer, count: Int(name.pointee.Length) / 2)
  var status: UInt32 = 0
  guard let found = objects.lookUp(path, followLast: true, status: &status) else { return status }
  let isWhole = found.rest.isEmpty
  objects.finish(found)
  guard isWhole, type == nil || objects.header(of: found.body).pointee.type == type else {
    objects.dereference(found.body)
    return isWhole ? NameStatus.typeMismatch : NameStatus.nameNotFound
  }
  object.pointee = found.body
  return NameStatus.success
}

@c(r3_ObReferenceObjectByHandleWithTag)
func obReferenceObjectByHandleWithTag(
  _ handle: UInt, _ access: UInt32, _ type: UnsafeMutableRawPointer?, _ mode: UInt32, _ tag: UInt32,
  _ object: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
  _ information: UnsafeMutablePointer<OBJECT_HANDLE_INFORMATION>?
) -> UInt32 {
  obReferenceObjectByHandle(handle, access, type, mode, object, information)
}

@c(r3_ObReferenceObjectByPointer)
func obReferenceObjectByPointer(
  _ object: UnsafeMutableRawPointer, _ access: UInt32, _ type: UnsafeMutableRawPointer?,
  _ mode: UInt32
) -> UInt32 {
  let objects = Machine.current.objects
  if let type, objects.header(of: object).pointee.type != type { return NameStatus.typeMismatch }
  objects.reference(object)
  return NameStatus.success
}

@c(r3_ObReferenceObjectByPointerWithTag)
func obReferenceObjectByPointerWithTag(
  _ object: UnsafeMutableRawPointer, _ access: UInt32, _ type: UnsafeMutableRawPointer?,
  _ mode: UInt32, _ tag: UInt32
) -> UInt32 {
  obReferenceObjectByPointer(object, access, type, mode)
}

@c(r3_ObfReferenceObject)
func obfReferenceObject(_ object: UnsafeMutableRawPointer) -> Int {
  let objects = Machine.current.objects
  objects.reference(object)
  return Int(objects.header(of: object).pointee.pointerCount)
}

@c(r3_ObfReferenceObjectWithTag)
func obfReferenceObjectWithTag(_ object: UnsafeMutableRawPointer, _ tag: UInt32) -> Int {
  obfReferenceObject(object)
}

@c(r3_ObfDereferenceObject)
func obfDereferenceObject(_ object: UnsafeMutableRawPointer) -> Int {
  Int(Machine.current.objects.dereference(object))
}

@c(r3_ObfDereferenceObjectWithTag)
func obfDereferenceObjectWithTag(_ object: UnsafeMutableRawPointer, _ tag: UInt32) -> Int {
  Int(Machine.current.objects.dereference(object))
}

@c(r3_ObOpenObjectByPointer)
func obOpenObjectByPointer(
  _ object: UnsafeMutableRawPointer, _ attributes: UInt32, _ state: UnsafeMutableRawPointer?,
  _ access: UInt32, _ type: UnsafeMutableRawPointer?, _ mode: UInt32,
  _ handle: UnsafeMutablePointer<UInt>
) -> UInt32 {
  let objects = Machine.current.objects
  if let type, objects.header(of: object).pointee.type != type { return NameStatus.typeMismatch }
  guard let value = objects.openHandle(to: object, access: access, attributes: attributes) else {
    return NameStatus.insufficientResources
  }
  handle.pointee = value
  return NameStatus.success
}

@c(r3_ZwClose)
package func zwClose(_ handle: UInt) -> UInt32 {
  Machine.current.objects.closeHandle(handle, in: CurrentThread.process) ? 0 : 0xC000_0008
}

@c(r3_ObCloseHandle)
func obCloseHandle(_ handle: UInt, _ mode: UInt32) -> UInt32 { zwClose(handle) }

@c(r3_ZwMakeTemporaryObject)
func zwMakeTemporaryObject(_ handle: UInt) -> UInt32 {
  let objects = Machine.current.objects
  guard let body = objects.entry(handle, in: CurrentThread.process)?.body else {
    return 0xC000_0008
  }
  obMakeTemporaryObject(body)
  return 0
}

@c(r3_ObMakeTemporaryObject)
func obMakeTemporaryObject(_ object: UnsafeMutableRawPointer) {
  let objects = Machine.current.objects
  objects.header(of: object).pointee.flags &= ~ObjectFlags.permanent
  objects.removeName(of: object)
}

@c(r3_ObGetObjectType)
func obGetObjectType(_ object: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  Machine.current.objects.header(of: object).pointee.type
}

/// Adds a reference unless the object is being deleted.
@c(r3_ObReferenceObjectSafe)
func obReferenceObjectSafe(_ object: UnsafeMutableRawPointer) -> UInt8 {
  Machine.current.objects.referenceIfLive(object) ? 1 : 0
}

/// Lets a reference go; the last one has the object deleted by a worker, at PASSIVE_LEVEL.
@c(r3_ObDereferenceObjectDeferDelete)
func obDereferenceObjectDeferDelete(_ object: UnsafeMutableRawPointer) {
  Machine.current.objects.dereferenceDeferring(object)
}

@c(r3_ObDereferenceObjectDeferDeleteWithTag)
func obDereferenceObjectDeferDeleteWithTag(_ object: UnsafeMutableRawPointer, _ tag: UInt32) {
  Machine.current.objects.dereferenceDeferring(object)
}
