import CRing3
import Glibc
import Machine

/// The routines of this module that the framework calls as it calls a driver's.
///
/// Each lies behind a stub in the Microsoft convention; one page for the whole process, never freed.
enum DriverEntries: Int, CaseIterable {
  case destroy, deviceAdd, unload
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
  case timer, workItem, dpc, threadCleanup
  // DMA, interrupts, flushes
  case programDma, flush
  case interruptService, interruptDeferred, interruptDeferredPassive
  case interruptEnable, interruptDisable

  /// The address of the routine, for the structures of the driver kit.
  var address: UnsafeMutableRawPointer { Self.page + rawValue * Int(R3_STUB_SIZE) }

  private var routine: (UnsafeRawPointer, argumentCount: UInt32) {
    switch self {
    case .destroy: (unsafeBitCast(Attachment.destroy, to: UnsafeRawPointer.self), 1)
    case .deviceAdd: (unsafeBitCast(deviceAddEntry, to: UnsafeRawPointer.self), 2)
    case .unload: (unsafeBitCast(unloadEntry, to: UnsafeRawPointer.self), 1)
    case .read: (unsafeBitCast(readEntry, to: UnsafeRawPointer.self), 3)
    case .write: (unsafeBitCast(writeEntry, to: UnsafeRawPointer.self), 3)
    case .control: (unsafeBitCast(controlEntry, to: UnsafeRawPointer.self), 5)
    case .internalControl: (unsafeBitCast(internalControlEntry, to: UnsafeRawPointer.self), 5)
    case .other: (unsafeBitCast(otherEntry, to: UnsafeRawPointer.self), 2)
    case .stop: (unsafeBitCast(stopEntry, to: UnsafeRawPointer.self), 3)
    case .resume: (unsafeBitCast(resumeEntry, to: UnsafeRawPointer.self), 2)
    case .cancelledOnQueue: (unsafeBitCast(cancelledOnQueueEntry, to: UnsafeRawPointer.self), 2)
    case .cancel: (unsafeBitCast(cancelEntry, to: UnsafeRawPointer.self), 1)
    case .prepareHardware: (unsafeBitCast(prepareHardwareEntry, to: UnsafeRawPointer.self), 3)
    case .releaseHardware: (unsafeBitCast(releaseHardwareEntry, to: UnsafeRawPointer.self), 2)
    case .queryStop: (unsafeBitCast(queryStopEntry, to: UnsafeRawPointer.self), 1)
    case .queryRemove: (unsafeBitCast(queryRemoveEntry, to: UnsafeRawPointer.self), 1)
    case .surpriseRemoval: (unsafeBitCast(surpriseRemovalEntry, to: UnsafeRawPointer.self), 1)
    case .d0Entry: (unsafeBitCast(d0EntryEntry, to: UnsafeRawPointer.self), 2)
    case .d0EntryPostInterrupts:
      (unsafeBitCast(d0EntryPostInterruptsEntry, to: UnsafeRawPointer.self), 2)
    case .d0Exit: (unsafeBitCast(d0ExitEntry, to: UnsafeRawPointer.self), 2)
    case .d0ExitPreInterrupts:
      (unsafeBitCast(d0ExitPreInterruptsEntry, to: UnsafeRawPointer.self), 2)
    case .selfManagedInit: (unsafeBitCast(selfManagedInitEntry, to: UnsafeRawPointer.self), 1)
    case .selfManagedSuspend: (unsafeBitCast(selfManagedSuspendEntry, to: UnsafeRawPointer.self), 1)
    case .selfManagedRestart: (unsafeBitCast(selfManagedRestartEntry, to: UnsafeRawPointer.self), 1)
    case .selfManagedFlush: (unsafeBitCast(selfManagedFlushEntry, to: UnsafeRawPointer.self), 1)
    case .selfManagedCleanup: (unsafeBitCast(selfManagedCleanupEntry, to: UnsafeRawPointer.self), 1)
    case .armFromS0: (unsafeBitCast(armFromS0Entry, to: UnsafeRawPointer.self), 1)
    case .disarmFromS0: (unsafeBitCast(disarmFromS0Entry, to: UnsafeRawPointer.self), 1)
    case .wokeFromS0: (unsafeBitCast(wokeFromS0Entry, to: UnsafeRawPointer.self), 1)
    case .armFromSx: (unsafeBitCast(armFromSxEntry, to: UnsafeRawPointer.self), 1)
    case .disarmFromSx: (unsafeBitCast(disarmFromSxEntry, to: UnsafeRawPointer.self), 1)
    case .wokeFromSx: (unsafeBitCast(wokeFromSxEntry, to: UnsafeRawPointer.self), 1)
    case .fileCreate: (unsafeBitCast(fileCreateEntry, to: UnsafeRawPointer.self), 3)
    case .fileCleanup: (unsafeBitCast(fileCleanupEntry, to: UnsafeRawPointer.self), 1)
    case .fileClose: (unsafeBitCast(fileCloseEntry, to: UnsafeRawPointer.self), 1)
    case .inCallerContext: (unsafeBitCast(inCallerContextEntry, to: UnsafeRawPointer.self), 2)
    case .destroyAttached: (unsafeBitCast(AttachedObject.destroy, to: UnsafeRawPointer.self), 1)
    case .timer: (unsafeBitCast(timerEntry, to: UnsafeRawPointer.self), 1)
    case .workItem: (unsafeBitCast(workItemEntry, to: UnsafeRawPointer.self), 1)
    case .dpc: (unsafeBitCast(dpcEntry, to: UnsafeRawPointer.self), 1)
    case .threadCleanup: (unsafeBitCast(threadCleanupEntry, to: UnsafeRawPointer.self), 1)
    case .programDma: (unsafeBitCast(programDmaEntry, to: UnsafeRawPointer.self), 5)
    case .flush: (unsafeBitCast(flushEntry, to: UnsafeRawPointer.self), 2)
    case .interruptService: (unsafeBitCast(interruptServiceEntry, to: UnsafeRawPointer.self), 2)
    case .interruptDeferred: (unsafeBitCast(interruptDeferredEntry, to: UnsafeRawPointer.self), 2)
    case .interruptDeferredPassive:
      (unsafeBitCast(interruptDeferredPassiveEntry, to: UnsafeRawPointer.self), 2)
    case .interruptEnable: (unsafeBitCast(interruptEnableEntry, to: UnsafeRawPointer.self), 2)
    case .interruptDisable: (unsafeBitCast(interruptDisableEntry, to: UnsafeRawPointer.self), 2)
    }
  }

  private nonisolated(unsafe) static let page: UnsafeMutableRawPointer = {
    guard let page = Host.map(pageSize) else { fatalError("The host gave no page for stubs.") }
    for entry in allCases {
      let (routine, count) = entry.routine
      let place = page + entry.rawValue * Int(R3_STUB_SIZE)
      r3_make_stub(place.assumingMemoryBound(to: UInt8.self), routine, count, 0)
    }
    mprotect(page, pageSize, PROT_READ | PROT_EXEC)
    return page
  }()
}
