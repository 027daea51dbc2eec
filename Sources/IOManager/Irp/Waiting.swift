import CDriverKit
import CRing3
import Machine

// Where the I/O manager meets the dispatcher: waiting for a request, and finishing it in its thread.
extension IOManager {
  /// Waits, not alertably, until the running thread's request is finished.
  func waitForFinish(_ irp: IRPPointer, _ progress: UnsafeMutablePointer<RequestProgress>) {
    progress.pointee.isAwaited = true
    withUnsafeMutablePointer(to: &progress.pointee.event) {
      Event($0).initialize(.synchronization, isSet: false)
    }
    while true {
      switch r3_load32(&progress.pointee.phase) {
      case RequestProgress.done: return
      case RequestProgress.completed: finish(irp, irp.pointee.Tail.Overlay.OriginalFileObject)
      default: withUnsafeMutablePointer(to: &progress.pointee.event) { _ = Event($0).wait() }
      }
    }
  }

  /// Has the request finished in the requester's thread, by a special kernel APC.
  ///
  /// The APC lies in the IRP itself, over the fields that only drivers need.
  func queueFinish(_ irp: IRPPointer) {
    let file = irp.pointee.Tail.Overlay.OriginalFileObject
    guard let thread = thread(of: irp),
      irp.pointee.AllocationFlags & IRPAllocation.prefixed != 0
    else { nobodyWaits(irp) }
    guard IRPPrefix.of(irp).leaveDriver(to: IRPStage.finishing) else {
      abandon(irp, file)
      return
    }
    if finishAtOnce(irp, file, in: thread) { return }
    let apc = (UnsafeMutableRawPointer(irp) + Self.apcOffset).assumingMemoryBound(to: KAPC.self)
    let isQueued = APC.queueSpecial(apc, to: thread, finishInThread, UnsafeMutableRawPointer(file))
    // The thread has ended: nobody is left to copy to.
    if !isQueued { abandon(irp, file) }
  }

  static var apcOffset: Int { 0x78 }

  /// Finishes a request that its own thread has completed, when the APC would run at once.
  private func finishAtOnce(_ irp: IRPPointer, _ file: FilePointer?, in thread: Thread) -> Bool {
    APC.runAtOnce(in: thread) {
      if let cache = IRPCache.current(machine) { cache.pointee.counters.finishedByAPC += 1 }
      finish(irp, file)
    }
  }

  /// An IRP that a driver made went all the way up: nobody but the driver knows whose it is.
  @inline(never)
  private func nobodyWaits(_ irp: IRPPointer) -> Never {
    let rule: StaticString =
      "the completion routine of a driver's own IRP must return STATUS_MORE_PROCESSING_REQUIRED"
    machine.bugCheck(
      0x44, bits(irp), 1, 0, 0,
      subject: UnsafeRawPointer(rule.utf8Start).assumingMemoryBound(to: CChar.self))
  }

  /// Frees a request whose thread has ended before it was completed; copies nothing.
  func abandon(_ irp: IRPPointer, _ file: FilePointer?) {
    irp.pointee.Flags &= ~UInt32(IRP_INPUT_OPERATION)
    IRPPrefix.of(irp).pointee.progress = nil
    irp.pointee.UserIosb = nil
    irp.pointee.UserEvent = nil
    finish(irp, file)
  }
}

/// Runs in the requester's thread at APC_LEVEL.
private let finishInThread: APC.Routine = { apc in
  let irp = (UnsafeMutableRawPointer(apc) - IOManager.apcOffset).assumingMemoryBound(to: IRP.self)
  let io = Machine.current.io
  let file = apc.pointee.SystemArgument1?.assumingMemoryBound(to: FILE_OBJECT.self)
  if let cache = IRPCache.current(io.machine) { cache.pointee.counters.finishedByAPC += 1 }
  io.finish(irp, file)
}
