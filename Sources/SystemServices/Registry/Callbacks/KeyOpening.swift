import CDriverKit
import Machine
import Objects

/// A key that is to be opened or made.
struct KeyOpening {
  let handle: UnsafeMutablePointer<UInt>
  let access: UInt32
  let attributes: UnsafePointer<OBJECT_ATTRIBUTES>?
  let before: REG_NOTIFY_CLASS
  let after: REG_NOTIFY_CLASS
  var className: UnsafePointer<UNICODE_STRING>?
  var options: UInt32 = 0
  var disposition: UnsafeMutablePointer<UInt32>?

  init(
    _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
    _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?, _ before: REG_NOTIFY_CLASS,
    _ after: REG_NOTIFY_CLASS
  ) {
    self.handle = handle
    self.access = access
    self.attributes = attributes
    self.before = before
    self.after = after
  }
}

extension Registry {
  /// Opens or makes a key, and shows it to drivers before and after.
  func watched(_ request: KeyOpening, _ operation: () -> UInt32) -> UInt32 {
    guard hasCallbacks, let attributes = request.attributes else { return operation() }
    var status: UInt32 = 0
    var root: UnsafeMutableRawPointer?
    if let directory = attributes.pointee.RootDirectory {
      status = withKeyObject(UInt(bitPattern: directory)) { object in
        machine.objects.reference(object)
        root = object
        return ServiceStatus.success
      }
    } else {
      status = withUTF16(#"\REGISTRY"#) { path in
        resolve(path) { object, _ in
          machine.objects.reference(object)
          root = object
          return ServiceStatus.success
        }
      }
    }
    guard status == ServiceStatus.success, let root else { return status }
    defer { machine.objects.dereference(root) }
    return watched(request, below: root, attributes, operation)
  }

  private func watched(
    _ request: KeyOpening, below root: UnsafeMutableRawPointer,
    _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>, _ operation: () -> UInt32
  ) -> UInt32 {
    var made = false
    var result: UnsafeMutableRawPointer?
    return withUnsafeMutablePointer(to: &result) { result in
      var information = REG_CREATE_KEY_INFORMATION()
      information.CompleteName = attributes.pointee.ObjectName
      information.RootObject = root
      information.ObjectType = UnsafeMutableRawPointer(machine.objects.type(.key))
      information.CreateOptions = request.options
      information.Class = UnsafeMutablePointer(mutating: request.className)
      information.SecurityDescriptor = attributes.pointee.SecurityDescriptor
      information.DesiredAccess = request.access
      information.GrantedAccess = request.access
      information.Disposition = request.disposition
      information.ResultObject = result
      let offset = MemoryLayout<REG_CREATE_KEY_INFORMATION>.offset(of: \.CallContext)!
      return watched(
        request.before, request.after, contextAt: offset, information,
        object: { made ? result.pointee : nil }
      ) {
        let status = operation()
        made = ServiceStatus.isSuccess(status)
        if made {
          let entry = machine.objects.entry(request.handle.pointee, in: CurrentThread.process)
          result.pointee = entry?.body
        }
        return status
      }
    }
  }
}
