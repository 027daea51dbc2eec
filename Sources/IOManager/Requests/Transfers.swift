import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import NTTypes
import Objects

/// The kernel side of `read` and `write`, on the kernel stack of the requester's thread.
package let transferEntry: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { argument in
  let call = argument.unsafelyUnwrapped.assumingMemoryBound(to: RequestCall.self)
  call.pointee.machine.io.transfer(call)
  return 0
}

extension IOManager {
  /// Reads or writes, as NtReadFile and NtWriteFile do.
  package func transfer(_ call: UnsafeMutablePointer<RequestCall>) {
    let isRead = call.pointee.majorFunction == UInt8(IRP_MJ_READ)
    guard let file = file(of: call, access: isRead ? 0x1 : 0x6) else { return }
    let isHeld = hold(file)
    let status = issueTransfer(call, file, isRead: isRead)
    if status != IOStatus.success {
      call.pointee.status = status
      machine.objects.dereference(UnsafeMutableRawPointer(file))
    }
    if isHeld { letGo(file) }
  }

  /// Prepares and sends one read or write.
  ///
  /// A status other than success: it was not sent.
  @inline(__always)
  private func issueTransfer(
    _ call: UnsafeMutablePointer<RequestCall>, _ file: FilePointer, isRead: Bool
  ) -> Int32 {
    let count = call.pointee.inputCount
    let address = call.pointee.input
    trace(.issued, nil, address, count)
    if UInt(bitPattern: count) > UInt(UInt32.max) { return IOStatus.invalidParameter }
    if count > 0, call.pointee.isUser {
      // Steps 2 and 3a: the range is checked before any IRP exists.
      if !call.pointee.process.probes(address, count, forWriting: isRead) {
        return IOStatus.accessViolation
      }
      trace(.probed, nil, address, count)
    }
    let device = relatedDevice(file)
    if file.pointee.Flags & UInt32(FO_SYNCHRONOUS_IO | FO_NO_INTERMEDIATE_BUFFERING) != 0 {
      let status = prepareFile(file, device, call)
      if status != IOStatus.success { return status }
    }
    guard let irp = allocateIRP(Int(device.pointee.StackSize), flags: IRPAllocation.managed) else {
      return IOStatus.insufficientResources
    }
    let location = nextLocation(irp)
    location.pointee.MajorFunction = call.pointee.majorFunction
    location.pointee.FileObject = file
    location.pointee.Parameters.Read.Length = UInt32(truncatingIfNeeded: count)
    location.pointee.Parameters.Read.Key = call.pointee.key
    location.pointee.Parameters.Read.ByteOffset.QuadPart = call.pointee.offset
    irp.pointee.Flags = UInt32(isRead ? IRP_READ_OPERATION : IRP_WRITE_OPERATION)
    let status = attachBuffer(irp, device, call, isRead: isRead)
    if status != IOStatus.success {
      discard(irp)
      return status
    }
    send(irp, to: device, file, call)
    return IOStatus.success
  }

  /// Step 3b: a system buffer for a read, the most common of all; others take the long way.
  @inline(__always)
  private func attachBuffer(
    _ irp: IRPPointer, _ device: DevicePointer, _ call: UnsafeMutablePointer<RequestCall>,
    isRead: Bool
  ) -> Int32 {
    let count = call.pointee.inputCount
    guard isRead, count > 0, device.pointee.Flags & UInt32(DO_BUFFERED_IO) != 0,
      let buffer = takeSystemBuffer(count, for: call.pointee.process)
    else { return attachAnyBuffer(irp, device, call, isRead: isRead) }
    irp.pointee.Flags |= UInt32(IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER | IRP_INPUT_OPERATION)
    irp.pointee.UserBuffer = UnsafeMutableRawPointer(bitPattern: call.pointee.input)
    irp.pointee.AssociatedIrp.SystemBuffer = buffer
    IRPPrefix.of(irp).pointee.outputCapacity = count
    trace(.bufferAllocated, irp, UInt(bitPattern: buffer), count)
    return IOStatus.success
  }

  /// The same for every kind of transfer: a system buffer, a locked MDL or the bare address.
  @inline(never)
  private func attachAnyBuffer(
    _ irp: IRPPointer, _ device: DevicePointer, _ call: UnsafeMutablePointer<RequestCall>,
    isRead: Bool
  ) -> Int32 {
    let count = call.pointee.inputCount
    let address = call.pointee.input
    if device.pointee.Flags & UInt32(DO_BUFFERED_IO) != 0 {
      irp.pointee.Flags |= UInt32(IRP_BUFFERED_IO)
      guard count > 0 else { return IOStatus.success }
      if isRead {
        irp.pointee.Flags |= UInt32(IRP_INPUT_OPERATION)
        irp.pointee.UserBuffer = UnsafeMutableRawPointer(bitPattern: address)
        IRPPrefix.of(irp).pointee.outputCapacity = count
      }
      return attachSystemBuffer(
        irp, call.pointee.process, capacity: count, from: address, isRead ? 0 : count,
        isUser: call.pointee.isUser)
    }
    if device.pointee.Flags & UInt32(DO_DIRECT_IO) != 0 {
      guard count > 0 else { return IOStatus.success }
      return attachMdl(
        irp, call.pointee.process, address, count, forWriting: isRead,
        isUser: call.pointee.isUser)
    }
    irp.pointee.UserBuffer = UnsafeMutableRawPointer(bitPattern: address)
    return IOStatus.success
  }

  /// What files with special options want: a position, and aligned buffers.
  @inline(never)
  private func prepareFile(
    _ file: FilePointer, _ device: DevicePointer, _ call: UnsafeMutablePointer<RequestCall>
  ) -> Int32 {
    if !call.pointee.hasOffset { call.pointee.offset = file.pointee.CurrentByteOffset.QuadPart }
    guard file.pointee.Flags & UInt32(FO_NO_INTERMEDIATE_BUFFERING) != 0 else {
      return IOStatus.success
    }
    let sector = UInt(device.pointee.SectorSize)
    let isWhole = sector == 0 || UInt(bitPattern: call.pointee.inputCount) & (sector - 1) == 0
    let isAligned = call.pointee.input & UInt(device.pointee.AlignmentRequirement) == 0
    return isWhole && isAligned ? IOStatus.success : IOStatus.invalidParameter
  }
}
