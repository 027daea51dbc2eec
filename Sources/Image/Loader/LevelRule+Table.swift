// What the documentation of each routine says of the level at which it may be called.
//
// The levels are those of the DDI reference; a routine whose limit depends on its arguments is not here,
// nor is one that has a check of its own (pool, spin locks, waits, mappings). Where the reference names
// a rule, it is that rule, else the one of the same kind of routine. The string routines that are
// documented for PASSIVE_LEVEL alone are let pass at APC_LEVEL: under a fast mutex they do no harm.
extension LevelRule {
  /// Rule, lowest and highest level, and the routines.
  static let table: [(rule: UInt32, levels: ClosedRange<UInt8>, routines: String)] = [
    // IrqlApcLte
    (
      0x0002_0002, 0...1,
      """
      CmCallbackGetKeyObjectIDEx CmCallbackReleaseKeyObjectIDEx CmGetBoundTransaction \
      CmGetCallbackVersion ObOpenObjectByPointer ObQueryNameString ObRegisterCallbacks \
      ObUnRegisterCallbacks PoRegisterDeviceForIdleDetection PoRegisterSystemState \
      PoUnregisterSystemState PsDereferenceImpersonationToken PsDereferencePrimaryToken \
      PsGetThreadExitStatus PsLookupProcessByProcessId PsLookupThreadByThreadId \
      PsRemoveLoadImageNotifyRoutine RtlAbsoluteToSelfRelativeSD RtlAddAccessAllowedAce \
      RtlAddAccessAllowedAceEx RtlAddAce RtlAnsiStringToUnicodeString RtlAppendStringToString \
      RtlCharToInteger RtlCompareString RtlCompareUnicodeString RtlConvertSidToUnicodeString \
      RtlCopyLuid RtlCopySid RtlCreateAcl RtlCreateSecurityDescriptor RtlCreateUnicodeString \
      RtlDeleteAce RtlDowncaseUnicodeChar RtlDowncaseUnicodeString RtlEqualPrefixSid \
      RtlEqualString RtlEqualUnicodeString RtlFreeAnsiString RtlFreeOemString RtlFreeUTF8String \
      RtlFreeUnicodeString RtlGUIDFromString RtlGetAce RtlGetDaclSecurityDescriptor \
      RtlGetGroupSecurityDescriptor RtlGetOwnerSecurityDescriptor RtlGetSaclSecurityDescriptor \
      RtlGetVersion RtlHashUnicodeString RtlInitializeSid RtlInt64ToUnicodeString \
      RtlIntegerToUnicodeString RtlIsNtDdiVersionAvailable RtlIsServicePackVersionInstalled \
      RtlLengthRequiredSid RtlLengthSecurityDescriptor RtlLengthSid RtlMapGenericMask \
      RtlMultiByteToUnicodeN RtlMultiByteToUnicodeSize RtlOemStringToCountedUnicodeString \
      RtlOemStringToUnicodeString RtlOemToUnicodeN RtlPrefixUnicodeString RtlRandom RtlRandomEx \
      RtlRunOnceBeginInitialize RtlRunOnceComplete RtlRunOnceExecuteOnce RtlRunOnceInitialize \
      RtlSecondsSince1970ToTime RtlSecondsSince1980ToTime RtlSetDaclSecurityDescriptor \
      RtlSetGroupSecurityDescriptor RtlSetOwnerSecurityDescriptor RtlStringFromGUID \
      RtlSubAuthoritySid RtlTimeToSecondsSince1970 RtlTimeToSecondsSince1980 \
      RtlUTF8StringToUnicodeString RtlUTF8ToUnicodeN RtlUnicodeStringToAnsiString \
      RtlUnicodeStringToCountedOemString RtlUnicodeStringToInteger RtlUnicodeStringToOemString \
      RtlUnicodeStringToUTF8String RtlUnicodeToMultiByteN RtlUnicodeToMultiByteSize \
      RtlUnicodeToOemN RtlUnicodeToUTF8N RtlUpcaseUnicodeChar RtlUpcaseUnicodeString \
      RtlUpcaseUnicodeStringToCountedOemString RtlUpcaseUnicodeStringToOemString \
      RtlUpcaseUnicodeToMultiByteN RtlUpcaseUnicodeToOemN RtlUpperChar RtlUpperString \
      RtlValidRelativeSecurityDescriptor RtlValidSecurityDescriptor RtlValidSid \
      RtlVerifyVersionInfo RtlxAnsiStringToUnicodeSize RtlxUnicodeStringToAnsiSize
      """
    ),
    // IrqlDispatch
    (
      0x0002_0003, 0...2,
      """
      IoWriteErrorLogEntry
      """
    ),
    // IrqlDispatch
    (
      0x0002_0003, 2...2,
      """
      IoReleaseCancelSpinLock IoStartNextPacket KeInsertByKeyDeviceQueue KeInsertDeviceQueue \
      KeRemoveByKeyDeviceQueue KeRemoveDeviceQueue
      """
    ),
    // IrqlDispatch
    (
      0x0002_0003, 2...15,
      """
      ExAcquireSpinLockExclusiveAtDpcLevel ExAcquireSpinLockSharedAtDpcLevel \
      ExReleaseSpinLockExclusiveFromDpcLevel ExReleaseSpinLockSharedFromDpcLevel \
      KeTryToAcquireSpinLockAtDpcLevel
      """
    ),
    // IrqlExApcLte1
    (
      0x0002_0005, 0...1,
      """
      ExAllocateFromPagedLookasideList ExEnterCriticalRegionAndAcquireResourceExclusive \
      ExFreeToPagedLookasideList ExInitializeRundownProtection \
      ExInitializeRundownProtectionCacheAware ExReInitializeRundownProtection \
      ExReleaseResourceAndLeaveCriticalRegion ExRundownCompleted \
      ExSizeOfRundownProtectionCacheAware ExWaitForRundownProtectionRelease
      """
    ),
    // IrqlExApcLte2
    (
      0x0002_0006, 0...1,
      """
      CmRegisterCallback CmRegisterCallbackEx CmUnRegisterCallback ExDeletePagedLookasideList \
      ExInitializePagedLookasideList ExRegisterCallback ExSetTimerResolution ExUnregisterCallback \
      ProbeForRead ProbeForWrite
      """
    ),
    // IrqlExApcLte3
    (
      0x0002_0007, 0...1,
      """
      ExAcquireResourceExclusiveLite ExAcquireResourceSharedLite ExAcquireSharedStarveExclusive \
      ExAcquireSharedWaitForExclusive ExConvertExclusiveToSharedLite ExDeleteResourceLite
      """
    ),
    // IrqlExPassive
    (
      0x0002_0008, 0...0,
      """
      ExUuidCreate
      """
    ),
    // IrqlExPassive
    (
      0x0002_0008, 0...1,
      """
      ExCreateCallback
      """
    ),
    // IrqlIoApcLte
    (
      0x0002_0009, 0...1,
      """
      IoBuildAsynchronousFsdRequest IoBuildSynchronousFsdRequest IoDeleteDevice \
      IoForwardIrpSynchronously IoGetDevicePropertyData IoGetInitialStack IoGetRequestorSessionId \
      IoRaiseHardError IoRaiseInformationalHardError IoSetDeviceInterfacePropertyData \
      IoSetDevicePropertyData IoWMISuggestInstanceName
      """
    ),
    // IrqlIoPassive1
    (
      0x0002_000A, 0...0,
      """
      IoAttachDevice IoSetDeviceInterfaceState
      """
    ),
    // IrqlIoPassive1
    (
      0x0002_000A, 0...1,
      """
      IoBuildDeviceIoControlRequest IoCreateDevice
      """
    ),
    // IrqlIoPassive2
    (
      0x0002_000B, 0...0,
      """
      IoCheckShareAccess IoConnectInterrupt
      """
    ),
    // IrqlIoPassive3
    (
      0x0002_000C, 0...0,
      """
      IoCreateSymbolicLink IoDetachDevice IoRegisterDeviceInterface
      """
    ),
    // IrqlIoPassive4
    (
      0x0002_000D, 0...0,
      """
      IoCreateNotificationEvent IoCreateSynchronizationEvent IoCreateUnprotectedSymbolicLink \
      IoDeleteSymbolicLink IoDisconnectInterrupt
      """
    ),
    // IrqlIoPassive5
    (
      0x0002_000E, 0...0,
      """
      IoGetDeviceObjectPointer IoGetDmaAdapter IoGetFileObjectGenericMapping IoInitializeTimer \
      IoRegisterDriverReinitialization IoRegisterShutdownNotification IoRemoveShareAccess \
      IoSetShareAccess IoUnregisterShutdownNotification IoUpdateShareAccess \
      IoWMIAllocateInstanceIds IoWMIRegistrationControl
      """
    ),
    // IrqlKeApcLte1
    (
      0x0002_000F, 0...1,
      """
      KeReleaseGuardedMutex KeTryToAcquireGuardedMutex
      """
    ),
    // IrqlKeApcLte2
    (
      0x0002_0010, 0...1,
      """
      KeAcquireGuardedMutex KeEnterGuardedRegion KeExpandKernelStackAndCallout \
      KeInitializeGuardedMutex KeLeaveGuardedRegion KeStackAttachProcess KeUnstackDetachProcess
      """
    ),
    // IrqlKeDispatchLte
    (
      0x0002_0011, 0...2,
      """
      KeAreAllApcsDisabled KeAreApcsDisabled KeCancelTimer KeClearEvent KeFlushIoBuffers \
      KeInitializeDeviceQueue KeInitializeQueue KeInitializeSemaphore KeInitializeTimer \
      KeInitializeTimerEx KeInsertHeadQueue KeInsertQueue KeInvalidateAllCaches KePulseEvent \
      KeReadStateEvent KeReadStateMutex KeReadStateTimer KeReleaseMutex KeRemoveEntryDeviceQueue \
      KeRemoveQueue KeResetEvent KeRestoreExtendedProcessorState KeRestoreFloatingPointState \
      KeRevertToUserAffinityThreadEx KeRevertToUserGroupAffinityThread KeRundownQueue \
      KeSaveExtendedProcessorState KeSaveFloatingPointState KeSetCoalescableTimer \
      KeSetSystemAffinityThread KeSetSystemAffinityThreadEx KeSetSystemGroupAffinityThread \
      KeSetTimer KeSetTimerEx
      """
    ),
    // IrqlMmApcLte
    (
      0x0002_0019, 0...1,
      """
      MmAllocateMappingAddress MmAllocateNonCachedMemory MmCopyMemory MmFreeMappingAddress \
      MmFreeNonCachedMemory MmLockPagableDataSection MmLockPagableSectionByHandle \
      MmPageEntireDriver MmResetDriverPaging MmUnlockPagableImageSection
      """
    ),
    // IrqlMmDispatch
    (
      0x0002_001A, 0...2,
      """
      MmAdvanceMdl MmAllocateContiguousMemory MmAllocateContiguousMemorySpecifyCache \
      MmAllocateContiguousMemorySpecifyCacheNode MmAllocateContiguousNodeMemory \
      MmBuildMdlForNonPagedPool MmFreeContiguousMemorySpecifyCache MmIsAddressValid \
      MmMapLockedPagesWithReservedMapping MmProtectMdlSystemAddress MmUnmapReservedMapping
      """
    ),
    // IrqlObPassive
    (
      0x0002_001B, 0...0,
      """
      ObCloseHandle ObReferenceObjectByHandle ObReferenceObjectByHandleWithTag
      """
    ),
    // IrqlPsPassive
    (
      0x0002_001C, 0...0,
      """
      PsCreateSystemThread PsGetVersion PsReferenceImpersonationToken PsReferencePrimaryToken \
      PsSetCreateProcessNotifyRoutine PsSetCreateProcessNotifyRoutineEx \
      PsSetCreateProcessNotifyRoutineEx2 PsSetLoadImageNotifyRoutine PsTerminateSystemThread
      """
    ),
    // IrqlRtlPassive
    (
      0x0002_001E, 0...0,
      """
      RtlDeleteRegistryValue
      """
    ),
    // IrqlZwPassive
    (
      0x0002_001F, 0...0,
      """
      NtClose ZwClose ZwCreateKey ZwDeleteKey ZwEnumerateKey ZwEnumerateValueKey ZwFlushKey \
      ZwOpenKey ZwQueryKey ZwQueryValueKey ZwSetValueKey
      """
    ),
    // IrqlIoDispatch
    (
      0x0002_0022, 0...2,
      """
      IoAcquireCancelSpinLock IoAllocateDriverObjectExtension IoAllocateErrorLogEntry \
      IoAllocateIrp IoAllocateIrpEx IoAllocateMdl IoAllocateWorkItem IoAttachDeviceToDeviceStack \
      IoAttachDeviceToDeviceStackSafe IoBuildPartialMdl IoCancelIrp IoCsqInsertIrp \
      IoCsqInsertIrpEx IoCsqRemoveIrp IoCsqRemoveNextIrp IoEnumerateDeviceObjectList IoFreeIrp \
      IoFreeMdl IoFreeWorkItem IoGetAttachedDevice IoGetAttachedDeviceReference \
      IoGetDriverObjectExtension IoGetLowerDeviceObject IoGetRelatedDeviceObject \
      IoGetRequestorProcess IoGetRequestorProcessId IoGetTopLevelIrp IoInitializeIrp \
      IoInvalidateDeviceRelations IoInvalidateDeviceState IoIs32bitProcess IoIsSystemThread \
      IoMakeAssociatedIrp IoQueueWorkItem IoQueueWorkItemEx IoReportInterruptActive \
      IoReportInterruptInactive IoReportTargetDeviceChangeAsynchronous IoRequestDeviceEject \
      IoReuseIrp IoSetCompletionRoutineEx IoSetHardErrorOrVerifyDevice IoSetThreadHardErrorMode \
      IoSetTopLevelIrp IoStartNextPacketByKey IoStartPacket IoStartTimer IoStopTimer \
      IoThreadToProcess IoWMIDeviceObjectToProviderId
      """
    ),
    // IrqlIoRtlZwPassive
    (
      0x0002_0023, 0...0,
      """
      IoConnectInterruptEx IoDisconnectInterruptEx IoGetDeviceInterfaceAlias \
      IoGetDeviceInterfacePropertyData IoGetDeviceInterfaces IoGetDeviceProperty \
      IoOpenDeviceInterfaceRegistryKey IoOpenDeviceRegistryKey \
      IoRegisterBootDriverReinitialization IoRegisterLastChanceShutdownNotification \
      IoRegisterPlugPlayNotification IoReportTargetDeviceChange IoUnregisterPlugPlayNotification \
      IoUnregisterPlugPlayNotificationEx RtlCheckRegistryKey RtlCreateRegistryKey \
      RtlQueryRegistryValues RtlWriteRegistryValue ZwCreateDirectoryObject ZwCreateEvent \
      ZwCreateFile ZwDeleteFile ZwDeleteValueKey ZwDeviceIoControlFile ZwFlushBuffersFile \
      ZwMakeTemporaryObject ZwOpenDirectoryObject ZwOpenEvent ZwOpenFile ZwOpenKeyEx ZwOpenProcess \
      ZwOpenProcessTokenEx ZwOpenSymbolicLinkObject ZwOpenThreadTokenEx ZwQueryInformationFile \
      ZwQueryInformationToken ZwQuerySymbolicLinkObject ZwReadFile ZwSetEvent ZwSetInformationFile \
      ZwWaitForSingleObject ZwWriteFile
      """
    ),
    // KernelRoutineLevel
    (
      0xE5, 0...0,
      """
      EtwRegister EtwSetInformation EtwUnregister KeFlushQueuedDpcs KeQueryPriorityThread \
      KeSetBasePriorityThread KeSetPriorityThread MmGetSystemRoutineAddress \
      PoUnregisterPowerSettingCallback SeAccessCheck SeCaptureSubjectContext SeLockSubjectContext \
      SePrivilegeCheck SeQueryAuthenticationIdToken SeQueryInformationToken \
      SeReleaseSubjectContext SeSinglePrivilegeCheck SeTokenIsAdmin SeTokenIsRestricted \
      SeUnlockSubjectContext WdmlibIoCreateDeviceSecure WmiSystemControl
      """
    ),
    // FastMutexLevel
    (
      0x33, 0...1,
      """
      ExAcquireFastMutex ExTryToAcquireFastMutex
      """
    ),
    // CriticalRegionLevel
    (
      0x11A, 0...1,
      """
      KeEnterCriticalRegion
      """
    ),
    // CriticalRegionLevel
    (
      0x11B, 0...1,
      """
      KeLeaveCriticalRegion
      """
    ),
    // KernelRoutineLevel
    (
      0xE5, 0...2,
      """
      ExAcquireRundownProtection ExAcquireRundownProtectionEx ExAcquireSpinLockExclusive \
      ExAllocateFromLookasideListEx ExAllocateFromNPagedLookasideList ExAllocateTimer \
      ExCancelTimer ExDeleteLookasideListEx ExDeleteNPagedLookasideList ExFlushLookasideListEx \
      ExFreeToLookasideListEx ExFreeToNPagedLookasideList ExGetExclusiveWaiterCount \
      ExGetPreviousMode ExGetSharedWaiterCount ExInitializeLookasideListEx \
      ExInitializeNPagedLookasideList ExInitializeResourceLite ExIsResourceAcquiredExclusiveLite \
      ExIsResourceAcquiredSharedLite ExNotifyCallback ExQueryDepthSList ExQueueWorkItem \
      ExReinitializeResourceLite ExReleaseResourceForThreadLite ExReleaseResourceLite \
      ExReleaseRundownProtection ExReleaseRundownProtectionEx ExSetResourceOwnerPointer \
      ExSetResourceOwnerPointerEx ExSetTimer ObDereferenceObject ObDereferenceObjectDeferDelete \
      ObDereferenceObjectDeferDeleteWithTag ObReferenceObject ObReferenceObjectByPointer \
      ObReferenceObjectByPointerWithTag ObReferenceObjectSafe ObfReferenceObject PoGetSystemWake \
      PoRequestPowerIrp PoSetSystemState PoSetSystemWake PoStartNextPowerIrp PsGetThreadId \
      PsIsSystemThread PsIsThreadTerminating RtlInitUTF8StringEx RtlInitializeGenericTable \
      RtlInitializeGenericTableAvl WmiCompleteRequest WmiFireEvent
      """
    ),
    // IrqlKeSetEvent
    (
      0x80, 0...2,
      """
      KeSetEvent
      """
    ),
    // FastMutexReleaseLevel
    (
      0x34, 1...1,
      """
      ExReleaseFastMutex
      """
    ),
  ]
}
