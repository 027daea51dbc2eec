import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory
import NTTypes

extension Framework {
  /// Formats a read or write: buffers as the lower device takes them.
  func format(
    _ request: UnsafeMutablePointer<RequestBody>, for target: UnsafeMutablePointer<TargetBody>,
    _ major: Int32, _ buffer: TargetBuffer, offset: Int64
  ) -> Int32 {
    var failure: Int32 = 0
    guard let format = begin(request, for: target, major, &failure) else { return failure }
    refer(format, 0, buffer)
    let flags = target.pointee.wdmDevice?.pointee.Flags ?? 0
    let isRead = major == IRP_MJ_READ
    let status: Int32
    if flags & UInt32(DO_BUFFERED_IO) != 0 {
      status =
        isRead
        ? attachBuffered(request, format, input: TargetBuffer(), output: buffer)
        : attachBuffered(request, format, input: buffer, output: TargetBuffer())
    } else if flags & UInt32(DO_DIRECT_IO) != 0 {
      status = attachMdl(request, format, buffer, forWriting: isRead)
    } else {
      var address: UnsafeMutableRawPointer?
      status = self.address(of: buffer, into: &address)
      request.packet.pointee.UserBuffer = address
    }
    let next = machine.io.nextLocation(request.packet)
    // Read and write have the same layout.
    next.pointee.Parameters.Read.Length = buffer.byteCount
    next.pointee.Parameters.Read.ByteOffset.QuadPart = offset
    return finish(request, status)
  }

  /// Formats a control request: buffers as the code's method says.
  func format(
    _ request: UnsafeMutablePointer<RequestBody>, for target: UnsafeMutablePointer<TargetBody>,
    _ major: Int32, code: UInt32, input: TargetBuffer, output: TargetBuffer
  ) -> Int32 {
    var failure: Int32 = 0
    guard let format = begin(request, for: target, major, &failure) else { return failure }
    refer(format, 0, input)
    refer(format, 1, output)
    let irp = request.packet
    let next = machine.io.nextLocation(irp)
    next.pointee.Parameters.DeviceIoControl.IoControlCode = code
    next.pointee.Parameters.DeviceIoControl.InputBufferLength = input.byteCount
    next.pointee.Parameters.DeviceIoControl.OutputBufferLength = output.byteCount
    var status: Int32
    var address: UnsafeMutableRawPointer?
    switch Int32(code & 3) {
    case METHOD_BUFFERED:
      status = attachBuffered(request, format, input: input, output: output)
    case METHOD_NEITHER:
      status = self.address(of: output, into: &address)
      irp.pointee.UserBuffer = address
      if status >= 0 { status = self.address(of: input, into: &address) }
      next.pointee.Parameters.DeviceIoControl.Type3InputBuffer = address
    default:
      status = self.address(of: input, into: &address)
      irp.pointee.AssociatedIrp.SystemBuffer = address
      let isOut = Int32(code & 3) == METHOD_OUT_DIRECT
      if status >= 0 { status = attachMdl(request, format, output, forWriting: isOut) }
    }
    return finish(request, status)
  }

  /// Formats an internal control request whose arguments are three addresses.
  func format(
    _ request: UnsafeMutablePointer<RequestBody>, for target: UnsafeMutablePointer<TargetBody>,
    code: UInt32, arguments: (TargetBuffer, TargetBuffer, TargetBuffer)
  ) -> Int32 {
    var failure: Int32 = 0
    guard let format = begin(request, for: target, IRP_MJ_INTERNAL_DEVICE_CONTROL, &failure) else {
      return failure
    }
    refer(format, 0, arguments.0)
    refer(format, 1, arguments.1)
    refer(format, 2, arguments.2)
    let next = machine.io.nextLocation(request.packet)
    next.pointee.Parameters.DeviceIoControl.IoControlCode = code
    var address: UnsafeMutableRawPointer?
    var status = self.address(of: arguments.0, into: &address)
    next.pointee.Parameters.Others.Argument1 = address
    if status >= 0 { status = self.address(of: arguments.1, into: &address) }
    next.pointee.Parameters.Others.Argument2 = address
    if status >= 0 { status = self.address(of: arguments.2, into: &address) }
    next.pointee.Parameters.Others.Argument4 = address
    return finish(request, status)
  }

  // MARK: Steps

  /// Makes sure of the IRP, keeps its buffers and clears the next location.
  private func begin(
    _ request: UnsafeMutablePointer<RequestBody>, for target: UnsafeMutablePointer<TargetBody>,
    _ major: Int32, _ failure: inout Int32
  ) -> UnsafeMutablePointer<RequestFormat>? {
    failure = fit(request, to: target)
    if failure < 0 { return nil }
    guard let format = beginFormat(request) else {
      failure = FrameworkStatus.insufficientResources
      return nil
    }
    let irp = request.packet
    irp.pointee.AssociatedIrp.SystemBuffer = nil
    irp.pointee.UserBuffer = nil
    irp.pointee.MdlAddress = nil
    let next = machine.io.nextLocation(irp)
    memset(next, 0, MemoryLayout<IO_STACK_LOCATION>.size)
    next.pointee.MajorFunction = UInt8(major)
    if request.pointee.origin == .delivered {
      next.pointee.Flags = request.location.pointee.Flags
      next.pointee.FileObject = request.location.pointee.FileObject
    }
    if target.pointee.role == .remote { next.pointee.FileObject = target.pointee.file }
    return format
  }

  /// Holds the memory object of a buffer until the request is formatted anew, reused or deleted.
  private func refer(
    _ format: UnsafeMutablePointer<RequestFormat>, _ index: Int, _ buffer: TargetBuffer
  ) {
    guard let memory = buffer.memory else { return }
    FrameworkObject(memory).reference()
    format.pointee.memories[index] = FrameworkObject(memory).head
  }

  private func finish(_ request: UnsafeMutablePointer<RequestBody>, _ status: Int32) -> Int32 {
    if status < 0 {
      restore(request)
    } else {
      request.sendAddress.pointee.flags.insert(.isFormatted)
    }
    return status
  }

  // MARK: Buffers

  /// A system buffer for the longer of both, with the input in it.
  private func attachBuffered(
    _ request: UnsafeMutablePointer<RequestBody>, _ format: UnsafeMutablePointer<RequestFormat>,
    input: TargetBuffer, output: TargetBuffer
  ) -> Int32 {
    let count = Int(max(input.byteCount, output.byteCount))
    if count == 0 { return 0 }
    guard let buffer = systemBuffer(request, format, count) else {
      return FrameworkStatus.insufficientResources
    }
    var address: UnsafeMutableRawPointer?
    var status = self.address(of: input, into: &address)
    if status < 0 { return status }
    if input.byteCount > 0 { DriverMemory.copy(to: buffer, from: address, Int(input.byteCount)) }
    status = self.address(of: output, into: &address)
    if status < 0 { return status }
    let irp = request.packet
    irp.pointee.AssociatedIrp.SystemBuffer = buffer
    irp.pointee.UserBuffer = address
    if output.byteCount > 0 {
      format.pointee.destination = address
      format.pointee.limit = Int(output.byteCount)
    }
    return 0
  }

  /// The request's own system buffer: the one of the last time when it is long enough.
  private func systemBuffer(
    _ request: UnsafeMutablePointer<RequestBody>, _ format: UnsafeMutablePointer<RequestFormat>,
    _ count: Int
  ) -> UnsafeMutableRawPointer? {
    if let buffer = format.pointee.systemBuffer {
      if format.pointee.capacity >= count { return buffer }
      format.pointee.systemBuffer = nil
      machine.pool.free(buffer)
    }
    let buffer = machine.pool.allocate(
      count, kind: .nonpaged, tag: request.pointee.head.globals.pointee.visible.DriverTag)
    format.pointee.systemBuffer = buffer
    format.pointee.capacity = buffer == nil ? 0 : count
    return buffer
  }

  /// The MDL of a buffer: its own when it is asked for whole, one of a part, or one of locked pages.
  private func attachMdl(
    _ request: UnsafeMutablePointer<RequestBody>, _ format: UnsafeMutablePointer<RequestFormat>,
    _ buffer: TargetBuffer, forWriting: Bool
  ) -> Int32 {
    let count = Int(buffer.byteCount)
    if count == 0 { return 0 }
    let irp = request.packet
    if let whole = Mdl(buffer.mdl) {
      if buffer.offset == 0, count >= whole.byteCount {
        irp.pointee.MdlAddress = whole.pointer
        return 0
      }
      let start = whole.address + UInt(buffer.offset)
      guard let part = machine.allocateMdl(start, count) else {
        return FrameworkStatus.insufficientResources
      }
      part.build(partOf: whole, start, count)
      format.pointee.mdl = part.pointer
    } else {
      guard let mdl = machine.allocateMdl(UInt(bitPattern: buffer.address), count) else {
        return FrameworkStatus.insufficientResources
      }
      do throws(NTStatus) {
        try mdl.lock(in: CurrentThread.process, isUser: false, forWriting: forWriting)
      } catch {
        machine.freeMdl(mdl)
        return Int32(bitPattern: error.bits)
      }
      format.pointee.mdl = mdl.pointer
    }
    irp.pointee.MdlAddress = format.pointee.mdl
    return 0
  }
}
