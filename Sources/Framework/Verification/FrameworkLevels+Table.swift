// What the annotations of the framework's own headers say of the level at which each function may be
// called. Functions whose limit depends on an argument are not here: they look themselves.
extension FrameworkLevels {
  /// The highest level, and the functions.
  static let table: [(highest: UInt8, functions: String)] = [
    (
      0,
      """
      WdfChildListCreate WdfCommonBufferCreate WdfCommonBufferCreateWithConfig \
      WdfCompanionTargetSendTaskSynchronously WdfControlDeviceInitAllocate \
      WdfControlDeviceInitSetShutdownNotification WdfDeviceAddQueryInterface \
      WdfDeviceAllocAndQueryProperty WdfDeviceAssignMofResourceName WdfDeviceCreate \
      WdfDeviceCreateDeviceInterface WdfDeviceCreateSymbolicLink WdfDeviceInitAssignName \
      WdfDeviceInitAssignSDDLString WdfDeviceInitRegisterPnpStateChangeCallback \
      WdfDeviceInitRegisterPowerPolicyStateChangeCallback \
      WdfDeviceInitRegisterPowerStateChangeCallback WdfDeviceInitSetIoTypeEx \
      WdfDeviceMiniportCreate WdfDeviceOpenDevicemapKey WdfDeviceOpenRegistryKey \
      WdfDeviceQueryProperty WdfDeviceRetrieveCompanionTarget \
      WdfDeviceRetrieveDeviceInterfaceString WdfDeviceRetrieveDeviceName \
      WdfDeviceSetDeviceInterfaceState WdfDeviceSetDeviceInterfaceStateEx \
      WdfDeviceWdmAssignPowerFrameworkSettings WdfDmaEnablerConfigureSystemProfile \
      WdfDmaEnablerCreate WdfDmaEnablerSetMaximumScatterGatherElements WdfDriverCreate \
      WdfDriverGetRegistryPath WdfDriverIsVersionAvailable \
      WdfDriverOpenParametersRegistryKey WdfDriverOpenPersistentStateRegistryKey \
      WdfDriverRegisterTraceInfo WdfDriverRetrieveVersionString \
      WdfFdoInitAllocAndQueryProperty WdfFdoInitAllocAndQueryPropertyEx \
      WdfFdoInitOpenRegistryKey WdfFdoInitQueryProperty WdfFdoInitQueryPropertyEx \
      WdfFdoInitSetDefaultChildListConfig WdfFdoInitSetEventCallbacks WdfFdoInitSetFilter \
      WdfFdoQueryForInterface WdfFileObjectGetFileName WdfInterruptDisable \
      WdfInterruptEnable WdfInterruptTryToAcquireLock WdfIoQueueAssignForwardProgressPolicy \
      WdfIoQueueDrainSynchronously WdfIoQueuePurgeSynchronously \
      WdfIoQueueStopAndPurgeSynchronously WdfIoQueueStopSynchronously \
      WdfIoTargetAllocAndQueryTargetProperty WdfIoTargetClose WdfIoTargetCloseForQueryRemove \
      WdfIoTargetCreate WdfIoTargetOpen WdfIoTargetQueryForInterface \
      WdfIoTargetQueryTargetProperty WdfIoTargetSendInternalIoctlOthersSynchronously \
      WdfIoTargetSendInternalIoctlSynchronously WdfIoTargetSendIoctlSynchronously \
      WdfIoTargetSendReadSynchronously WdfIoTargetSendWriteSynchronously \
      WdfPdoInitAddCompatibleID WdfPdoInitAddDeviceText WdfPdoInitAddHardwareID \
      WdfPdoInitAllocate WdfPdoInitAllowForwardingRequestToParent \
      WdfPdoInitAssignContainerID WdfPdoInitAssignDeviceID WdfPdoInitAssignInstanceID \
      WdfPdoInitAssignRawDevice WdfPdoInitRemovePowerDependencyOnParent \
      WdfPdoInitSetDefaultLocale WdfPdoInitSetEventCallbacks WdfRegistryAssignMemory \
      WdfRegistryAssignMultiString WdfRegistryAssignString WdfRegistryAssignULong \
      WdfRegistryAssignUnicodeString WdfRegistryAssignValue WdfRegistryClose \
      WdfRegistryCreateKey WdfRegistryOpenKey WdfRegistryQueryMemory \
      WdfRegistryQueryMultiString WdfRegistryQueryString WdfRegistryQueryULong \
      WdfRegistryQueryUnicodeString WdfRegistryQueryValue WdfRegistryRemoveKey \
      WdfRegistryRemoveValue WdfRegistryWdmGetHandle WdfRequestProbeAndLockUserBufferForRead \
      WdfRequestProbeAndLockUserBufferForWrite WdfRequestRetrieveUnsafeUserInputBuffer \
      WdfRequestRetrieveUnsafeUserOutputBuffer WdfStringCreate WdfStringGetUnicodeString \
      WdfUsbInterfaceSelectSetting WdfUsbTargetDeviceAllocAndQueryString \
      WdfUsbTargetDeviceCreate WdfUsbTargetDeviceCreateWithParameters \
      WdfUsbTargetDeviceCyclePortSynchronously WdfUsbTargetDeviceGetDeviceDescriptor \
      WdfUsbTargetDeviceIsConnectedSynchronous WdfUsbTargetDeviceQueryString \
      WdfUsbTargetDeviceQueryUsbCapability WdfUsbTargetDeviceResetPortSynchronously \
      WdfUsbTargetDeviceRetrieveConfigDescriptor WdfUsbTargetDeviceSelectConfig \
      WdfUsbTargetDeviceSendControlTransferSynchronously \
      WdfUsbTargetDeviceSendUrbSynchronously WdfUsbTargetPipeAbortSynchronously \
      WdfUsbTargetPipeReadSynchronously WdfUsbTargetPipeResetSynchronously \
      WdfUsbTargetPipeSendUrbSynchronously WdfUsbTargetPipeWriteSynchronously \
      WdfWmiInstanceDeregister WdfWmiInstanceRegister WdfWorkItemFlush
      """
    ),
    (
      1,
      """
      WdfDeviceAllocAndQueryPropertyEx WdfDeviceAssignProperty WdfDeviceQueryPropertyEx \
      WdfRequestIsFrom32BitProcess WdfWmiInstanceFireEvent
      """
    ),
    (
      2,
      """
      WdfChildListAddOrUpdateChildDescriptionAsPresent WdfChildListBeginIteration \
      WdfChildListBeginScan WdfChildListEndIteration WdfChildListEndScan \
      WdfChildListGetDevice WdfChildListRequestChildEject \
      WdfChildListRetrieveAddressDescription WdfChildListRetrieveNextDevice \
      WdfChildListRetrievePdo WdfChildListUpdateAllChildDescriptionsAsPresent \
      WdfChildListUpdateChildDescriptionAsMissing WdfCmResourceListAppendDescriptor \
      WdfCmResourceListGetCount WdfCmResourceListGetDescriptor \
      WdfCmResourceListInsertDescriptor WdfCmResourceListRemove \
      WdfCmResourceListRemoveByDescriptor WdfCollectionAdd WdfCollectionCreate \
      WdfCollectionGetCount WdfCollectionGetFirstItem WdfCollectionGetItem \
      WdfCollectionGetLastItem WdfCollectionRemove WdfCollectionRemoveItem \
      WdfCommonBufferGetAlignedLogicalAddress WdfCommonBufferGetAlignedVirtualAddress \
      WdfCommonBufferGetLength WdfCompanionTargetWdmGetCompanionProcess \
      WdfControlFinishInitializing WdfDeviceAddDependentUsageDeviceObject \
      WdfDeviceAddRemovalRelationsPhysicalDevice WdfDeviceAssignS0IdleSettings \
      WdfDeviceAssignSxWakeSettings WdfDeviceClearRemovalRelationsDevices \
      WdfDeviceConfigureRequestDispatching WdfDeviceConfigureWdmIrpDispatchCallback \
      WdfDeviceEnqueueRequest WdfDeviceGetAlignmentRequirement WdfDeviceGetCharacteristics \
      WdfDeviceGetDefaultQueue WdfDeviceGetDevicePnpState WdfDeviceGetDevicePowerPolicyState \
      WdfDeviceGetDevicePowerState WdfDeviceGetDeviceState WdfDeviceGetDriver \
      WdfDeviceGetFileObject WdfDeviceGetIoTarget WdfDeviceGetSystemPowerAction \
      WdfDeviceIndicateWakeStatus WdfDeviceInitAssignWdmIrpPreprocessCallback \
      WdfDeviceInitFree WdfDeviceInitSetCharacteristics WdfDeviceInitSetDeviceClass \
      WdfDeviceInitSetDeviceType WdfDeviceInitSetExclusive WdfDeviceInitSetFileObjectConfig \
      WdfDeviceInitSetIoInCallerContextCallback WdfDeviceInitSetIoType \
      WdfDeviceInitSetPnpPowerEventCallbacks WdfDeviceInitSetPowerInrush \
      WdfDeviceInitSetPowerNotPageable WdfDeviceInitSetPowerPageable \
      WdfDeviceInitSetPowerPolicyEventCallbacks WdfDeviceInitSetPowerPolicyOwnership \
      WdfDeviceInitSetReleaseHardwareOrderOnFailure WdfDeviceInitSetRemoveLockOptions \
      WdfDeviceInitSetRequestAttributes WdfDeviceRemoveDependentUsageDeviceObject \
      WdfDeviceRemoveRemovalRelationsPhysicalDevice WdfDeviceResumeIdleActual \
      WdfDeviceResumeIdleNoTrack WdfDeviceSetAlignmentRequirement \
      WdfDeviceSetBusInformationForChildren WdfDeviceSetCharacteristics \
      WdfDeviceSetDeviceState WdfDeviceSetFailed WdfDeviceSetPnpCapabilities \
      WdfDeviceSetPowerCapabilities WdfDeviceSetSpecialFileSupport \
      WdfDeviceSetStaticStopRemove WdfDeviceWdmDispatchIrp WdfDeviceWdmDispatchIrpToIoQueue \
      WdfDeviceWdmDispatchPreprocessedIrp WdfDeviceWdmGetAttachedDevice \
      WdfDeviceWdmGetDeviceObject WdfDeviceWdmGetPhysicalDevice \
      WdfDmaEnablerGetFragmentLength WdfDmaEnablerGetMaximumLength \
      WdfDmaEnablerGetMaximumScatterGatherElements WdfDmaEnablerWdmGetDmaAdapter \
      WdfDmaTransactionAllocateResources WdfDmaTransactionCancel WdfDmaTransactionCreate \
      WdfDmaTransactionDmaCompleted WdfDmaTransactionDmaCompletedFinal \
      WdfDmaTransactionDmaCompletedWithLength WdfDmaTransactionExecute \
      WdfDmaTransactionFreeResources WdfDmaTransactionGetBytesTransferred \
      WdfDmaTransactionGetCurrentDmaTransferLength WdfDmaTransactionGetDevice \
      WdfDmaTransactionGetRequest WdfDmaTransactionGetTransferInfo \
      WdfDmaTransactionInitialize WdfDmaTransactionInitializeUsingOffset \
      WdfDmaTransactionInitializeUsingRequest WdfDmaTransactionRelease \
      WdfDmaTransactionSetChannelConfigurationCallback \
      WdfDmaTransactionSetDeviceAddressOffset WdfDmaTransactionSetImmediateExecution \
      WdfDmaTransactionSetMaximumLength WdfDmaTransactionSetSingleTransferRequirement \
      WdfDmaTransactionSetTransferCompleteCallback WdfDmaTransactionStopSystemTransfer \
      WdfDmaTransactionWdmGetTransferContext WdfDpcCreate WdfDriverWdmGetDriverObject \
      WdfFdoAddStaticChild WdfFdoGetDefaultChildList WdfFdoInitWdmGetPhysicalDevice \
      WdfFdoLockStaticChildListForIteration WdfFdoRetrieveNextStaticChild \
      WdfFdoUnlockStaticChildListFromIteration WdfFileObjectGetDevice WdfFileObjectGetFlags \
      WdfFileObjectGetInitiatorProcessId WdfFileObjectWdmGetFileObject WdfInterruptCreate \
      WdfInterruptGetInfo WdfInterruptReportActive WdfInterruptReportInactive \
      WdfInterruptSetExtendedPolicy WdfInterruptSetPolicy WdfInterruptSynchronize \
      WdfIoQueueCreate WdfIoQueueDrain WdfIoQueueFindRequest WdfIoQueueGetDevice \
      WdfIoQueueGetState WdfIoQueuePurge WdfIoQueueReadyNotify \
      WdfIoQueueRetrieveFoundRequest WdfIoQueueRetrieveNextRequest \
      WdfIoQueueRetrieveRequestByFileObject WdfIoQueueStart WdfIoQueueStop \
      WdfIoQueueStopAndPurge WdfIoResourceListAppendDescriptor WdfIoResourceListCreate \
      WdfIoResourceListGetCount WdfIoResourceListGetDescriptor \
      WdfIoResourceListInsertDescriptor WdfIoResourceListRemove \
      WdfIoResourceListRemoveByDescriptor WdfIoResourceListUpdateDescriptor \
      WdfIoResourceRequirementsListAppendIoResList WdfIoResourceRequirementsListGetCount \
      WdfIoResourceRequirementsListGetIoResList WdfIoResourceRequirementsListInsertIoResList \
      WdfIoResourceRequirementsListRemove WdfIoResourceRequirementsListRemoveByIoResList \
      WdfIoResourceRequirementsListSetInterfaceType \
      WdfIoResourceRequirementsListSetSlotNumber WdfIoTargetFormatRequestForInternalIoctl \
      WdfIoTargetFormatRequestForInternalIoctlOthers WdfIoTargetFormatRequestForIoctl \
      WdfIoTargetFormatRequestForRead WdfIoTargetFormatRequestForWrite WdfIoTargetGetDevice \
      WdfIoTargetGetState WdfIoTargetStart WdfIoTargetWdmGetTargetDeviceObject \
      WdfIoTargetWdmGetTargetFileHandle WdfIoTargetWdmGetTargetFileObject \
      WdfIoTargetWdmGetTargetPhysicalDevice WdfMemoryAssignBuffer WdfMemoryCopyFromBuffer \
      WdfMemoryCopyToBuffer WdfMemoryCreateFromLookaside WdfMemoryCreatePreallocated \
      WdfMemoryGetBuffer WdfObjectAcquireLock WdfObjectAllocateContext WdfObjectCreate \
      WdfObjectDelete WdfObjectDereferenceActual WdfObjectQuery WdfObjectReferenceActual \
      WdfObjectReleaseLock WdfPdoAddEjectionRelationsPhysicalDevice \
      WdfPdoClearEjectionRelationsDevices WdfPdoGetParent WdfPdoMarkMissing \
      WdfPdoRemoveEjectionRelationsPhysicalDevice WdfPdoRequestEject \
      WdfPdoRetrieveAddressDescription WdfPdoRetrieveIdentificationDescription \
      WdfPdoUpdateAddressDescription WdfRequestAllocateTimer WdfRequestCancelSentRequest \
      WdfRequestChangeTarget WdfRequestComplete WdfRequestCompleteWithInformation \
      WdfRequestCompleteWithPriorityBoost WdfRequestCreate WdfRequestCreateFromIrp \
      WdfRequestFormatRequestUsingCurrentType WdfRequestForwardToIoQueue \
      WdfRequestForwardToParentDeviceIoQueue WdfRequestGetCompletionParams \
      WdfRequestGetFileObject WdfRequestGetInformation WdfRequestGetIoQueue \
      WdfRequestGetParameters WdfRequestGetRequestorMode WdfRequestGetRequestorProcessId \
      WdfRequestGetStatus WdfRequestIsCanceled WdfRequestIsReserved WdfRequestMarkCancelable \
      WdfRequestMarkCancelableEx WdfRequestRequeue WdfRequestRetrieveInputBuffer \
      WdfRequestRetrieveInputMemory WdfRequestRetrieveInputWdmMdl \
      WdfRequestRetrieveOutputBuffer WdfRequestRetrieveOutputMemory \
      WdfRequestRetrieveOutputWdmMdl WdfRequestReuse WdfRequestSend \
      WdfRequestSetCompletionRoutine WdfRequestSetInformation WdfRequestStopAcknowledge \
      WdfRequestUnmarkCancelable WdfRequestWdmFormatUsingStackLocation WdfRequestWdmGetIrp \
      WdfSpinLockAcquire WdfSpinLockCreate WdfTimerCreate WdfTimerGetParentObject \
      WdfTimerStart WdfUsbInterfaceGetConfiguredPipe \
      WdfUsbInterfaceGetConfiguredSettingIndex WdfUsbInterfaceGetDescriptor \
      WdfUsbInterfaceGetEndpointInformation WdfUsbInterfaceGetInterfaceNumber \
      WdfUsbInterfaceGetNumConfiguredPipes WdfUsbInterfaceGetNumEndpoints \
      WdfUsbInterfaceGetNumSettings WdfUsbTargetDeviceCreateIsochUrb \
      WdfUsbTargetDeviceCreateUrb WdfUsbTargetDeviceFormatRequestForControlTransfer \
      WdfUsbTargetDeviceFormatRequestForCyclePort WdfUsbTargetDeviceFormatRequestForString \
      WdfUsbTargetDeviceFormatRequestForUrb WdfUsbTargetDeviceGetInterface \
      WdfUsbTargetDeviceGetNumInterfaces WdfUsbTargetDeviceRetrieveCurrentFrameNumber \
      WdfUsbTargetDeviceRetrieveInformation WdfUsbTargetDeviceWdmGetConfigurationHandle \
      WdfUsbTargetPipeConfigContinuousReader WdfUsbTargetPipeFormatRequestForAbort \
      WdfUsbTargetPipeFormatRequestForRead WdfUsbTargetPipeFormatRequestForReset \
      WdfUsbTargetPipeFormatRequestForUrb WdfUsbTargetPipeFormatRequestForWrite \
      WdfUsbTargetPipeGetInformation WdfUsbTargetPipeGetType WdfUsbTargetPipeIsInEndpoint \
      WdfUsbTargetPipeIsOutEndpoint WdfUsbTargetPipeSetNoMaximumPacketSizeCheck \
      WdfUsbTargetPipeWdmGetPipeHandle WdfWaitLockCreate WdfWaitLockRelease \
      WdfWdmDeviceGetWdfDeviceHandle WdfWdmDriverGetWdfDriverHandle WdfWmiInstanceCreate \
      WdfWmiInstanceGetDevice WdfWmiInstanceGetProvider WdfWmiProviderCreate \
      WdfWmiProviderGetDevice WdfWmiProviderGetTracingHandle WdfWmiProviderIsEnabled \
      WdfWorkItemCreate WdfWorkItemEnqueue WdfWorkItemGetParentObject
      """
    ),
  ]
}
