import CDriverKit
import CRing3
import Machine
import Memory
import Objects

extension IOManager {
  /// The referenced file object behind the handle of a call, when the handle grants `access`.
  ///
  /// - Parameter access: rights of which one is enough, or all with `needsAll`.
  func file(
    of call: UnsafeMutablePointer<RequestCall>, access: UInt32, needsAll: Bool = false
  ) -> FilePointer? {
    guard let entry = machine.objects.entry(call.pointee.handle, in: call.pointee.process),
      let body = entry.body
    else {
      call.pointee.status = IOStatus.invalidHandle
      return nil
    }
    guard machine.objects.isObject(body, .file) else {
      call.pointee.status = IOStatus.objectTypeMismatch
      return nil
    }
    let granted = entry.grantedAccess & access
    if access != 0, needsAll ? granted != access : granted == 0 {
      call.pointee.status = IOStatus.accessDenied
      return nil
    }
    machine.objects.reference(body)
    return body.assumingMemoryBound(to: FILE_OBJECT.self)
  }

  /// The device that receives requests for a file: the top of the stack.
  package func relatedDevice(_ file: FilePointer) -> DevicePointer {
    top(of: file.pointee.DeviceObject.unsafelyUnwrapped)
  }

  /// Step 4 and on: the IRP goes to the driver; a synchronous caller gets the answer in `call`.
  func send(
    _ irp: IRPPointer, to device: DevicePointer, _ file: FilePointer,
    _ call: UnsafeMutablePointer<RequestCall>
  ) {
    irp.pointee.RequestorMode = 1
    irp.pointee.Tail.Overlay.OriginalFileObject = file
    irp.pointee.Flags |= UInt32(IRP_DEFER_IO_COMPLETION)
    setThread(irp, CurrentThread.pointer)
    if let progress = call.pointee.progress {
      Event(fileEvent(file)).reset()
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
  }

  /// Sends a request of the I/O manager itself and waits until it is finished.
  func sendAndWait(_ irp: IRPPointer, to device: DevicePointer, _ information: inout UInt) -> Int32
  {
    var progress = RequestProgress()
    setThread(irp, CurrentThread.pointer)
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
    let outer = thread.pointee.request
    thread.pointee.request = UnsafeMutableRawPointer(irp)
    IRPPrefix.of(irp).pointee.progress = progress
    progress.pointee.irp = irp
    progress.pointee.thread = thread.pointee.currentThread
    queue(irp)
    trace(.sent, irp, UInt(bitPattern: irp.pointee.AssociatedIrp.SystemBuffer))
    let status = callDriver(device, irp)
    trace(.returned, nil, status: status)
    thread.pointee.request = outer
    // The IRP may be gone from here on; `progress` tells.
    switch (r3_load32(&progress.pointee.phase), status == IOStatus.pending) {
    case (RequestProgress.completed, false):
      state.pointee.counters.finishedInline += 1
      finish(irp, irp.pointee.Tail.Overlay.OriginalFileObject)
    case (RequestProgress.completed, true):
      // Completed at once, without IoMarkIrpPending, but PENDING returned.
      reportMisuse(0x23D, irp)
      finish(irp, irp.pointee.Tail.Overlay.OriginalFileObject)
    case (0, false): neverCompleted(irp, status)
    case (RequestProgress.done, false): reportMisuse(0x23E, irp)
    default: break
    }
    return status
  }

  /// A driver returned a final status and kept the IRP: whatever comes next would be wrong.
  @inline(never)
  private func neverCompleted(_ irp: IRPPointer, _ status: Int32) -> Never {
    machine.bugCheck(
      0xC9, 0x226, address(of: UnsafeMutableRawPointer(irp)), UInt64(UInt32(bitPattern: status)))
  }

  /// Reports what Driver Verifier reports, when checks are on.
  @inline(never)
  func reportMisuse(_ code: UInt64, _ irp: IRPPointer) {
    guard machine.state.pointee.configuration.verifies else { return }
    machine.bugCheck(0xC9, code, address(of: UnsafeMutableRawPointer(irp)), 0)
  }
}
