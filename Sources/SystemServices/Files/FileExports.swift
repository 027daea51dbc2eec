import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory
import Objects

/// Writes the answer of a service to the caller's block.
func answer(
  _ block: UnsafeMutablePointer<IO_STATUS_BLOCK>?, _ status: UInt32, _ information: UInt = 0
) -> UInt32 {
  block?.pointee.Status = Int32(bitPattern: status)
  block?.pointee.Information = ULONG_PTR(information)
  return status
}

/// Calls `body` with the referenced file object behind a handle.
func withFile(_ handle: UInt, _ body: (FilePointer) -> UInt32) -> UInt32 {
  let objects = Machine.current.objects
  var object: UnsafeMutableRawPointer?
  var granted: HandleEntry?
  let status = objects.reference(
    handle: handle, access: 0, type: objects.type(.file), mode: 0, into: &object,
    granted: &granted)
  guard status == ServiceStatus.success, let object else { return status }
  let result = body(object.assumingMemoryBound(to: FILE_OBJECT.self))
  objects.dereference(object)
  return result
}

// MARK: Opening

@c(r3_ZwCreateFile)
func zwCreateFile(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?,
  _ statusBlock: UnsafeMutablePointer<IO_STATUS_BLOCK>?,
  _ allocation: UnsafePointer<LARGE_INTEGER>?, _ fileAttributes: UInt32, _ share: UInt32,
  _ disposition: UInt32, _ options: UInt32, _ extended: UnsafeMutableRawPointer?,
  _ extendedLength: UInt32
) -> UInt32 {
  guard let attributes else { return ServiceStatus.invalidParameter }
  Machine.current.objects.checkName(attributes)
  let opening = FileOpening(
    access: mapGenericAccess(access), disposition: disposition, options: options)
  var information: UInt = 0
  var opened: UInt = 0
  let status = Machine.current.withCopy(of: attributes.pointee.ObjectName) { path in
    let call = FileCall(
      machine: .current, path: path, root: UInt(bitPattern: attributes.pointee.RootDirectory),
      attributes: attributes.pointee.Attributes, opening: opening,
      share: UInt16(truncatingIfNeeded: share))
    return call.run(&opened, &information)
  }
  if ServiceStatus.isSuccess(status) { handle.pointee = opened }
  return answer(statusBlock, status, information)
}

@c(r3_ZwOpenFile)
func zwOpenFile(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?,
  _ statusBlock: UnsafeMutablePointer<IO_STATUS_BLOCK>?, _ share: UInt32, _ options: UInt32
) -> UInt32 {
  zwCreateFile(
    handle, access, attributes, statusBlock, nil, 0, share, UInt32(FILE_OPEN), options, nil, 0)
}

/// One opening of a device or file.
private struct FileCall {
  let machine: Machine
  let path: UTF16Text
  let root: UInt
  let attributes: UInt32
  let opening: FileOpening
  let share: UInt16

  func run(_ handle: inout UInt, _ information: inout UInt) -> UInt32 {
    if root != 0 { return openBelowRoot(&handle, &information) }
    var status: UInt32 = 0
    if let found = machine.objects.lookUp(path, followLast: true, status: &status) {
      machine.objects.finish(found)
      machine.objects.dereference(found.body)
      return openDevice(&handle, &information)
    }
    guard let file = SandboxPath.volumePath(path) else { return status }
    return openFile(file, below: nil, &handle, &information)
  }

  private func openDevice(_ handle: inout UInt, _ information: inout UInt) -> UInt32 {
    let isKernel = attributes & ObjectAttributes.kernelHandle != 0
    var call = OpenCall(
      machine: machine, process: isKernel ? machine.systemProcess : CurrentThread.process,
      path: path, access: opening.access)
    call.shareAccess = share
    call.options = opening.options | opening.disposition << 24
    withUnsafeMutablePointer(to: &call) { _ = openEntry(UnsafeMutableRawPointer($0)) }
    handle = call.handle
    information = call.information
    return UInt32(bitPattern: call.status)
  }

  private func openBelowRoot(_ handle: inout UInt, _ information: inout UInt) -> UInt32 {
    var result: (handle: UInt, information: UInt) = (0, 0)
    let status = withFile(root) { object in
      guard let directory = Sandbox.file(object) else { return FileStatus.notSupported }
      guard directory.pointee.isDirectory else { return FileStatus.notADirectory }
      return openFile(
        String(decoding: path, as: UTF16.self), below: directory, &result.handle,
        &result.information)
    }
    (handle, information) = result
    return status
  }

  private func openFile(
    _ file: String, below directory: SandboxFilePointer?, _ handle: inout UInt,
    _ information: inout UInt
  ) -> UInt32 {
    var status = ServiceStatus.success
    let object = machine.sandbox.open(
      file, below: directory, opening, information: &information, status: &status)
    guard let object else { return status }
    let body = UnsafeMutableRawPointer(object)
    let value = machine.objects.openHandle(
      to: body, access: opening.access, attributes: attributes)
    machine.objects.dereference(body)
    guard let value else { return ServiceStatus.insufficientResources }
    handle = value
    return ServiceStatus.success
  }
}

/// Maps GENERIC_* rights to those of files.
private func mapGenericAccess(_ access: UInt32) -> UInt32 {
  var result = access & 0x0FFF_FFFF
  if access & 0x8000_0000 != 0 { result |= UInt32(FILE_GENERIC_READ) }
  if access & 0x4000_0000 != 0 { result |= UInt32(FILE_GENERIC_WRITE) }
  if access & 0x2000_0000 != 0 { result |= UInt32(FILE_GENERIC_EXECUTE) }
  if access & 0x1000_0000 != 0 { result |= UInt32(FILE_ALL_ACCESS) }
  return result
}

@c(r3_ZwDeleteFile)
func zwDeleteFile(_ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?) -> UInt32 {
  var handle: UInt = 0
  var block = IO_STATUS_BLOCK()
  let status = zwCreateFile(
    &handle, 0x1_0000, attributes, &block, nil, 0, 7, UInt32(FILE_OPEN),
    UInt32(FILE_DELETE_ON_CLOSE), nil, 0)
  guard ServiceStatus.isSuccess(status) else { return status }
  _ = Machine.current.objects.closeHandle(handle, in: CurrentThread.process)
  return ServiceStatus.success
}

// MARK: Data

@c(r3_ZwReadFile)
func zwReadFile(
  _ handle: UInt, _ event: UInt, _ routine: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?, _ statusBlock: UnsafeMutablePointer<IO_STATUS_BLOCK>?,
  _ buffer: UnsafeMutableRawPointer?, _ length: UInt32, _ offset: UnsafePointer<LARGE_INTEGER>?,
  _ key: UnsafePointer<UInt32>?
) -> UInt32 {
  var request = KernelRequest(IRP_MJ_READ)
  request.output = buffer
  request.outputCount = Int(length)
  return transfer(request, handle, event, routine, statusBlock, offset?.pointee.QuadPart)
}

@c(r3_ZwWriteFile)
func zwWriteFile(
  _ handle: UInt, _ event: UInt, _ routine: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?, _ statusBlock: UnsafeMutablePointer<IO_STATUS_BLOCK>?,
  _ buffer: UnsafeMutableRawPointer?, _ length: UInt32, _ offset: UnsafePointer<LARGE_INTEGER>?,
  _ key: UnsafePointer<UInt32>?
) -> UInt32 {
  var request = KernelRequest(IRP_MJ_WRITE)
  request.input = buffer
  request.inputCount = Int(length)
  return transfer(request, handle, event, routine, statusBlock, offset?.pointee.QuadPart)
}

private func transfer(
  _ request: KernelRequest, _ handle: UInt, _ event: UInt, _ routine: UnsafeMutableRawPointer?,
  _ statusBlock: UnsafeMutablePointer<IO_STATUS_BLOCK>?, _ offset: Int64?
) -> UInt32 {
  service(handle, event, routine, statusBlock) { file, information in
    if let sandboxed = Sandbox.file(file) {
      let transfer = SandboxTransfer(machine: .current, object: file, file: sandboxed)
      return transfer.run(request, offset, &information)
    }
    var request = request
    request.offset = offset ?? file.pointee.CurrentByteOffset.QuadPart
    return UInt32(
      bitPattern: Machine.current.io.perform(request, on: file, information: &information))
  }
}

/// Runs a service on a file, synchronously: sets the event and writes the answer.
private func service(
  _ handle: UInt, _ event: UInt, _ routine: UnsafeMutableRawPointer?,
  _ statusBlock: UnsafeMutablePointer<IO_STATUS_BLOCK>?,
  _ body: (FilePointer, inout UInt) -> UInt32
) -> UInt32 {
  // Nothing is asynchronous here: there is no APC to deliver.
  if routine != nil { return FileStatus.notSupported }
  var information: UInt = 0
  let status = withFile(handle) { body($0, &information) }
  let result = answer(statusBlock, status, information)
  if event != 0 { _ = setEvent(event) }
  return result
}

private func setEvent(_ handle: UInt) -> UInt32 {
  let objects = Machine.current.objects
  guard let body = objects.entry(handle, in: CurrentThread.process)?.body,
    objects.isObject(body, .event)
  else { return ServiceStatus.invalidHandle }
  Event(body.assumingMemoryBound(to: KEVENT.self)).set()
  return ServiceStatus.success
}

@c(r3_ZwFlushBuffersFile)
func zwFlushBuffersFile(
  _ handle: UInt, _ statusBlock: UnsafeMutablePointer<IO_STATUS_BLOCK>?
) -> UInt32 {
  service(handle, 0, nil, statusBlock) { file, information in
    if let sandboxed = Sandbox.file(file) {
      return fsync(sandboxed.pointee.descriptor) == 0 ? 0 : FileStatus.of(errno)
    }
    let request = KernelRequest(IRP_MJ_FLUSH_BUFFERS)
    return UInt32(
      bitPattern: Machine.current.io.perform(request, on: file, information: &information))
  }
}

@c(r3_ZwDeviceIoControlFile)
func zwDeviceIoControlFile(
  _ handle: UInt, _ event: UInt, _ routine: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?, _ statusBlock: UnsafeMutablePointer<IO_STATUS_BLOCK>?,
  _ code: UInt32, _ input: UnsafeMutableRawPointer?, _ inputLength: UInt32,
  _ output: UnsafeMutableRawPointer?, _ outputLength: UInt32
) -> UInt32 {
  service(handle, event, routine, statusBlock) { file, information in
    // A file of the disk has no controls.
    if Sandbox.file(file) != nil { return 0xC000_0010 }
    var request = KernelRequest(IRP_MJ_DEVICE_CONTROL)
    request.code = code
    request.input = input
    request.inputCount = Int(inputLength)
    request.output = output
    request.outputCount = Int(outputLength)
    return UInt32(
      bitPattern: Machine.current.io.perform(request, on: file, information: &information))
  }
}
