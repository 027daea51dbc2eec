// Rules on levels, locks, waits and what is left at unload.
extension VerifierRule {
  static let levels: [VerifierRule] = [
    VerifierRule(
      "PageableAtRaisedLevel", 0xD1, [], .forceIRQLChecking,
      "The driver touched memory that is not there at this level: pageable, or no memory at all.",
      remedy:
        "Keep what is touched at DISPATCH_LEVEL in nonpaged pool and in sections that are not pageable."
    ),
    VerifierRule(
      "PageableCodeAtRaisedLevel", 0xD1, [], .forceIRQLChecking,
      "Code of a pageable section was run at DISPATCH_LEVEL or above.",
      remedy:
        "Keep what may run at DISPATCH_LEVEL out of sections named PAGE, or lock the section with MmLockPagableCodeSection."
    ),
    VerifierRule(
      "PageableDataAtRaisedLevel", 0xD1, [], .forceIRQLChecking,
      "Data of a pageable section was touched at DISPATCH_LEVEL or above.",
      remedy:
        "Keep what is touched under spin locks in sections that are not pageable, or lock the section with MmLockPagableDataSection."
    ),
    VerifierRule(
      "WaitAtRaisedLevel", 0xC4, [0x3B, 0x120, 0x121, 0x122], .ddiCompliance,
      "A thread was to wait at a level at which none may.",
      remedy: "Wait at APC_LEVEL or below; at DISPATCH_LEVEL only look, with a timeout of zero."),
    VerifierRule(
      "WaitUserModeOnStack", 0xC4, [0x123], .miscellaneous,
      "A thread was to wait in UserMode for an object on its own kernel stack.",
      remedy: "Wait in KernelMode, which keeps the stack in memory, or put the object into pool."),
    VerifierRule(
      "CriticalRegions", 0xC4, [0x3E, 0x0004_0003], .ddiCompliance,
      "A critical region was left that was not entered.",
      remedy: "Pair KeEnterCriticalRegion and KeLeaveCriticalRegion on each way through."),
    VerifierRule(
      "GuardedRegions", 0xC4, [0x0004_000E], .ddiCompliance,
      "A guarded region was left that was not entered.",
      remedy: "Pair KeEnterGuardedRegion and KeLeaveGuardedRegion on each way through."),
    VerifierRule(
      "RunNotEnded", 0x5233_0009, [], [],
      "A run did not end: a thread waits or runs in the driver, or the driver keeps a request.",
      remedy:
        "Look for a loop without an end, a wait for something that nobody does, and a request that is "
        + "neither completed nor cancelled."),
  ]

  static let locks: [VerifierRule] = [
    VerifierRule(
      "SpinLockLevel", 0xC4, [0x32, 0x35, 0x36, 0x40, 0x41, 0x42], .ddiCompliance,
      "A spin lock was acquired or released at a level that this routine does not allow.",
      remedy:
        "Use KeAcquireSpinLock at DISPATCH_LEVEL or below, the AtDpcLevel forms at DISPATCH_LEVEL only."
    ),
    VerifierRule(
      "UnsafeFastMutex", 0xC4, [0x39, 0x3A], .ddiCompliance,
      "A fast mutex was used by the unsafe routines with normal kernel APCs on.",
      remedy: "Use ExAcquireFastMutex, or enter a critical region first."),
    VerifierRule(
      "ResourceWithAPCs", 0xC4, [0x37, 0x38], .ddiCompliance,
      "A resource was acquired or released with normal kernel APCs on.",
      remedy: "Enter a critical region first (KeEnterCriticalRegion)."),
    VerifierRule(
      "SpinLock", 0xC4, [0x0004_0009, 0x0004_000A], .ddiCompliance,
      "A dispatch routine returned with a spin lock that it had acquired.",
      remedy: "Release each spin lock on each way out."),
    VerifierRule(
      "RemoveLockTag", 0xC4, [0xD5, 0xD6, 0xD7], .deadlockDetection,
      "A remove lock was released with a tag that it was not acquired with, or initialized again.",
      remedy: "Release with the tag of the acquisition; initialize once."),
    VerifierRule(
      "CancelLockHeld", 0x11B, [], [],
      "A driver returned with the cancel spin lock held.",
      remedy: "Release the cancel spin lock in the cancel routine, first of all."),
  ]

  static let unloading: [VerifierRule] = [
    VerifierRule(
      "PoolLeft", 0xC4, [0x60, 0x62], .poolTracking,
      "The driver was unloaded without releasing its pool.",
      remedy: "Release at unload, or as the object goes, what was allocated; the list says where."),
    VerifierRule(
      "TimerLeft", 0xC7, [0, 2], [],
      "A timer was left active in memory that goes, or was used after its end.",
      remedy: "Cancel timers and flush DPCs before the driver goes."),
    VerifierRule(
      "DpcLeft", 0xC7, [], .poolTracking,
      "The driver was unloaded while a DPC of it was queued or running.",
      remedy:
        "Call KeRemoveQueueDpc or KeFlushQueuedDpcs at unload, after what queues the DPC has ended; a DPC routine must come to its end."
    ),
    VerifierRule(
      "UnloadedWithOperations", 0xCE, [], .poolTracking,
      "Code of an unloaded driver was called.",
      remedy:
        "End threads, work items, timers and DPCs, and wait for them, before the unload routine returns."
    ),
    VerifierRule(
      "ThreadLeft", 0xCE, [], .poolTracking,
      "The driver was unloaded while a thread of it was alive.",
      remedy:
        "Tell each thread of PsCreateSystemThread to end, and wait for the thread object itself before the unload routine returns."
    ),
    VerifierRule(
      "ContiguousMemoryLeft", 0x5233_0011, [1], .poolTracking,
      "The driver was unloaded without releasing its contiguous or noncached memory.",
      remedy:
        "Release it with MmFreeContiguousMemory, or MmFreeNonCachedMemory, at unload or as the device goes."
    ),
    VerifierRule(
      "IoSpaceLeft", 0x5233_0011, [3], .poolTracking,
      "The driver was unloaded without ending its mapping of physical addresses.",
      remedy:
        "Call MmUnmapIoSpace with address and size of the mapping at unload, or as the device loses its resources."
    ),
    VerifierRule(
      "AllocatedTimerLeft", 0x5233_0011, [4], .poolTracking,
      "The driver was unloaded without deleting a timer of ExAllocateTimer.",
      remedy: "Call ExDeleteTimer, with Cancel and Wait, for each timer before the driver goes."),
  ]
}
