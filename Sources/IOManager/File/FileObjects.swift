import CDriverKit
import CRing3
import Machine
import Memory
import Objects

extension IOManager {
  static var nameTag: UInt32 { 0x6D4E_6F49 }  // IoNm

  /// Makes a file object on a device; the caller has counted the open.
  func makeFile(_ device: DevicePointer, name: UTF16Text) -> FilePointer? {
    guard
      let body = machine.objects.create(.file, byteCount: MemoryLayout<FILE_OBJECT>.size)
    else { return nil }
    let file = body.assumingMemoryBound(to: FILE_OBJECT.self)
    file.pointee.Type = 5
    file.pointee.Size = Int16(MemoryLayout<FILE_OBJECT>.size)
    Event(lockEvent(file)).initialize(.synchronization, isSet: false)
    Event(fileEvent(file)).initialize(.notification, isSet: false)
    let list = (body + 0xC0).assumingMemoryBound(to: LIST_ENTRY.self)
    list.initializeHead()
    if !name.isEmpty, !setName(file, name) {
      machine.objects.dereference(body)
      return nil
    }
    file.pointee.DeviceObject = device
    machine.objects.reference(UnsafeMutableRawPointer(device))
    return file
  }

  private func setName(_ file: FilePointer, _ name: UTF16Text) -> Bool {
    guard name.count <= Int(UInt16.max) / 2,
      let text = machine.pool.allocate(name.count * 2, kind: .nonpaged, tag: Self.nameTag)
    else { return false }
    copy(name, to: text)
    let byteCount = UInt16(name.count * 2)
    file.pointee.FileName = UNICODE_STRING(
      Length: byteCount, MaximumLength: byteCount,
      Buffer: text.assumingMemoryBound(to: UInt16.self))
    return true
  }

  /// Sends a request of the I/O manager itself about a file and waits for it.
  func sendFileRequest(
    _ file: FilePointer, _ majorFunction: UInt8, _ flags: Int32, _ information: inout UInt,
    _ fill: (IRPPointer, StackPointer) -> Void = { _, _ in }
  ) -> Int32 {
    let device = relatedDevice(file)
    let irp = allocateIRPAlways(Int(device.pointee.StackSize))
    let location = nextLocation(irp)
    location.pointee.MajorFunction = majorFunction
    location.pointee.FileObject = file
    irp.pointee.Flags = UInt32(flags)
    fill(irp, location)
    return sendAndWait(irp, to: device, &information)
  }

  func sendCleanup(_ file: FilePointer) {
    guard file.pointee.Flags & UInt32(FO_CLEANUP_COMPLETE) == 0 else { return }
    file.pointee.Flags |= UInt32(FO_CLEANUP_COMPLETE)
    var information: UInt = 0
    _ = sendFileRequest(file, UInt8(IRP_MJ_CLEANUP), 0, &information)
  }
}

/// A handle is closed; for the last one the driver gets IRP_MJ_CLEANUP.
let closeFileObject: @convention(c) (UnsafeMutableRawPointer, UInt64) -> Void = { body, before in
  guard before == 1 else { return }
  Machine.current.io.sendCleanup(body.assumingMemoryBound(to: FILE_OBJECT.self))
}

/// The last reference of a file object goes: the driver gets IRP_MJ_CLOSE.
let deleteFileObject: @convention(c) (UnsafeMutableRawPointer) -> Void = { body in
  let io = Machine.current.io
  let file = body.assumingMemoryBound(to: FILE_OBJECT.self)
  guard let device = file.pointee.DeviceObject else { return }
  if file.pointee.Flags & UInt32(FO_FILE_OPEN_CANCELLED) == 0 {
    // Nobody ever had a handle of a file that only the kernel used: cleanup comes here.
    io.sendCleanup(file)
    var information: UInt = 0
    // The object is being deleted: the request must not count references of it.
    _ = io.sendFileRequest(file, UInt8(IRP_MJ_CLOSE), IRP_CLOSE_OPERATION, &information)
  }
  if let name = file.pointee.FileName.Buffer {
    io.machine.pool.free(UnsafeMutableRawPointer(name), tag: IOManager.nameTag)
  }
  io.dismiss(device)
  io.state.pointee.fileClosed?(device)
  io.machine.objects.dereference(UnsafeMutableRawPointer(device))
}
