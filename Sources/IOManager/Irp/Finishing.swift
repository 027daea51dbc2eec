import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import Objects

extension IOManager {
  /// The last stage of a request, in the requester's thread: data to the user, buffers and IRP freed.
  ///
  /// Windows calls this stage IopCompleteRequest: the sixth step of a buffered read.
  package func finish(_ irp: IRPPointer, _ file: FilePointer?) {
    var status = irp.pointee.IoStatus.Status
    let information = UInt(irp.pointee.IoStatus.Information)
    if irp.pointee.Flags & UInt32(IRP_BUFFERED_IO) != 0 {
      status = copyBack(irp, status, information)
      releaseSystemBuffer(irp)
    }
    freeMdls(of: irp)
    unqueue(irp)

    let answer = IRPPrefix.of(irp).pointee.progress
    if let block = irp.pointee.UserIosb {
      block.pointee.Information = ULONG_PTR(information)
      block.pointee.Status = status
    }
    if let answer {
      answer.pointee.answer.Information = ULONG_PTR(information)
      answer.pointee.answer.Status = status
    }
    trace(.finished, irp, 0, Int(bitPattern: information), status: status)
    signal(irp, file)
    freeIRP(irp)
    if let file { machine.objects.dereference(UnsafeMutableRawPointer(file)) }
    guard let answer else { return }
    let notify = answer.pointee.finished
    let context = answer.pointee.context
    // From here on a synchronous requester may be gone with its record.
    r3_store32(&answer.pointee.phase, RequestProgress.done)
    if let notify { notify(context) } else { answer.pointee.signal() }
  }

  /// Copies what the driver reported, when the status is one that brings data.
  private func copyBack(_ irp: IRPPointer, _ status: Int32, _ information: UInt) -> Int32 {
    guard irp.pointee.Flags & UInt32(IRP_INPUT_OPERATION) != 0,
      !IOStatus.isError(status), status != IOStatus.verifyRequired, information > 0,
      let buffer = irp.pointee.AssociatedIrp.SystemBuffer, let user = irp.pointee.UserBuffer
    else { return status }
    let count = checkedCount(irp, information)
    if irp.pointee.RequestorMode == 0 {
      memcpy(user, buffer, count)
      return status
    }
    let isCopied = CurrentThread.thread.process.copyOut(
      to: UInt(bitPattern: user), count, from: buffer)
    trace(.copiedBack, irp, UInt(bitPattern: user), count)
    return isCopied ? status : IOStatus.accessViolation
  }

  /// What may be copied of the reported bytes: never more than the caller's buffer holds.
  private func checkedCount(_ irp: IRPPointer, _ information: UInt) -> Int {
    let capacity = IRPPrefix.of(irp).pointee.outputCapacity
    if information <= UInt(capacity) { return Int(information) }
    if machine.state.pointee.configuration.verifies {
      machine.bugCheck(
        0xC9, 0x312, address(of: UnsafeMutableRawPointer(irp)), UInt64(information),
        UInt64(capacity))
    }
    return capacity
  }

  private func releaseSystemBuffer(_ irp: IRPPointer) {
    guard irp.pointee.Flags & UInt32(IRP_DEALLOCATE_BUFFER) != 0,
      let buffer = irp.pointee.AssociatedIrp.SystemBuffer
    else { return }
    trace(.bufferFreed, irp, UInt(bitPattern: buffer))
    machine.pool.free(buffer, tag: 0)
    irp.pointee.AssociatedIrp.SystemBuffer = nil
  }

  /// Unlocks and frees the MDLs that hang on the IRP.
  func freeMdls(of irp: IRPPointer) {
    guard let first = irp.pointee.MdlAddress else { return }
    irp.pointee.MdlAddress = nil
    machine.freeMdlChain(Mdl(first))
  }

  private func signal(_ irp: IRPPointer, _ file: FilePointer?) {
    if let event = irp.pointee.UserEvent {
      Event(event).set()
    } else if let file, irp.pointee.Flags & UInt32(IRP_SYNCHRONOUS_API) == 0 {
      Event(fileEvent(file)).set()
    }
  }
}
