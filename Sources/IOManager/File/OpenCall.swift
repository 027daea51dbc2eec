import CDriverKit
import CRing3
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
  /// FILE_* create options, without the disposition.
  package var options: UInt32 = 0
  /// FILE_OPEN, FILE_CREATE and their kin.
  package var disposition: UInt32 = 1
  package var attributes: UInt32 = 0
  /// Extended attributes, in system memory.
  package var extendedAttributes: UnsafeMutableRawPointer?
  package var extendedAttributeCount: UInt32 = 0
  /// Whether the caller is a program: its rights are checked.
  package var isUser = true
  /// Attributes of the new handle: `OBJ_KERNEL_HANDLE`, `OBJ_INHERIT`.
  package var handleAttributes: UInt32 = 0
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
  /// Opens a device by path, with a handle in the table of the caller's process.
  package func open(_ call: UnsafeMutablePointer<OpenCall>) {
    guard let file = openFile(call) else { return }
    if let handle = machine.objects.openHandle(
      to: UnsafeMutableRawPointer(file), in: call.pointee.process,
      access: grantedAccess(call), attributes: call.pointee.handleAttributes)
    {
      file.pointee.Flags |= UInt32(FO_HANDLE_CREATED)
      call.pointee.handle = handle
    } else {
      call.pointee.status = IOStatus.insufficientResources
    }
    machine.objects.dereference(UnsafeMutableRawPointer(file))
  }

  /// The rights that the handle gets; what was asked for was found allowed.
  private func grantedAccess(_ call: UnsafeMutablePointer<OpenCall>) -> UInt32 {
    let access = mapGenericAccess(call.pointee.access)
    return access & 0x0200_0000 != 0 ? 0x1F_01FF : access
  }

  /// Opens a device by path; gives a referenced file object without a handle, or nil and a status.
  package func openFile(_ call: UnsafeMutablePointer<OpenCall>) -> FilePointer? {
    var status: UInt32 = 0
    guard
      let resolved = machine.objects.lookUp(call.pointee.path, followLast: true, status: &status)
    else {
      call.pointee.status = Int32(bitPattern: status)
      return nil
    }
    let file = open(resolved, call)
    machine.objects.finish(resolved)
    machine.objects.dereference(resolved.body)
    return file
  }

  private func open(_ resolved: ResolvedName, _ call: UnsafeMutablePointer<OpenCall>)
    -> FilePointer?
  {
    guard machine.objects.isObject(resolved.body, .device) else {
      call.pointee.status = IOStatus.objectTypeMismatch
      return nil
    }
    let device = resolved.body.assumingMemoryBound(to: DEVICE_OBJECT.self)
    call.pointee.status = admit(device, rest: resolved.rest, call)
    guard call.pointee.status == IOStatus.success else { return nil }
    guard let file = makeFile(device, name: resolved.rest) else {
      dismiss(device)
      call.pointee.status = IOStatus.insufficientResources
      return nil
    }
    setFlags(file, call)
    call.pointee.status = sendCreate(file, call)
    if call.pointee.status >= 0 { return file }
    // Never opened: there will be no cleanup and no close.
    file.pointee.Flags |= UInt32(FO_FILE_OPEN_CANCELLED)
    machine.objects.dereference(UnsafeMutableRawPointer(file))
    return nil
  }

  /// Whether a device may be opened now; counts the open file.
  private func admit(
    _ device: DevicePointer, rest: UTF16Text, _ call: UnsafeMutablePointer<OpenCall>
  ) -> Int32 {
    let record = deviceRecord(device)
    if record.pointee.isDeleted != 0 || record.pointee.isUnloading != 0
      || device.pointee.Flags & UInt32(DO_DEVICE_INITIALIZING) != 0
      || record.pointee.head.ExtensionFlags & DeviceRecord.notOpenable != 0
    {
      return IOStatus.noSuchDevice
    }
    if !isAllowed(device, rest: rest, call) { return IOStatus.accessDenied }
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

  /// Takes back what ``admit(_:rest:_:)`` counted.
  func dismiss(_ device: DevicePointer) {
    withDevicesLocked {
      deviceRecord(device).pointee.openCount -= 1
      device.pointee.ReferenceCount -= 1
    }
  }

  private func setFlags(_ file: FilePointer, _ call: UnsafeMutablePointer<OpenCall>) {
    let options = Int32(bitPattern: call.pointee.options)
    var flags: Int32 = 0
    if options & (FILE_SYNCHRONOUS_IO_NONALERT | FILE_SYNCHRONOUS_IO_ALERT) != 0 {
      flags |= FO_SYNCHRONOUS_IO
      if options & FILE_SYNCHRONOUS_IO_ALERT != 0 { flags |= FO_ALERTABLE_IO }
    }
    if options & FILE_NO_INTERMEDIATE_BUFFERING != 0 { flags |= FO_NO_INTERMEDIATE_BUFFERING }
    if options & FILE_WRITE_THROUGH != 0 { flags |= FO_WRITE_THROUGH }
    if options & FILE_SEQUENTIAL_ONLY != 0 { flags |= FO_SEQUENTIAL_ONLY }
    if options & FILE_RANDOM_ACCESS != 0 { flags |= FO_RANDOM_ACCESS }
    file.pointee.Flags = UInt32(bitPattern: flags)
    let access = grantedAccess(call)
    file.pointee.ReadAccess = access & UInt32(FILE_READ_DATA) != 0 ? 1 : 0
    file.pointee.WriteAccess = access & UInt32(FILE_WRITE_DATA) != 0 ? 1 : 0
  }

  private func sendCreate(_ file: FilePointer, _ call: UnsafeMutablePointer<OpenCall>) -> Int32 {
    let access = mapGenericAccess(call.pointee.access)
    var state = ACCESS_STATE()
    state.OriginalDesiredAccess = access
    state.PreviouslyGrantedAccess = access
    let options = call.pointee.options | call.pointee.disposition << 24
    return withUnsafeMutablePointer(to: &state) { state in
      var context = IO_SECURITY_CONTEXT()
      context.AccessState = state
      context.DesiredAccess = access
      context.FullCreateOptions = options
      return withUnsafeMutablePointer(to: &context) { context in
        sendFileRequest(
          file, UInt8(IRP_MJ_CREATE), IRP_CREATE_OPERATION, &call.pointee.information
        ) { irp, location in
          irp.pointee.RequestorMode = call.pointee.isUser ? 1 : 0
          irp.pointee.AssociatedIrp.SystemBuffer = call.pointee.extendedAttributes
          location.pointee.Parameters.Create.SecurityContext = context
          location.pointee.Parameters.Create.Options = options
          location.pointee.Parameters.Create.FileAttributes = UInt16(
            truncatingIfNeeded: call.pointee.attributes)
          location.pointee.Parameters.Create.ShareAccess = call.pointee.shareAccess
          location.pointee.Parameters.Create.EaLength = call.pointee.extendedAttributeCount
        }
      }
    }
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
