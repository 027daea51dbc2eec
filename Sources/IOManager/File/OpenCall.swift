import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import Objects

/// What a process asks for when it opens a device, and the answer.
package struct OpenCall {
  package var machine: Machine
  package var process: Process
  /// UTF-16 of a path in the name space, such as `\??\Echo`.
  package var path: UTF16Text
  package var access: UInt32
  package var shareAccess: UInt16 = 7
  package var options: UInt32 = 0
  package var status: Int32 = 0
  package var handle: HandleValue = 0
  package var information: UInt = 0

  package init(machine: Machine, process: Process, path: UTF16Text, access: UInt32) {
    self.machine = machine
    self.process = process
    self.path = path
    self.access = access
  }
}

/// The kernel side of opening a device.
package let openEntry: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { argument in
  let call = argument.unsafelyUnwrapped.assumingMemoryBound(to: OpenCall.self)
  call.pointee.machine.io.open(call)
  return 0
}

extension IOManager {
  func open(_ call: UnsafeMutablePointer<OpenCall>) {
    var status: UInt32 = 0
    guard
      let resolved = machine.objects.lookUp(call.pointee.path, followLast: true, status: &status)
    else {
      call.pointee.status = Int32(bitPattern: status)
      return
    }
    call.pointee.status = open(resolved, call)
    machine.objects.finish(resolved)
    machine.objects.dereference(resolved.body)
  }

  private func open(_ resolved: ResolvedName, _ call: UnsafeMutablePointer<OpenCall>) -> Int32 {
    guard machine.objects.isObject(resolved.body, .device) else {
      return IOStatus.objectTypeMismatch
    }
    let device = resolved.body.assumingMemoryBound(to: DEVICE_OBJECT.self)
    let access = mapGenericAccess(call.pointee.access)
    var status = admit(device, rest: resolved.rest, access: access)
    guard status == IOStatus.success else { return status }
    guard let file = makeFile(device, name: resolved.rest) else {
      dismiss(device)
      return IOStatus.insufficientResources
    }
    if call.pointee.options & UInt32(FILE_SYNCHRONOUS_IO_NONALERT | FILE_SYNCHRONOUS_IO_ALERT) != 0
    {
      file.pointee.Flags |= UInt32(FO_SYNCHRONOUS_IO)
    }
    file.pointee.ReadAccess = access & 1 != 0 ? 1 : 0
    file.pointee.WriteAccess = access & 2 != 0 ? 1 : 0
    status = sendCreate(file, access, call)
    if status == IOStatus.success {
      if let handle = machine.objects.openHandle(
        to: UnsafeMutableRawPointer(file), in: call.pointee.process, access: access)
      {
        file.pointee.Flags |= UInt32(FO_HANDLE_CREATED)
        call.pointee.handle = handle
      } else {
        status = IOStatus.insufficientResources
        sendCleanup(file)
      }
    } else {
      // Never opened: there will be no cleanup and no close.
      file.pointee.Flags |= UInt32(FO_FILE_OPEN_CANCELLED)
    }
    machine.objects.dereference(UnsafeMutableRawPointer(file))
    return status
  }

  /// Whether a device may be opened now; counts the open file.
  private func admit(_ device: DevicePointer, rest: UTF16Text, access: UInt32) -> Int32 {
    let record = deviceRecord(device)
    if record.pointee.isDeleted != 0 { return IOStatus.deletePending }
    if device.pointee.Flags & UInt32(DO_DEVICE_INITIALIZING) != 0 { return IOStatus.noSuchDevice }
    var status = IOStatus.success
    withDevicesLocked {
      if device.pointee.Flags & UInt32(DO_EXCLUSIVE) != 0, record.pointee.openCount > 0 {
        status = IOStatus.accessDenied
      } else {
        record.pointee.openCount += 1
        device.pointee.ReferenceCount += 1
      }
    }
    return status
  }

  /// Takes back what ``admit(_:rest:access:)`` counted.
  func dismiss(_ device: DevicePointer) {
    withDevicesLocked {
      deviceRecord(device).pointee.openCount -= 1
      device.pointee.ReferenceCount -= 1
    }
  }

  private func makeFile(_ device: DevicePointer, name: UTF16Text) -> FilePointer? {
    guard
      let body = machine.objects.create(.file, byteCount: MemoryLayout<FILE_OBJECT>.size)
    else { return nil }
    let file = body.assumingMemoryBound(to: FILE_OBJECT.self)
    file.pointee.Type = 5
    file.pointee.Size = Int16(MemoryLayout<FILE_OBJECT>.size)
    file.pointee.DeviceObject = device
    machine.objects.reference(UnsafeMutableRawPointer(device))
    Event(fileEvent(file)).initialize(.notification, isSet: false)
    if !name.isEmpty {
      guard
        let text = machine.pool.allocate(name.count * 2, kind: .nonpaged, tag: Self.nameTag)
      else {
        machine.objects.dereference(body)
        return nil
      }
      copy(name, to: text)
      let byteCount = UInt16(name.count * 2)
      file.pointee.FileName = UNICODE_STRING(
        Length: byteCount, MaximumLength: byteCount,
        Buffer: text.assumingMemoryBound(to: UInt16.self))
    }
    state.pointee.counters.openFiles += 1
    return file
  }

  static var nameTag: UInt32 { 0x6D4E_6F49 }  // IoNm

  private func sendCreate(
    _ file: FilePointer, _ access: UInt32, _ call: UnsafeMutablePointer<OpenCall>
  ) -> Int32 {
    var context = IO_SECURITY_CONTEXT()
    context.DesiredAccess = access
    var information: UInt = 0
    let status = withUnsafeMutablePointer(to: &context) { context in
      sendFileRequest(file, UInt8(IRP_MJ_CREATE), UInt32(IRP_CREATE_OPERATION), &information) {
        $0.pointee.Parameters.Create.SecurityContext = context
        $0.pointee.Parameters.Create.Options = call.pointee.options
        $0.pointee.Parameters.Create.ShareAccess = call.pointee.shareAccess
      }
    }
    call.pointee.information = information
    return status
  }

  /// Sends a request of the I/O manager itself about a file and waits for it.
  func sendFileRequest(
    _ file: FilePointer, _ majorFunction: UInt8, _ flags: UInt32, _ information: inout UInt,
    _ fill: (StackPointer) -> Void
  ) -> Int32 {
    let device = relatedDevice(file)
    guard let irp = allocateIRP(Int(device.pointee.StackSize), flags: IRPAllocation.managed) else {
      return IOStatus.insufficientResources
    }
    let location = nextLocation(irp)
    location.pointee.MajorFunction = majorFunction
    location.pointee.FileObject = file
    fill(location)
    irp.pointee.Flags = flags | UInt32(IRP_SYNCHRONOUS_API | IRP_DEFER_IO_COMPLETION)
    irp.pointee.RequestorMode = majorFunction == UInt8(IRP_MJ_CREATE) ? 1 : 0
    return sendAndWait(irp, to: device, &information)
  }

  func sendCleanup(_ file: FilePointer) {
    guard file.pointee.Flags & UInt32(FO_CLEANUP_COMPLETE) == 0 else { return }
    file.pointee.Flags |= UInt32(FO_CLEANUP_COMPLETE)
    var information: UInt = 0
    _ = sendFileRequest(file, UInt8(IRP_MJ_CLEANUP), 0, &information) { _ in }
  }
}

/// Maps GENERIC_* rights to those of files.
func mapGenericAccess(_ access: UInt32) -> UInt32 {
  var result = access & 0x0FFF_FFFF
  if access & 0x8000_0000 != 0 { result |= 0x12_0089 }
  if access & 0x4000_0000 != 0 { result |= 0x12_0116 }
  if access & 0x2000_0000 != 0 { result |= 0x12_00A0 }
  if access & 0x1000_0000 != 0 { result |= 0x1F_01FF }
  return result
}

/// The event of a file object, which asynchronous requests without one of their own signal.
func fileEvent(_ file: FilePointer) -> UnsafeMutablePointer<KEVENT> {
  (UnsafeMutableRawPointer(file) + 0x98).assumingMemoryBound(to: KEVENT.self)
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
    var information: UInt = 0
    // The object is being deleted: the request must not count references of it.
    _ = io.sendFileRequest(file, UInt8(IRP_MJ_CLOSE), UInt32(IRP_CLOSE_OPERATION), &information) {
      _ in
    }
  }
  if let name = file.pointee.FileName.Buffer {
    io.machine.pool.free(UnsafeMutableRawPointer(name), tag: IOManager.nameTag)
  }
  io.state.pointee.counters.openFiles -= 1
  io.dismiss(device)
  io.machine.objects.dereference(UnsafeMutableRawPointer(device))
}
