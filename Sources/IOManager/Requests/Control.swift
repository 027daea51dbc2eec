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
  func control(_ call: UnsafeMutablePointer<RequestCall>) {
    // The access that the code asks for: bits 14 and 15 are FILE_READ_DATA and FILE_WRITE_DATA.
    let access = call.pointee.code >> 14 & 3
    guard let file = file(of: call, access: access, needsAll: true) else { return }
    let status = issueControl(call, file)
    if status != IOStatus.success {
      call.pointee.status = status
      machine.objects.dereference(UnsafeMutableRawPointer(file))
    }
  }

  private func issueControl(
    _ call: UnsafeMutablePointer<RequestCall>, _ file: FilePointer
  ) -> Int32 {
    let method = call.pointee.code & 3
    trace(.issued, nil, call.pointee.output, call.pointee.outputCount)
    if method != UInt32(METHOD_NEITHER) {
      let status = probe(call, method)
      if status != IOStatus.success { return status }
      trace(.probed, nil, call.pointee.output, call.pointee.outputCount)
    }
    let device = relatedDevice(file)
    guard let irp = allocateIRP(Int(device.pointee.StackSize), flags: IRPAllocation.managed) else {
      return IOStatus.insufficientResources
    }
    let location = nextLocation(irp)
    location.pointee.MajorFunction = UInt8(IRP_MJ_DEVICE_CONTROL)
    location.pointee.FileObject = file
    location.pointee.Parameters.DeviceIoControl.OutputBufferLength = UInt32(
      truncatingIfNeeded: call.pointee.outputCount)
    location.pointee.Parameters.DeviceIoControl.InputBufferLength = UInt32(
      truncatingIfNeeded: call.pointee.inputCount)
    location.pointee.Parameters.DeviceIoControl.IoControlCode = call.pointee.code
    let status = attachControlBuffers(irp, location, call, method)
    if status != IOStatus.success {
      releaseControlBuffers(irp)
      freeIRP(irp)
      return status
    }
    send(irp, to: device, file, call)
    return IOStatus.success
  }

  /// Input is checked for reading, output for writing, before there is an IRP.
  private func probe(_ call: UnsafeMutablePointer<RequestCall>, _ method: UInt32) -> Int32 {
    let process = call.pointee.process
    if call.pointee.inputCount > 0 {
      let status = process.probe(call.pointee.input, call.pointee.inputCount, forWriting: false)
      if status.isError { return Int32(bitPattern: status.bits) }
    }
    guard call.pointee.outputCount > 0 else { return IOStatus.success }
    let isWritten = method != UInt32(METHOD_IN_DIRECT)
    let status = process.probe(
      call.pointee.output, call.pointee.outputCount, forWriting: isWritten)
    return Int32(bitPattern: status.bits)
  }

  private func attachControlBuffers(
    _ irp: IRPPointer, _ location: StackPointer, _ call: UnsafeMutablePointer<RequestCall>,
    _ method: UInt32
  ) -> Int32 {
    let input = call.pointee.inputCount
    let output = call.pointee.outputCount
    switch method {
    case UInt32(METHOD_BUFFERED):
      irp.pointee.UserBuffer = UnsafeMutableRawPointer(bitPattern: call.pointee.output)
      IRPPrefix.of(irp).pointee.outputCapacity = output
      guard max(input, output) > 0 else { return IOStatus.success }
      let status = attachInput(irp, call, capacity: max(input, output))
      if output > 0 { irp.pointee.Flags |= UInt32(IRP_INPUT_OPERATION) }
      return status
    case UInt32(METHOD_NEITHER):
      irp.pointee.UserBuffer = UnsafeMutableRawPointer(bitPattern: call.pointee.output)
      location.pointee.Parameters.DeviceIoControl.Type3InputBuffer = UnsafeMutableRawPointer(
        bitPattern: call.pointee.input)
      return IOStatus.success
    default:
      if input > 0 {
        let status = attachInput(irp, call, capacity: input)
        if status != IOStatus.success { return status }
      }
      guard output > 0 else { return IOStatus.success }
      return attachMdl(
        irp, call.pointee.process, call.pointee.output, output,
        forWriting: method == UInt32(METHOD_OUT_DIRECT))
    }
  }

  /// One system buffer of `capacity` bytes with the caller's input at its start.
  private func attachInput(
    _ irp: IRPPointer, _ call: UnsafeMutablePointer<RequestCall>, capacity: Int
  ) -> Int32 {
    guard let buffer = systemBuffer(capacity, for: call.pointee.process) else {
      return IOStatus.insufficientResources
    }
    irp.pointee.AssociatedIrp.SystemBuffer = buffer
    trace(.bufferAllocated, irp, UInt(bitPattern: buffer), capacity)
    irp.pointee.Flags |= UInt32(IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER)
    let count = call.pointee.inputCount
    guard count > 0 else { return IOStatus.success }
    guard call.pointee.process.copyIn(from: call.pointee.input, count, to: buffer) else {
      return IOStatus.accessViolation
    }
    trace(.copiedIn, irp, UInt(bitPattern: buffer), count)
    return IOStatus.success
  }

  /// Undoes a preparation that failed half-way.
  private func releaseControlBuffers(_ irp: IRPPointer) {
    if let buffer = irp.pointee.AssociatedIrp.SystemBuffer { machine.pool.free(buffer, tag: 0) }
    irp.pointee.AssociatedIrp.SystemBuffer = nil
    freeMdls(of: irp)
  }
}
