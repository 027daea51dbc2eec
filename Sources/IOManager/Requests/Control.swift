import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import NTTypes
import Objects

/// The kernel side of `deviceControl`, on the kernel stack of the requester's thread.
package let controlEntry: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { argument in
  let call = argument.unsafelyUnwrapped.assumingMemoryBound(to: RequestCall.self)
  call.pointee.machine.io.control(call)
  return 0
}

extension IOManager {
  /// Sends a control request, as NtDeviceIoControlFile does.
  package func control(_ call: UnsafeMutablePointer<RequestCall>) {
    // The access that the code asks for: bits 14 and 15 are FILE_READ_DATA and FILE_WRITE_DATA.
    let access = call.pointee.code >> 14 & 3
    guard let file = file(of: call, access: access, needsAll: true) else { return }
    let isHeld = hold(file)
    let status = issueControl(call, file)
    if status != IOStatus.success {
      call.pointee.status = status
      machine.objects.dereference(UnsafeMutableRawPointer(file))
    }
    if isHeld { letGo(file) }
  }

  @inline(__always)
  private func issueControl(
    _ call: UnsafeMutablePointer<RequestCall>, _ file: FilePointer
  ) -> Int32 {
    trace(.issued, nil, call.pointee.output, call.pointee.outputCount)
    let limit = UInt(UInt32.max)
    if UInt(bitPattern: call.pointee.inputCount) > limit
      || UInt(bitPattern: call.pointee.outputCount) > limit
    {
      return IOStatus.invalidParameter
    }
    let method = call.pointee.code & 3
    if method != UInt32(METHOD_NEITHER), call.pointee.isUser {
      let status = probe(call, method)
      if status != IOStatus.success { return status }
      trace(.probed, nil, call.pointee.output, call.pointee.outputCount)
    }
    let device = relatedDevice(file)
    guard let irp = allocateIRP(Int(device.pointee.StackSize), flags: IRPAllocation.managed) else {
      return IOStatus.insufficientResources
    }
    let location = nextLocation(irp)
    location.pointee.MajorFunction = call.pointee.majorFunction
    location.pointee.FileObject = file
    // For IoValidateDeviceIoControlAccess: bits 0 and 1 as SL_READ_ and SL_WRITE_ACCESS_GRANTED.
    let granted = call.pointee.grantedAccess
    location.pointee.Flags = UInt8(granted & 1 | granted << 1 & 4)
    let status = attachControlBuffers(
      irp, location, ControlBuffers(call), call.pointee.process, isUser: call.pointee.isUser)
    if status != IOStatus.success {
      discard(irp)
      return status
    }
    send(irp, to: device, file, call)
    return IOStatus.success
  }

  /// Input is checked for reading, output for writing, before there is an IRP.
  ///
  /// NULL is no buffer, whatever length the program states with it; only an MDL finds that out later.
  @inline(__always)
  private func probe(_ call: UnsafeMutablePointer<RequestCall>, _ method: UInt32) -> Int32 {
    let process = call.pointee.process
    if call.pointee.input == 0 { call.pointee.inputCount = 0 }
    if call.pointee.output == 0, method == UInt32(METHOD_BUFFERED) { call.pointee.outputCount = 0 }
    let isWritten = method != UInt32(METHOD_IN_DIRECT)
    let isAccessible =
      process.probes(call.pointee.input, call.pointee.inputCount, forWriting: false)
      && process.probes(call.pointee.output, call.pointee.outputCount, forWriting: isWritten)
    return isAccessible ? IOStatus.success : IOStatus.accessViolation
  }

  /// Prepares the location and the buffers of a control request by the method of its code.
  func attachControlBuffers(
    _ irp: IRPPointer, _ location: StackPointer, _ buffers: ControlBuffers, _ process: Process,
    isUser: Bool
  ) -> Int32 {
    let (input, output) = (buffers.inputCount, buffers.outputCount)
    location.pointee.Parameters.DeviceIoControl.OutputBufferLength = UInt32(
      truncatingIfNeeded: output)
    location.pointee.Parameters.DeviceIoControl.InputBufferLength = UInt32(
      truncatingIfNeeded: input)
    location.pointee.Parameters.DeviceIoControl.IoControlCode = buffers.code
    switch buffers.code & 3 {
    case UInt32(METHOD_BUFFERED):
      guard max(input, output) > 0 else { return IOStatus.success }
      if output > 0 {
        irp.pointee.Flags |= UInt32(IRP_INPUT_OPERATION)
        irp.pointee.UserBuffer = UnsafeMutableRawPointer(bitPattern: buffers.output)
        IRPPrefix.of(irp).pointee.outputCapacity = output
      }
      return attachSystemBuffer(
        irp, process, capacity: max(input, output), from: buffers.input, input, isUser: isUser)
    case UInt32(METHOD_NEITHER):
      irp.pointee.UserBuffer = UnsafeMutableRawPointer(bitPattern: buffers.output)
      location.pointee.Parameters.DeviceIoControl.Type3InputBuffer = UnsafeMutableRawPointer(
        bitPattern: buffers.input)
      return IOStatus.success
    default:
      if input > 0 {
        let status = attachSystemBuffer(
          irp, process, capacity: input, from: buffers.input, input, isUser: isUser)
        if status != IOStatus.success { return status }
      }
      guard output > 0 else { return IOStatus.success }
      return attachMdl(
        irp, process, buffers.output, output,
        forWriting: buffers.code & 3 == UInt32(METHOD_OUT_DIRECT), isUser: isUser)
    }
  }
}

/// The two buffers of a control request and its code.
struct ControlBuffers {
  let code: UInt32
  let input: UInt
  let inputCount: Int
  let output: UInt
  let outputCount: Int
}

extension ControlBuffers {
  @inline(__always)
  init(_ call: UnsafeMutablePointer<RequestCall>) {
    self.init(
      code: call.pointee.code, input: call.pointee.input, inputCount: call.pointee.inputCount,
      output: call.pointee.output, outputCount: call.pointee.outputCount)
  }
}
