// Transfers by DMA.
#ifndef R3_WDF_API_DMA_TRANSACTION_H
#define R3_WDF_API_DMA_TRANSACTION_H

#include "../dma-transaction.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE NTSTATUS WdfDmaTransactionCreate(WDFDMAENABLER DmaEnabler,
                                             PWDF_OBJECT_ATTRIBUTES Attributes,
                                             WDFDMATRANSACTION *DmaTransaction) {
  return R3_WDF(WdfDmaTransactionCreate, NTSTATUS, WDFDMAENABLER, PWDF_OBJECT_ATTRIBUTES,
                WDFDMATRANSACTION *)
      (WdfDriverGlobals, DmaEnabler, Attributes, DmaTransaction);
}

FORCEINLINE NTSTATUS WdfDmaTransactionInitialize(WDFDMATRANSACTION DmaTransaction,
                                                 PFN_WDF_PROGRAM_DMA EvtProgramDmaFunction,
                                                 WDF_DMA_DIRECTION DmaDirection, PMDL Mdl,
                                                 PVOID VirtualAddress, size_t Length) {
  return R3_WDF(WdfDmaTransactionInitialize, NTSTATUS, WDFDMATRANSACTION, PFN_WDF_PROGRAM_DMA,
                WDF_DMA_DIRECTION, PMDL, PVOID, size_t)
      (WdfDriverGlobals, DmaTransaction, EvtProgramDmaFunction, DmaDirection, Mdl, VirtualAddress,
       Length);
}

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE NTSTATUS WdfDmaTransactionInitializeUsingOffset(
    WDFDMATRANSACTION DmaTransaction, PFN_WDF_PROGRAM_DMA EvtProgramDmaFunction,
    WDF_DMA_DIRECTION DmaDirection, PMDL Mdl, size_t Offset, size_t Length) {
  return R3_WDF(WdfDmaTransactionInitializeUsingOffset, NTSTATUS, WDFDMATRANSACTION,
                PFN_WDF_PROGRAM_DMA, WDF_DMA_DIRECTION, PMDL, size_t, size_t)
      (WdfDriverGlobals, DmaTransaction, EvtProgramDmaFunction, DmaDirection, Mdl, Offset, Length);
}

#endif

FORCEINLINE NTSTATUS WdfDmaTransactionInitializeUsingRequest(
    WDFDMATRANSACTION DmaTransaction, WDFREQUEST Request, PFN_WDF_PROGRAM_DMA EvtProgramDmaFunction,
    WDF_DMA_DIRECTION DmaDirection) {
  return R3_WDF(WdfDmaTransactionInitializeUsingRequest, NTSTATUS, WDFDMATRANSACTION, WDFREQUEST,
                PFN_WDF_PROGRAM_DMA, WDF_DMA_DIRECTION)
      (WdfDriverGlobals, DmaTransaction, Request, EvtProgramDmaFunction, DmaDirection);
}

FORCEINLINE NTSTATUS WdfDmaTransactionExecute(WDFDMATRANSACTION DmaTransaction,
                                              WDFCONTEXT Context) {
  return R3_WDF(WdfDmaTransactionExecute, NTSTATUS, WDFDMATRANSACTION, WDFCONTEXT)
      (WdfDriverGlobals, DmaTransaction, Context);
}

FORCEINLINE NTSTATUS WdfDmaTransactionRelease(WDFDMATRANSACTION DmaTransaction) {
  return R3_WDF(WdfDmaTransactionRelease, NTSTATUS, WDFDMATRANSACTION)
      (WdfDriverGlobals, DmaTransaction);
}

FORCEINLINE BOOLEAN WdfDmaTransactionDmaCompleted(WDFDMATRANSACTION DmaTransaction,
                                                  NTSTATUS *Status) {
  return R3_WDF(WdfDmaTransactionDmaCompleted, BOOLEAN, WDFDMATRANSACTION, NTSTATUS *)
      (WdfDriverGlobals, DmaTransaction, Status);
}

FORCEINLINE BOOLEAN WdfDmaTransactionDmaCompletedWithLength(WDFDMATRANSACTION DmaTransaction,
                                                            size_t TransferredLength,
                                                            NTSTATUS *Status) {
  return R3_WDF(WdfDmaTransactionDmaCompletedWithLength, BOOLEAN, WDFDMATRANSACTION, size_t,
                NTSTATUS *)
      (WdfDriverGlobals, DmaTransaction, TransferredLength, Status);
}

FORCEINLINE BOOLEAN WdfDmaTransactionDmaCompletedFinal(WDFDMATRANSACTION DmaTransaction,
                                                       size_t FinalTransferredLength,
                                                       NTSTATUS *Status) {
  return R3_WDF(WdfDmaTransactionDmaCompletedFinal, BOOLEAN, WDFDMATRANSACTION, size_t, NTSTATUS *)
      (WdfDriverGlobals, DmaTransaction, FinalTransferredLength, Status);
}

FORCEINLINE size_t WdfDmaTransactionGetBytesTransferred(WDFDMATRANSACTION DmaTransaction) {
  return R3_WDF(WdfDmaTransactionGetBytesTransferred, size_t, WDFDMATRANSACTION)
      (WdfDriverGlobals, DmaTransaction);
}

FORCEINLINE void WdfDmaTransactionSetMaximumLength(WDFDMATRANSACTION DmaTransaction,
                                                   size_t MaximumLength) {
  R3_WDF(WdfDmaTransactionSetMaximumLength, void, WDFDMATRANSACTION, size_t)
      (WdfDriverGlobals, DmaTransaction, MaximumLength);
}

#if KMDF_VERSION_MINOR >= 19
FORCEINLINE void WdfDmaTransactionSetSingleTransferRequirement(WDFDMATRANSACTION DmaTransaction,
                                                               BOOLEAN RequireSingleTransfer) {
  R3_WDF(WdfDmaTransactionSetSingleTransferRequirement, void, WDFDMATRANSACTION, BOOLEAN)
      (WdfDriverGlobals, DmaTransaction, RequireSingleTransfer);
}

#endif

FORCEINLINE WDFREQUEST WdfDmaTransactionGetRequest(WDFDMATRANSACTION DmaTransaction) {
  return R3_WDF(WdfDmaTransactionGetRequest, WDFREQUEST, WDFDMATRANSACTION)
      (WdfDriverGlobals, DmaTransaction);
}

FORCEINLINE size_t WdfDmaTransactionGetCurrentDmaTransferLength(WDFDMATRANSACTION DmaTransaction) {
  return R3_WDF(WdfDmaTransactionGetCurrentDmaTransferLength, size_t, WDFDMATRANSACTION)
      (WdfDriverGlobals, DmaTransaction);
}

FORCEINLINE WDFDEVICE WdfDmaTransactionGetDevice(WDFDMATRANSACTION DmaTransaction) {
  return R3_WDF(WdfDmaTransactionGetDevice, WDFDEVICE, WDFDMATRANSACTION)
      (WdfDriverGlobals, DmaTransaction);
}

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE void WdfDmaTransactionGetTransferInfo(WDFDMATRANSACTION DmaTransaction,
                                                  ULONG *MapRegisterCount,
                                                  ULONG *ScatterGatherElementCount) {
  R3_WDF(WdfDmaTransactionGetTransferInfo, void, WDFDMATRANSACTION, ULONG *, ULONG *)
      (WdfDriverGlobals, DmaTransaction, MapRegisterCount, ScatterGatherElementCount);
}

FORCEINLINE void WdfDmaTransactionSetChannelConfigurationCallback(
    WDFDMATRANSACTION DmaTransaction,
    PFN_WDF_DMA_TRANSACTION_CONFIGURE_DMA_CHANNEL ConfigureRoutine, PVOID ConfigureContext) {
  R3_WDF(WdfDmaTransactionSetChannelConfigurationCallback, void, WDFDMATRANSACTION,
         PFN_WDF_DMA_TRANSACTION_CONFIGURE_DMA_CHANNEL, PVOID)
      (WdfDriverGlobals, DmaTransaction, ConfigureRoutine, ConfigureContext);
}

FORCEINLINE void WdfDmaTransactionSetTransferCompleteCallback(
    WDFDMATRANSACTION DmaTransaction,
    PFN_WDF_DMA_TRANSACTION_DMA_TRANSFER_COMPLETE DmaCompletionRoutine,
    PVOID DmaCompletionContext) {
  R3_WDF(WdfDmaTransactionSetTransferCompleteCallback, void, WDFDMATRANSACTION,
         PFN_WDF_DMA_TRANSACTION_DMA_TRANSFER_COMPLETE, PVOID)
      (WdfDriverGlobals, DmaTransaction, DmaCompletionRoutine, DmaCompletionContext);
}

FORCEINLINE void WdfDmaTransactionSetImmediateExecution(WDFDMATRANSACTION DmaTransaction,
                                                        BOOLEAN UseImmediateExecution) {
  R3_WDF(WdfDmaTransactionSetImmediateExecution, void, WDFDMATRANSACTION, BOOLEAN)
      (WdfDriverGlobals, DmaTransaction, UseImmediateExecution);
}

FORCEINLINE NTSTATUS WdfDmaTransactionAllocateResources(WDFDMATRANSACTION DmaTransaction,
                                                        WDF_DMA_DIRECTION DmaDirection,
                                                        ULONG RequiredMapRegisters,
                                                        PFN_WDF_RESERVE_DMA EvtReserveDmaFunction,
                                                        PVOID EvtReserveDmaContext) {
  return R3_WDF(WdfDmaTransactionAllocateResources, NTSTATUS, WDFDMATRANSACTION, WDF_DMA_DIRECTION,
                ULONG, PFN_WDF_RESERVE_DMA, PVOID)
      (WdfDriverGlobals, DmaTransaction, DmaDirection, RequiredMapRegisters, EvtReserveDmaFunction,
       EvtReserveDmaContext);
}

FORCEINLINE void WdfDmaTransactionSetDeviceAddressOffset(WDFDMATRANSACTION DmaTransaction,
                                                         ULONG Offset) {
  R3_WDF(WdfDmaTransactionSetDeviceAddressOffset, void, WDFDMATRANSACTION, ULONG)
      (WdfDriverGlobals, DmaTransaction, Offset);
}

FORCEINLINE void WdfDmaTransactionFreeResources(WDFDMATRANSACTION DmaTransaction) {
  R3_WDF(WdfDmaTransactionFreeResources, void, WDFDMATRANSACTION)(WdfDriverGlobals, DmaTransaction);
}

FORCEINLINE BOOLEAN WdfDmaTransactionCancel(WDFDMATRANSACTION DmaTransaction) {
  return R3_WDF(WdfDmaTransactionCancel, BOOLEAN, WDFDMATRANSACTION)
      (WdfDriverGlobals, DmaTransaction);
}

FORCEINLINE PVOID WdfDmaTransactionWdmGetTransferContext(WDFDMATRANSACTION DmaTransaction) {
  return R3_WDF(WdfDmaTransactionWdmGetTransferContext, PVOID, WDFDMATRANSACTION)
      (WdfDriverGlobals, DmaTransaction);
}

FORCEINLINE void WdfDmaTransactionStopSystemTransfer(WDFDMATRANSACTION DmaTransaction) {
  R3_WDF(WdfDmaTransactionStopSystemTransfer, void, WDFDMATRANSACTION)
      (WdfDriverGlobals, DmaTransaction);
}

#endif

R3_END

#endif
#endif
