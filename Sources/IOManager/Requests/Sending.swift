import CDriverKit
import CRing3
import Machine
import Memory
import Objects

extension IOManager {
  /// The referenced file object behind the handle of a call, when the handle grants `access`.
  ///
  /// - Parameter access: rights of which one is enough, or all with `needsAll`.
  @inline(__always)
  func file(
    of call: UnsafeMutablePointer<RequestCall>, access: UInt32, needsAll: Bool = false
  ) -> FilePointer? {
    machine.objects.reference(
      call.pointee.handle, in: call.pointee.process, kind: .file, access: access,
      needsAll: needsAll, granted: &call.pointee.grantedAccess, status: &call.pointee.status
    )?.assumingMemoryBound(to: FILE_OBJECT.self)
  }

  /// The device that receives requests for a file: the top of the stack.
  package func relatedDevice(_ file: FilePointer) -> DevicePointer {
    top(of: file.pointee.DeviceObject.unsafelyUnwrapped)
  }

  /// Step 4 and on: the IRP goes to the driver; a synchronous caller gets the answer in `call`.
  @inline(__always)
  func send(
    _ irp: IRPPointer, to device: DevicePointer, _ file: FilePointer,
    _ call: UnsafeMutablePointer<RequestCall>
  ) {
    irp.pointee.RequestorMode = call.pointee.isUser ? 1 : 0
    irp.pointee.Tail.Overlay.OriginalFileObject = file
    irp.pointee.Flags |= UInt32(IRP_DEFER_IO_COMPLETION)
    setThread(irp, CurrentThread.pointer)
    if call.pointee.statusBlock != 0 || call.pointee.event != nil { attachAnswer(irp, call) }
    // KeClearEvent: a store.
    file.pointee.Event.Header.SignalState = 0
    let thread = CurrentThread.pointer
    let outer = thread.pointee.request
    call.pointee.irp = irp
    thread.pointee.request = UnsafeMutableRawPointer(call)
    if let progress = call.pointee.progress {
      machine.ensureService()
      CurrentThread.allowBorrowing()
      call.pointee.status = dispatch(irp, to: device, progress)
    } else {
      var progress = RequestProgress()
      withUnsafeMutablePointer(to: &progress) { progress in
        irp.pointee.Flags |= UInt32(IRP_SYNCHRONOUS_API)
        dispatch(irp, to: device, progress)
        if progress.pointee.phase != RequestProgress.done { waitForFinish(irp, progress) }
        call.pointee.status = progress.pointee.answer.Status
        call.pointee.information = UInt(progress.pointee.answer.Information)
      }
    }
    thread.pointee.request = outer
  }

  /// Sees to it that the caller's status block and event get the answer.
  @inline(never)
  private func attachAnswer(_ irp: IRPPointer, _ call: UnsafeMutablePointer<RequestCall>) {
    irp.pointee.UserIosb = UnsafeMutablePointer(bitPattern: call.pointee.statusBlock)
    guard let event = call.pointee.event else { return }
    machine.objects.reference(event)
    IRPPrefix.of(irp).pointee.eventObject = event
    let body = event.assumingMemoryBound(to: KEVENT.self)
    body.pointee.Header.SignalState = 0
    irp.pointee.UserEvent = body
  }

  /// Sends a request of the I/O manager itself and waits until it is finished.
  package func sendAndWait(
    _ irp: IRPPointer, to device: DevicePointer, _ information: inout UInt
  ) -> Int32 {
    var progress = RequestProgress()
    setThread(irp, CurrentThread.pointer)
    irp.pointee.Flags |= UInt32(IRP_SYNCHRONOUS_API | IRP_DEFER_IO_COMPLETION)
    return withUnsafeMutablePointer(to: &progress) { progress in
      dispatch(irp, to: device, progress)
      if progress.pointee.phase != RequestProgress.done { waitForFinish(irp, progress) }
      information = UInt(progress.pointee.answer.Information)
      return progress.pointee.answer.Status
    }
  }

  /// Calls the driver and, when it completed the request at once, finishes it here.
  @discardableResult
  private func dispatch(
    _ irp: IRPPointer, to device: DevicePointer, _ progress: UnsafeMutablePointer<RequestProgress>
  ) -> Int32 {
    let thread = CurrentThread.pointer
    IRPPrefix.of(irp).pointee.progress = progress
    progress.pointee.irp = irp
    progress.pointee.wasSent = true
    progress.pointee.thread = thread.pointee.currentThread
    queue(irp, in: thread)
    trace(.sent, irp, UInt(bitPattern: irp.pointee.AssociatedIrp.SystemBuffer))
    let status = callDriver(device, irp)
    trace(.returned, nil, status: status)
    // The IRP may be gone from here on; `progress` tells.
    switch r3_load32(&progress.pointee.phase) {
    case RequestProgress.completed:
      if let cache = IRPCache.current(machine) { cache.pointee.counters.finishedInline &+= 1 }
      finish(irp, irp.pointee.Tail.Overlay.OriginalFileObject)
    case RequestProgress.done: break
    default: if status != IOStatus.pending { neverCompleted(irp, status) }
    }
    return status
  }

  /// A driver returned a final status and kept the IRP: whatever comes next would be wrong.
  @inline(never)
  private func neverCompleted(_ irp: IRPPointer, _ status: Int32) -> Never {
    violation(0x226, bits(irp), UInt64(UInt32(bitPattern: status)))
  }
}
