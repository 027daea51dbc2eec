import CDriverKit
import CRing3
import NTTypes
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
    }
    releaseSystemBuffer(irp)
    if irp.pointee.MdlAddress != nil { freeMdls(of: irp) }
    unqueue(irp)

    let prefix = IRPPrefix.of(irp)
    let answer = prefix.pointee.progress
    // A request that failed at once is answered by the call alone.
    let isAnnounced = !IOStatus.isError(status) || irp.pointee.PendingReturned != 0
    if isAnnounced, irp.pointee.UserIosb != nil { store(status, information, irp) }
    if let answer {
      answer.pointee.answer.Information = ULONG_PTR(information)
      answer.pointee.answer.Status = status
    }
    trace(.finished, irp, 0, Int(bitPattern: information), status: status)
    if isAnnounced { signal(irp, file, status) }
    let event = prefix.pointee.eventObject
    free(irp)
    if let event { machine.objects.dereference(event) }
    if let file { machine.objects.dereference(UnsafeMutableRawPointer(file)) }
    guard let answer else { return }
    let notify = answer.pointee.finished
    let context = answer.pointee.context
    let isAwaited = answer.pointee.isAwaited
    answer.pointee.irp = nil
    // From here on a requester that only looks at the phase may be gone with its record.
    r3_store32(&answer.pointee.phase, RequestProgress.done)
    if let notify { notify(context) } else if isAwaited { answer.pointee.signal() }
  }

  /// Copies what the driver reported, when the status is one that brings data.
  @inline(__always)
  private func copyBack(_ irp: IRPPointer, _ status: Int32, _ information: UInt) -> Int32 {
    guard irp.pointee.Flags & UInt32(IRP_INPUT_OPERATION) != 0,
      !IOStatus.isError(status), status != IOStatus.verifyRequired, information > 0,
      let buffer = irp.pointee.AssociatedIrp.SystemBuffer, let user = irp.pointee.UserBuffer
    else { return status }
    let count = checkedCount(irp, information)
    let isCopied = copyOut(
      to: UInt(bitPattern: user), count, from: buffer, isUser: irp.pointee.RequestorMode != 0)
    trace(.copiedBack, irp, UInt(bitPattern: user), count)
    return isCopied ? status : IOStatus.accessViolation
  }

  /// What may be copied of the reported bytes: never more than the caller's buffer holds.
  @inline(__always)
  private func checkedCount(_ irp: IRPPointer, _ information: UInt) -> Int {
    let capacity = IRPPrefix.of(irp).pointee.outputCapacity
    if information <= UInt(capacity) { return Int(information) }
    return reportedTooMuch(irp, information, capacity)
  }

  @inline(never)
  private func reportedTooMuch(_ irp: IRPPointer, _ information: UInt, _ capacity: Int) -> Int {
    if machine.verifier.contains(.ioVerification) {
      violation(0x312, bits(irp), UInt64(information), UInt64(capacity))
    }
    return capacity
  }

  @inline(__always)
  private func releaseSystemBuffer(_ irp: IRPPointer) {
    guard irp.pointee.Flags & UInt32(IRP_DEALLOCATE_BUFFER) != 0,
      let buffer = irp.pointee.AssociatedIrp.SystemBuffer
    else { return }
    trace(.bufferFreed, irp, UInt(bitPattern: buffer))
    releaseSystemBuffer(buffer)
    irp.pointee.AssociatedIrp.SystemBuffer = nil
  }

  /// Unlocks the pages of the MDLs that hang on the IRP: before the requester's thread is reached.
  func unlockMdls(of irp: IRPPointer) {
    var next = Mdl(irp.pointee.MdlAddress)
    while let mdl = next {
      if mdl.flags.contains(.pagesLocked), !mdl.flags.contains(.partial) { mdl.unlock() }
      next = mdl.next
    }
  }

  /// Unlocks and frees the MDLs that hang on the IRP.
  @inline(never)
  func freeMdls(of irp: IRPPointer) {
    guard let first = irp.pointee.MdlAddress else { return }
    irp.pointee.MdlAddress = nil
    machine.freeMdlChain(Mdl(first))
  }

  /// Fills the caller's IO_STATUS_BLOCK.
  @inline(never)
  private func store(_ status: Int32, _ information: UInt, _ irp: IRPPointer) {
    guard let block = irp.pointee.UserIosb else { return }
    guard irp.pointee.RequestorMode != 0 else {
      block.pointee.Information = ULONG_PTR(information)
      block.pointee.Status = status
      return
    }
    var answer = IO_STATUS_BLOCK()
    answer.Status = status
    answer.Information = ULONG_PTR(information)
    // A program that took its block away gets no answer there; that is no error of the request.
    _ = CurrentThread.process.copyOut(
      to: UInt(bitPattern: block), MemoryLayout<IO_STATUS_BLOCK>.size, from: &answer)
  }

  /// Sets the caller's event, else the file's.
  ///
  /// A synchronous call on a file that is not synchronous has nobody who waits for the file.
  @inline(__always)
  private func signal(_ irp: IRPPointer, _ file: FilePointer?, _ status: Int32) {
    // Nobody waits for anything, as with most synchronous calls.
    if irp.pointee.UserEvent == nil, irp.pointee.Flags & UInt32(IRP_SYNCHRONOUS_API) != 0,
      file.map({ $0.pointee.Flags & UInt32(FO_SYNCHRONOUS_IO) == 0 }) ?? true
    {
      return
    }
    signalFully(irp, file, status)
  }

  @inline(never)
  private func signalFully(_ irp: IRPPointer, _ file: FilePointer?, _ status: Int32) {
    if let event = irp.pointee.UserEvent { Event(event).set() }
    guard let file, irp.pointee.Flags & UInt32(IRP_CREATE_OPERATION | IRP_CLOSE_OPERATION) == 0
    else { return }
    if file.pointee.Flags & UInt32(FO_SYNCHRONOUS_IO) != 0 {
      file.pointee.FinalStatus = status
      Event(fileEvent(file)).set()
    } else if irp.pointee.UserEvent == nil, irp.pointee.Flags & UInt32(IRP_SYNCHRONOUS_API) == 0 {
      Event(fileEvent(file)).set()
    }
  }
}
