import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// A WDFFILEOBJECT: one open of a device, as its framework driver sees it.
struct FileObjectBody {
  var head: ObjectHead
  let device: UnsafeMutablePointer<DeviceBody>
  let wdmFile: FilePointer
  /// The process that opened it.
  let initiator: UInt32
  /// Neighbour in the device's list.
  var next: UnsafeMutablePointer<FileObjectBody>?
}

extension Framework {
  static let fileObjectClass = ObjectClass(
    dispose: { address in
      let file = address.assumingMemoryBound(to: FileObjectBody.self)
      Framework.current.forget(file)
    })

  /// Makes the WDFFILEOBJECT of an open; nil without memory.
  func makeFile(
    _ device: UnsafeMutablePointer<DeviceBody>, _ wdm: FilePointer, openedBy initiator: UInt32
  ) -> UnsafeMutablePointer<FileObjectBody>? {
    var head = ObjectHead(kind: .fileObject, globals: device.pointee.head.globals)
    head.flags.insert(.undeletable)
    guard
      let file = make(
        FileObjectBody(head: head, device: device, wdmFile: wdm, initiator: initiator),
        device.pointee.fileAttributes)
    else { return nil }
    inheritLevels(FrameworkObject(file), from: device.object)
    guard attach(FrameworkObject(file), to: device.object) >= 0 else {
      discard(FrameworkObject(file))
      return nil
    }
    let lock = device.object.lockAddress
    lock.pointee.lock()
    file.pointee.next = device.pointee.files
    device.pointee.files = file
    lock.pointee.unlock()
    return file
  }

  /// Deletes the WDFFILEOBJECT of a file object, if there is one.
  func deleteFile(_ device: UnsafeMutablePointer<DeviceBody>, _ wdm: FilePointer?) {
    if let file = file(device, wdm) { FrameworkObject(file).delete() }
  }

  private func forget(_ file: UnsafeMutablePointer<FileObjectBody>) {
    let device = file.pointee.device
    let lock = device.object.lockAddress
    lock.pointee.lock()
    if device.pointee.files == file {
      device.pointee.files = file.pointee.next
    } else {
      // The list is short: one for each handle.
      var previous = device.pointee.files
      while let other = previous, other.pointee.next != file { previous = other.pointee.next }
      previous?.pointee.next = file.pointee.next
    }
    lock.pointee.unlock()
  }

  /// The WDFFILEOBJECT of a file object; nil when the device keeps none for it.
  func file(_ device: UnsafeMutablePointer<DeviceBody>, _ wdm: FilePointer?)
    -> UnsafeMutablePointer<FileObjectBody>?
  {
    guard let wdm, device.pointee.fileConfig != nil else { return nil }
    let lock = device.object.lockAddress
    lock.pointee.lock()
    var next = device.pointee.files
    while let file = next, file.pointee.wdmFile != wdm { next = file.pointee.next }
    lock.pointee.unlock()
    return next
  }
}

@c(r3_WdfFileObjectGetFileName)
package func wdfFileObjectGetFileName(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UnsafeMutableRawPointer?
{
  let file = Framework.current.body(handle, .fileObject, as: FileObjectBody.self)
  let offset = MemoryLayout<FILE_OBJECT>.offset(of: \.FileName).unsafelyUnwrapped
  return UnsafeMutableRawPointer(file.pointee.wdmFile) + offset
}

@c(r3_WdfFileObjectGetFlags)
package func wdfFileObjectGetFlags(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt32 {
  Framework.current.body(handle, .fileObject, as: FileObjectBody.self).pointee.wdmFile.pointee.Flags
}

@c(r3_WdfFileObjectGetDevice)
package func wdfFileObjectGetDevice(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64
{
  Framework.current.body(handle, .fileObject, as: FileObjectBody.self).pointee.device.handle
}

@c(r3_WdfFileObjectWdmGetFileObject)
package func wdfFileObjectWdmGetFileObject(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> FilePointer
{
  Framework.current.body(handle, .fileObject, as: FileObjectBody.self).pointee.wdmFile
}

/// The WDFFILEOBJECT of a file object that is open on a device, or NULL.
@c(r3_WdfDeviceGetFileObject)
package func wdfDeviceGetFileObject(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ wdm: UnsafeMutablePointer<FILE_OBJECT>?
) -> UInt64 {
  let framework = Framework.current
  let device = framework.device(handle)
  return framework.file(device, wdm).map { FrameworkObject($0).handle } ?? 0
}

@c(r3_WdfFileObjectGetInitiatorProcessId)
package func wdfFileObjectGetInitiatorProcessId(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
)
  -> UInt32
{
  Framework.current.body(handle, .fileObject, as: FileObjectBody.self).pointee.initiator
}

extension DeviceBody {
  /// Whether the device has a WDFFILEOBJECT for each open: the driver has callbacks for them, and does
  /// not say that it needs none.
  var keepsFiles: Bool {
    guard let config = fileConfig else { return false }
    return config.FileObjectClass.rawValue & 0xFF != WdfFileObjectNotRequired.rawValue
  }
}
