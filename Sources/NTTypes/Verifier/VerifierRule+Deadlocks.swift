// Rules on the order, the owner and the life of locks.
extension VerifierRule {
  static let deadlocks: [VerifierRule] = [
    VerifierRule(
      "ScheduleDeadlock", 0x5233_0005, [], [],
      "In the order of threads that the seed stands for, nobody can go on: each thread waits for another one.",
      remedy:
        "Let whoever is to set an event or release a lock never wait for the thread that waits for it; the "
        + "same seed shows the same order again."),
    VerifierRule(
      "SelfDeadlock", 0xC4, [0x1000], .deadlockDetection,
      "A thread acquired a lock that it has already.",
      remedy:
        "Do not call routines that take a lock while you hold it; split them into an outer and an inner one."
    ),
    VerifierRule(
      "LockOrder", 0xC4, [0x1001], .deadlockDetection,
      "Two locks were acquired in one order here, and in the other order there.",
      remedy:
        "Decide on one order for all locks and keep to it; the two stacks show both acquisitions."),
    VerifierRule(
      "LockNotInitialized", 0xC4, [0x1002], .deadlockDetection,
      "A lock was acquired whose memory was never initialized.",
      remedy: "Initialize each lock before it can be used, and once."),
    VerifierRule(
      "LockReleaseOrder", 0xC4, [0x1003], .deadlockDetection,
      "Releasing a spin lock lowered the level while another spin lock was held.",
      remedy: "Release spin locks in the reverse order, the inner ones with the AtDpcLevel forms."),
    VerifierRule(
      "LockWrongThread", 0xC4, [0x1004], .deadlockDetection,
      "A lock was released by a thread that does not have it.",
      remedy: "Release a lock in the thread that acquired it; signal other threads with events."),
    VerifierRule(
      "LockInitializedAgain", 0xC4, [0x1005], .deadlockDetection,
      "A lock was initialized that somebody has.",
      remedy: "Initialize a lock once, before anybody can use it."),
    VerifierRule(
      "LockNotAcquired", 0xC4, [0x1007], .deadlockDetection,
      "A lock was released that nobody has.",
      remedy: "Release each lock once for each acquisition."),
    VerifierRule(
      "LockMixedForms", 0xC4, [0x1008, 0x1009], .deadlockDetection,
      "A spin lock was used with the routines for queued spin locks and with those for plain ones.",
      remedy: "Use one form for each lock, wherever it is acquired and released."),
    VerifierRule(
      "ThreadEndedWithLock", 0xC4, [0x100A], .deadlockDetection,
      "A thread ended that has a lock.",
      remedy: "Release all locks before the thread ends."),
    VerifierRule(
      "ThreadEndedWithMutex", 0x4000_008A, [], [],
      "A thread ended that owns a mutex (KMUTEX).",
      remedy:
        "Call KeReleaseMutex once for each wait that gave the mutex, in the thread that waited, before it ends."
    ),
    VerifierRule(
      "ThreadEndedWithPushLock", 0x153, [], .deadlockDetection,
      "A thread ended that has a push lock.",
      remedy:
        "Release a push lock in the thread that acquired it, on each way out, before the thread ends."
    ),
    VerifierRule(
      "LockFreedWhileHeld", 0xC4, [0x100B], .deadlockDetection,
      "The memory of a lock was given back while somebody has it.",
      remedy: "Release the lock first, and see to it that nobody waits for it."),
    VerifierRule(
      "PushLockWithAPCs", 0xC4, [0xEA, 0xEB], .ddiCompliance,
      "A push lock was acquired or released with normal kernel APCs on.",
      remedy: "Enter a critical region first (KeEnterCriticalRegion)."),
    VerifierRule(
      "ResourceInitializedTwice", 0xC4, [0xD0], .deadlockDetection,
      "A resource was initialized that is initialized already.",
      remedy: "Delete a resource before you initialize it again."),
    VerifierRule(
      "ResourceNotInitialized", 0xC4, [0xD1], .deadlockDetection,
      "A resource was deleted that is not initialized.",
      remedy: "Delete a resource once, after its initialization."),
  ]
}
