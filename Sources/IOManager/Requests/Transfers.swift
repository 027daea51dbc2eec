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
  func transfer(_ call: UnsafeMutablePointer<RequestCall>) {
    let isRead = call.pointee.majorFunction == UInt8(IRP_MJ_READ)
    guard let file = file(of: call, access: isRead ? 0x1 : 0x6) else { return }
    let status = issueTransfer(call, file, isRead: isRead)
    if status != IOStatus.success {
      // Nothing was sent: the answer is the call's own.
      call.pointee.status = status
      machine.objects.dereference(UnsafeMutableRawPointer(file))
    }
  }

  /// Prepares and sends one read or write.
  ///
  /// A status other than success: it was not sent.
  private func issueTransfer(
    _ call: UnsafeMutablePointer<RequestCall>, _ file: FilePointer, isRead: Bool
  ) -> Int32 {
    let count = call.pointee.inputCount
    let address = call.pointee.input
    trace(.issued, nil, address, count)
    if count > 0 {
      // Steps 2 and 3a: the range is checked before any IRP exists.
      let probe = call.pointee.process.probe(address, count, forWriting: isRead)
      if probe.isError { return Int32(bitPattern: probe.bits) }
      trace(.probed, nil, address, count)
    }
    let device = relatedDevice(file)
    guard let irp = allocateIRP(Int(device.pointee.StackSize), flags: IRPAllocation.managed) else {
      return IOStatus.insufficientResources
    }
    IRPPrefix.of(irp).pointee.outputCapacity = count
    let location = nextLocation(irp)
    location.pointee.MajorFunction = call.pointee.majorFunction
    location.pointee.FileObject = file
    location.pointee.Parameters.Read.Length = UInt32(truncatingIfNeeded: count)
    location.pointee.Parameters.Read.ByteOffset.QuadPart = call.pointee.offset
    irp.pointee.Flags = UInt32(isRead ? IRP_READ_OPERATION : IRP_WRITE_OPERATION)
    irp.pointee.UserBuffer = UnsafeMutableRawPointer(bitPattern: address)

    if device.pointee.Flags & UInt32(DO_BUFFERED_IO) != 0 {
      let status = attachSystemBuffer(irp, call, isRead: isRead)
      if status != IOStatus.success {
        freeIRP(irp)
        return status
      }
    } else if device.pointee.Flags & UInt32(DO_DIRECT_IO) != 0, count > 0 {
      let status = attachMdl(
        irp, call.pointee.process, address, count, forWriting: isRead)
      if status != IOStatus.success {
        freeIRP(irp)
        return status
      }
    }
    send(irp, to: device, file, call)
    return IOStatus.success
  }

  /// Step 3b, and for a write the copy in: a nonpaged buffer of the user's length.
  private func attachSystemBuffer(
    _ irp: IRPPointer, _ call: UnsafeMutablePointer<RequestCall>, isRead: Bool
  ) -> Int32 {
    let count = call.pointee.inputCount
    guard count > 0 else {
      irp.pointee.Flags |= UInt32(IRP_BUFFERED_IO)
      return IOStatus.success
    }
    guard let buffer = systemBuffer(count, for: call.pointee.process) else {
      return IOStatus.insufficientResources
    }
    trace(.bufferAllocated, irp, UInt(bitPattern: buffer), count)
    if !isRead {
      guard call.pointee.process.copyIn(from: call.pointee.input, count, to: buffer) else {
        machine.pool.free(buffer, tag: 0)
        return IOStatus.accessViolation
      }
      trace(.copiedIn, irp, UInt(bitPattern: buffer), count)
    }
    irp.pointee.AssociatedIrp.SystemBuffer = buffer
    irp.pointee.Flags |= UInt32(IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER)
    if isRead { irp.pointee.Flags |= UInt32(IRP_INPUT_OPERATION) }
    return IOStatus.success
  }

  /// Takes a system buffer, charged to the requester.
  func systemBuffer(_ count: Int, for process: Process) -> UnsafeMutableRawPointer? {
    machine.pool.allocate(count, kind: .nonpaged, tag: Self.bufferTag, charging: process)
  }

  static var bufferTag: UInt32 { 0x2020_6F49 }  // Io

  /// Describes and locks a user buffer for direct I/O.
  func attachMdl(
    _ irp: IRPPointer, _ process: Process, _ address: UInt, _ count: Int, forWriting: Bool
  ) -> Int32 {
    do throws(NTStatus) {
      irp.pointee.MdlAddress = try machine.lockedMdl(
        process, address, count, forWriting: forWriting
      ).pointer
    } catch {
      return Int32(bitPattern: error.bits)
    }
    trace(.pagesLocked, irp, address, count)
    return IOStatus.success
  }
}
