// The documentation of each code is its Windows name; `meaning` says what it is about.
extension BugCheckCode {
  /// `IRQL_NOT_LESS_OR_EQUAL`.
  public static let irqlNotLessOrEqual = BugCheckCode(0x0A)
  /// `SPIN_LOCK_ALREADY_OWNED`.
  public static let spinLockAlreadyOwned = BugCheckCode(0x0F)
  /// `SPIN_LOCK_NOT_OWNED`.
  public static let spinLockNotOwned = BugCheckCode(0x10)
  /// `REFERENCE_BY_POINTER`.
  public static let referenceByPointer = BugCheckCode(0x18)
  /// `BAD_POOL_HEADER`.
  public static let badPoolHeader = BugCheckCode(0x19)
  /// `MEMORY_MANAGEMENT`.
  public static let memoryManagement = BugCheckCode(0x1A)
  /// `KMODE_EXCEPTION_NOT_HANDLED`.
  public static let kmodeExceptionNotHandled = BugCheckCode(0x1E)
  /// `KERNEL_APC_PENDING_DURING_EXIT`.
  public static let kernelAPCPendingDuringExit = BugCheckCode(0x20)
  /// `QUOTA_UNDERFLOW`.
  public static let quotaUnderflow = BugCheckCode(0x21)
  /// `INCONSISTENT_IRP`.
  public static let inconsistentIrp = BugCheckCode(0x2A)
  /// `PANIC_STACK_SWITCH`.
  public static let panicStackSwitch = BugCheckCode(0x2B)
  /// `NO_MORE_IRP_STACK_LOCATIONS`.
  public static let noMoreIrpStackLocations = BugCheckCode(0x35)
  /// `DEVICE_REFERENCE_COUNT_NOT_ZERO`.
  public static let deviceReferenceCountNotZero = BugCheckCode(0x36)
  /// `SYSTEM_SERVICE_EXCEPTION`.
  public static let systemServiceException = BugCheckCode(0x3B)
  /// `INTERRUPT_EXCEPTION_NOT_HANDLED`.
  public static let interruptExceptionNotHandled = BugCheckCode(0x3D)
  /// `MUST_SUCCEED_POOL_EMPTY`.
  public static let mustSucceedPoolEmpty = BugCheckCode(0x41)
  /// `MULTIPLE_IRP_COMPLETE_REQUESTS`.
  public static let multipleIrpCompleteRequests = BugCheckCode(0x44)
  /// `CANCEL_STATE_IN_COMPLETED_IRP`.
  public static let cancelStateInCompletedIrp = BugCheckCode(0x48)
  /// `IRQL_GT_ZERO_AT_SYSTEM_SERVICE`.
  public static let irqlAboveZeroAtSystemService = BugCheckCode(0x4A)
  /// `NO_PAGES_AVAILABLE`.
  public static let noPagesAvailable = BugCheckCode(0x4D)
  /// `PFN_LIST_CORRUPT`.
  public static let pfnListCorrupt = BugCheckCode(0x4E)
  /// `PAGE_FAULT_IN_NONPAGED_AREA`.
  public static let pageFaultInNonpagedArea = BugCheckCode(0x50)
  /// `PROCESS_HAS_LOCKED_PAGES`.
  public static let processHasLockedPages = BugCheckCode(0x76)
  /// `SYSTEM_THREAD_EXCEPTION_NOT_HANDLED`.
  public static let systemThreadExceptionNotHandled = BugCheckCode(0x7E)
  /// `UNEXPECTED_KERNEL_MODE_TRAP`.
  public static let unexpectedKernelModeTrap = BugCheckCode(0x7F)
  /// `KERNEL_MODE_EXCEPTION_NOT_HANDLED`.
  public static let kernelModeExceptionNotHandled = BugCheckCode(0x8E)
  /// `INVALID_KERNEL_HANDLE`.
  public static let invalidKernelHandle = BugCheckCode(0x93)
  /// `DRIVER_POWER_STATE_FAILURE`.
  public static let driverPowerStateFailure = BugCheckCode(0x9F)
  /// `INTERNAL_POWER_ERROR`.
  public static let internalPowerError = BugCheckCode(0xA0)
  /// `ATTEMPTED_SWITCH_FROM_DPC`.
  public static let attemptedSwitchFromDPC = BugCheckCode(0xB8)
  /// `ATTEMPTED_WRITE_TO_READONLY_MEMORY`.
  public static let attemptedWriteToReadOnlyMemory = BugCheckCode(0xBE)
  /// `MUTEX_ALREADY_OWNED`.
  public static let mutexAlreadyOwned = BugCheckCode(0xBF)
  /// `SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION`.
  public static let specialPoolCorruption = BugCheckCode(0xC1)
  /// `BAD_POOL_CALLER`.
  public static let badPoolCaller = BugCheckCode(0xC2)
  /// `DRIVER_VERIFIER_DETECTED_VIOLATION`.
  public static let verifierDetectedViolation = BugCheckCode(0xC4)
  /// `DRIVER_CORRUPTED_EXPOOL`.
  public static let driverCorruptedPool = BugCheckCode(0xC5)
  /// `DRIVER_CAUGHT_MODIFYING_FREED_POOL`.
  public static let driverModifiedFreedPool = BugCheckCode(0xC6)
  /// `TIMER_OR_DPC_INVALID`.
  public static let timerOrDPCInvalid = BugCheckCode(0xC7)
  /// `IRQL_UNEXPECTED_VALUE`.
  public static let irqlUnexpectedValue = BugCheckCode(0xC8)
  /// `DRIVER_VERIFIER_IOMANAGER_VIOLATION`.
  public static let verifierIOManagerViolation = BugCheckCode(0xC9)
  /// `PNP_DETECTED_FATAL_ERROR`.
  public static let pnpDetectedFatalError = BugCheckCode(0xCA)
  /// `DRIVER_LEFT_LOCKED_PAGES_IN_PROCESS`.
  public static let driverLeftLockedPages = BugCheckCode(0xCB)
  /// `PAGE_FAULT_IN_FREED_SPECIAL_POOL`.
  public static let pageFaultInFreedSpecialPool = BugCheckCode(0xCC)
  /// `PAGE_FAULT_BEYOND_END_OF_ALLOCATION`.
  public static let pageFaultBeyondEndOfAllocation = BugCheckCode(0xCD)
  /// `DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS`.
  public static let driverUnloadedWithPendingOperations = BugCheckCode(0xCE)
  /// `DRIVER_CORRUPTED_MMPOOL`.
  public static let driverCorruptedSystemPool = BugCheckCode(0xD0)
  /// `DRIVER_IRQL_NOT_LESS_OR_EQUAL`.
  public static let driverIrqlNotLessOrEqual = BugCheckCode(0xD1)
  /// `DRIVER_PAGE_FAULT_IN_FREED_SPECIAL_POOL`.
  public static let driverPageFaultInFreedSpecialPool = BugCheckCode(0xD5)
  /// `DRIVER_PAGE_FAULT_BEYOND_END_OF_ALLOCATION`.
  public static let driverPageFaultBeyondEndOfAllocation = BugCheckCode(0xD6)
  /// `LOCKED_PAGES_TRACKER_CORRUPTION`.
  public static let lockedPagesTrackerCorruption = BugCheckCode(0xD9)
  /// `SYSTEM_PTE_MISUSE`.
  public static let systemPTEMisuse = BugCheckCode(0xDA)
  /// `WORKER_THREAD_RETURNED_AT_BAD_IRQL`.
  public static let workerReturnedAtBadIrql = BugCheckCode(0xE1)
  /// `MANUALLY_INITIATED_CRASH`.
  public static let manuallyInitiatedCrash = BugCheckCode(0xE2)
  /// `RESOURCE_NOT_OWNED`.
  public static let resourceNotOwned = BugCheckCode(0xE3)
  /// `WORKER_INVALID`.
  public static let workerInvalid = BugCheckCode(0xE4)
  /// `DRIVER_VERIFIER_DMA_VIOLATION`.
  public static let verifierDMAViolation = BugCheckCode(0xE6)
  /// `CRITICAL_PROCESS_DIED`.
  public static let criticalProcessDied = BugCheckCode(0xEF)
  /// `DRIVER_OVERRAN_STACK_BUFFER`.
  public static let driverOverranStackBuffer = BugCheckCode(0xF7)
  /// `ATTEMPTED_EXECUTE_OF_NOEXECUTE_MEMORY`.
  public static let attemptedExecuteOfNonexecutableMemory = BugCheckCode(0xFC)
  /// `WDF_VIOLATION`.
  public static let wdfViolation = BugCheckCode(0x10D)
  /// `DRIVER_RETURNED_HOLDING_CANCEL_LOCK`.
  public static let driverReturnedHoldingCancelLock = BugCheckCode(0x11B)
  /// `DPC_WATCHDOG_VIOLATION`.
  public static let dpcWatchdogViolation = BugCheckCode(0x133)
  /// `KERNEL_SECURITY_CHECK_FAILURE`.
  public static let kernelSecurityCheckFailure = BugCheckCode(0x139)
  /// `KERNEL_MODE_HEAP_CORRUPTION`.
  public static let kernelModeHeapCorruption = BugCheckCode(0x13A)
  /// `KERNEL_AUTO_BOOST_INVALID_LOCK_RELEASE`.
  public static let autoBoostInvalidLockRelease = BugCheckCode(0x162)
  /// `KERNEL_AUTO_BOOST_LOCK_ACQUISITION_WITH_RAISED_IRQL`.
  public static let autoBoostLockAcquisitionAtRaisedIrql = BugCheckCode(0x192)
  /// `KASAN_ILLEGAL_ACCESS`.
  public static let kasanIllegalAccess = BugCheckCode(0x1F2)
  /// `THREAD_TERMINATE_HELD_MUTEX`.
  public static let threadTerminateHeldMutex = BugCheckCode(0x4000_008A)
  /// `RING3_UNIMPLEMENTED_FUNCTION`.
  public static let ring3UnimplementedFunction = BugCheckCode(0x5233_0001)
  /// `RING3_LOST_REQUEST`.
  public static let ring3LostRequest = BugCheckCode(0x5233_0002)
  /// `RING3_RUN_NOT_ENDED`.
  public static let ring3RunNotEnded = BugCheckCode(0x5233_0009)
  /// `RING3_SPECIAL_POOL_EXHAUSTED`.
  public static let ring3SpecialPoolExhausted = BugCheckCode(0x5233_0010)
  /// `RING3_LEFT_AT_UNLOAD`.
  public static let ring3LeftAtUnload = BugCheckCode(0x5233_0011)
}
