import Memory

/// The routines of this module that the framework calls as it calls a driver's.
///
/// Each lies behind a stub in the Microsoft convention; one page for the whole process, never freed.
enum DriverEntries: Int, CaseIterable {
  case destroy, call, deviceAdd, unload
  case read, write, control, internalControl, other, stop, resume, cancelledOnQueue
  case cancel
  // Devices
  case prepareHardware, releaseHardware, queryStop, queryRemove, surpriseRemoval
  case d0Entry, d0EntryPostInterrupts, d0Exit, d0ExitPreInterrupts
  case selfManagedInit, selfManagedSuspend, selfManagedRestart
  case selfManagedFlush, selfManagedCleanup
  case armFromS0, disarmFromS0, wokeFromS0, armFromSx, disarmFromSx, wokeFromSx
  // Files, callers, what is attached
  case fileCreate, fileCleanup, fileClose, inCallerContext, destroyAttached
  // Deferred work
  case timer, workItem, dpc, thread, threadCleanup
  // Targets and tasks
  case targetQueryRemove, targetRemoveComplete, targetRemoveCanceled
  case sent, targetRequestSent, awaited, cancelTask, job
  // DMA, interrupts, flushes
  case programDma, flush
  case interruptService, interruptDeferred, interruptDeferredPassive
  case interruptEnable, interruptDisable

  /// The address of the routine, for the structures of the driver kit.
  var address: UnsafeMutableRawPointer { Self.page.unsafelyUnwrapped[rawValue] }

  /// The stubs, which ``prepare()`` makes.
  ///
  /// No lazy constant: each use of one is a call.
  private nonisolated(unsafe) static var page: StubPage?

  /// Makes the stubs, before the first driver is loaded.
  static func prepare() { _ = made }

  /// Done once in the process.
  private static let made: Void = { page = StubPage(allCases.map(\.routine)) }()

  private var routine: (routine: UnsafeRawPointer, argumentCount: UInt32) {
    switch self {
    case .destroy: stub(Attachment.destroy, 1)
    case .call: stub(callEntry, 1)
    case .deviceAdd: stub(deviceAddEntry, 2)
    case .unload: stub(unloadEntry, 1)
    case .read: stub(readEntry, 3)
    case .write: stub(writeEntry, 3)
    case .control: stub(controlEntry, 5)
    case .internalControl: stub(internalControlEntry, 5)
    case .other: stub(otherEntry, 2)
    case .stop: stub(stopEntry, 3)
    case .resume: stub(resumeEntry, 2)
    case .cancelledOnQueue: stub(cancelledOnQueueEntry, 2)
    case .cancel: stub(cancelEntry, 1)
    case .prepareHardware: stub(prepareHardwareEntry, 3)
    case .releaseHardware: stub(releaseHardwareEntry, 2)
    case .queryStop: stub(queryStopEntry, 1)
    case .queryRemove: stub(queryRemoveEntry, 1)
    case .surpriseRemoval: stub(surpriseRemovalEntry, 1)
    case .d0Entry: stub(d0EntryEntry, 2)
    case .d0EntryPostInterrupts: stub(d0EntryPostInterruptsEntry, 2)
    case .d0Exit: stub(d0ExitEntry, 2)
    case .d0ExitPreInterrupts: stub(d0ExitPreInterruptsEntry, 2)
    case .selfManagedInit: stub(selfManagedInitEntry, 1)
    case .selfManagedSuspend: stub(selfManagedSuspendEntry, 1)
    case .selfManagedRestart: stub(selfManagedRestartEntry, 1)
    case .selfManagedFlush: stub(selfManagedFlushEntry, 1)
    case .selfManagedCleanup: stub(selfManagedCleanupEntry, 1)
    case .armFromS0: stub(armFromS0Entry, 1)
    case .disarmFromS0: stub(disarmFromS0Entry, 1)
    case .wokeFromS0: stub(wokeFromS0Entry, 1)
    case .armFromSx: stub(armFromSxEntry, 1)
    case .disarmFromSx: stub(disarmFromSxEntry, 1)
    case .wokeFromSx: stub(wokeFromSxEntry, 1)
    case .fileCreate: stub(fileCreateEntry, 3)
    case .fileCleanup: stub(fileCleanupEntry, 1)
    case .fileClose: stub(fileCloseEntry, 1)
    case .inCallerContext: stub(inCallerContextEntry, 2)
    case .destroyAttached: stub(AttachedObject.destroy, 1)
    case .timer: stub(timerEntry, 1)
    case .workItem: stub(workItemEntry, 1)
    case .dpc: stub(dpcEntry, 1)
    case .thread: stub(ThreadBox.entry, 1)
    case .threadCleanup: stub(threadCleanupEntry, 1)
    case .targetQueryRemove: stub(targetQueryRemoveEntry, 1)
    case .targetRemoveComplete: stub(targetRemoveCompleteEntry, 1)
    case .targetRemoveCanceled: stub(targetRemoveCanceledEntry, 1)
    case .sent: stub(sentEntry, 4)
    case .targetRequestSent: stub(targetRequestSentEntry, 4)
    case .awaited: stub(awaitedEntry, 4)
    case .cancelTask: stub(cancelTaskEntry, 1)
    case .job: stub(jobEntry, 1)
    case .programDma: stub(programDmaEntry, 5)
    case .flush: stub(flushEntry, 2)
    case .interruptService: stub(interruptServiceEntry, 2)
    case .interruptDeferred: stub(interruptDeferredEntry, 2)
    case .interruptDeferredPassive: stub(interruptDeferredPassiveEntry, 2)
    case .interruptEnable: stub(interruptEnableEntry, 2)
    case .interruptDisable: stub(interruptDisableEntry, 2)
    }
  }

  /// The functions behind the stubs, ended by 0; for the process, never freed.
  nonisolated(unsafe) static let targets: UnsafePointer<UInt64> = {
    let targets = UnsafeMutablePointer<UInt64>.allocate(capacity: allCases.count + 1)
    for (index, entry) in allCases.enumerated() {
      targets[index] = UInt64(UInt(bitPattern: entry.routine.routine))
    }
    targets[allCases.count] = 0
    return UnsafePointer(targets)
  }()
}
