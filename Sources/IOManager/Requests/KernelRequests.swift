import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import NTTypes
import Objects

/// A request of a driver about an open file: buffers are addresses of the system.
package struct KernelRequest {
  package var majorFunction: UInt8
  package var code: UInt32 = 0
  package var offset: Int64 = 0
  package var input: UnsafeMutableRawPointer?
  package var inputCount = 0
  package var output: UnsafeMutableRawPointer?
  package var outputCount = 0

  package init(_ majorFunction: Int32) { self.majorFunction = UInt8(majorFunction) }
}

extension IOManager {
  /// Sends a driver's request to the device of a file and waits until it is finished.
  package func perform(
    _ request: KernelRequest, on file: FilePointer, information: inout UInt
  ) -> Int32 {
    let device = relatedDevice(file)
    guard let irp = allocateIRP(Int(device.pointee.StackSize), flags: IRPAllocation.managed) else {
      return IOStatus.insufficientResources
    }
    let location = nextLocation(irp)
    location.pointee.MajorFunction = request.majorFunction
    location.pointee.FileObject = file
    irp.pointee.RequestorMode = 0
    irp.pointee.Flags = UInt32(IRP_SYNCHRONOUS_API | IRP_DEFER_IO_COMPLETION)
    let status =
      switch Int32(request.majorFunction) {
      case IRP_MJ_DEVICE_CONTROL: attachControl(irp, location, request)
      case IRP_MJ_READ, IRP_MJ_WRITE: attachTransfer(irp, location, request, device)
      default: IOStatus.success
      }
    guard status == IOStatus.success else {
      if let buffer = irp.pointee.AssociatedIrp.SystemBuffer {
        machine.pool.free(buffer, tag: Self.bufferTag)
      }
      freeIRP(irp)
      return status
    }
    return sendAndWait(irp, to: device, &information)
  }

  private func attachTransfer(
    _ irp: IRPPointer, _ location: StackPointer, _ request: KernelRequest,
    _ device: DevicePointer
  ) -> Int32 {
    let isRead = Int32(request.majorFunction) == IRP_MJ_READ
    let count = isRead ? request.outputCount : request.inputCount
    let address = isRead ? request.output : request.input
    location.pointee.Parameters.Read.Length = UInt32(truncatingIfNeeded: count)
    location.pointee.Parameters.Read.ByteOffset.QuadPart = request.offset
    irp.pointee.Flags |= UInt32(isRead ? IRP_READ_OPERATION : IRP_WRITE_OPERATION)
    irp.pointee.UserBuffer = address
    IRPPrefix.of(irp).pointee.outputCapacity = count
    guard count > 0 else { return IOStatus.success }
    if device.pointee.Flags & UInt32(DO_BUFFERED_IO) != 0 {
      return attachBuffer(
        irp, capacity: count, isRead ? nil : address, isRead ? 0 : count, givesBack: isRead)
    }
    if device.pointee.Flags & UInt32(DO_DIRECT_IO) != 0 {
      return attachKernelMdl(irp, address, count, forWriting: isRead)
    }
    return IOStatus.success
  }

  private func attachControl(
    _ irp: IRPPointer, _ location: StackPointer, _ request: KernelRequest
  ) -> Int32 {
    location.pointee.Parameters.DeviceIoControl.OutputBufferLength = UInt32(
      truncatingIfNeeded: request.outputCount)
    location.pointee.Parameters.DeviceIoControl.InputBufferLength = UInt32(
      truncatingIfNeeded: request.inputCount)
    location.pointee.Parameters.DeviceIoControl.IoControlCode = request.code
    IRPPrefix.of(irp).pointee.outputCapacity = request.outputCount
    let method = request.code & 3
    switch method {
    case UInt32(METHOD_BUFFERED):
      irp.pointee.UserBuffer = request.output
      let capacity = max(request.inputCount, request.outputCount)
      guard capacity > 0 else { return IOStatus.success }
      return attachBuffer(
        irp, capacity: capacity, request.input, request.inputCount,
        givesBack: request.outputCount > 0)
    case UInt32(METHOD_NEITHER):
      irp.pointee.UserBuffer = request.output
      location.pointee.Parameters.DeviceIoControl.Type3InputBuffer = request.input
      return IOStatus.success
    default:
      if request.inputCount > 0 {
        let status = attachBuffer(
          irp, capacity: request.inputCount, request.input, request.inputCount, givesBack: false)
        if status != IOStatus.success { return status }
      }
      guard request.outputCount > 0 else { return IOStatus.success }
      return attachKernelMdl(
        irp, request.output, request.outputCount, forWriting: method == UInt32(METHOD_OUT_DIRECT))
    }
  }

  private func attachBuffer(
    _ irp: IRPPointer, capacity: Int, _ input: UnsafeMutableRawPointer?, _ inputCount: Int,
    givesBack: Bool
  ) -> Int32 {
    guard let buffer = machine.pool.allocate(capacity, kind: .nonpaged, tag: Self.bufferTag) else {
      return IOStatus.insufficientResources
    }
    if let input, inputCount > 0 { memcpy(buffer, input, inputCount) }
    irp.pointee.AssociatedIrp.SystemBuffer = buffer
    irp.pointee.Flags |= UInt32(IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER)
    if givesBack { irp.pointee.Flags |= UInt32(IRP_INPUT_OPERATION) }
    return IOStatus.success
  }

  private func attachKernelMdl(
    _ irp: IRPPointer, _ address: UnsafeMutableRawPointer?, _ count: Int, forWriting: Bool
  ) -> Int32 {
    guard let mdl = machine.allocateMdl(UInt(bitPattern: address), count) else {
      return IOStatus.insufficientResources
    }
    do throws(NTStatus) {
      try mdl.lock(in: CurrentThread.process, isUser: false, forWriting: forWriting)
    } catch {
      machine.freeMdl(mdl)
      return Int32(bitPattern: error.bits)
    }
    irp.pointee.MdlAddress = mdl.pointer
    return IOStatus.success
  }
}
