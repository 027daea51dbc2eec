// Requests.
#ifndef R3_WDF_API_REQUEST_H
#define R3_WDF_API_REQUEST_H

#include "../request.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_REQUEST_PARAMETERS_INIT(PWDF_REQUEST_PARAMETERS Parameters) {
  R3_WDF_INIT(WDF_REQUEST_PARAMETERS, Parameters);
}

FORCEINLINE void WDF_REQUEST_COMPLETION_PARAMS_INIT(PWDF_REQUEST_COMPLETION_PARAMS Params) {
  R3_WDF_INIT(WDF_REQUEST_COMPLETION_PARAMS, Params);
  Params->Type = WdfRequestTypeNoFormat;
}

FORCEINLINE void WDF_REQUEST_REUSE_PARAMS_INIT(PWDF_REQUEST_REUSE_PARAMS Params, ULONG Flags,
                                               NTSTATUS Status) {
  R3_WDF_INIT(WDF_REQUEST_REUSE_PARAMS, Params);
  Params->Flags = Flags;
  Params->Status = Status;
}

FORCEINLINE void WDF_REQUEST_REUSE_PARAMS_SET_NEW_IRP(PWDF_REQUEST_REUSE_PARAMS Params,
                                                      PIRP NewIrp) {
  Params->Flags |= WDF_REQUEST_REUSE_SET_NEW_IRP;
  Params->NewIrp = NewIrp;
}

FORCEINLINE void WDF_REQUEST_SEND_OPTIONS_INIT(PWDF_REQUEST_SEND_OPTIONS Options, ULONG Flags) {
  R3_WDF_INIT(WDF_REQUEST_SEND_OPTIONS, Options);
  Options->Flags = Flags;
}

FORCEINLINE void WDF_REQUEST_SEND_OPTIONS_SET_TIMEOUT(PWDF_REQUEST_SEND_OPTIONS Options,
                                                      LONGLONG Timeout) {
  Options->Flags |= WDF_REQUEST_SEND_OPTION_TIMEOUT;
  Options->Timeout = Timeout;
}

FORCEINLINE void WDF_REQUEST_FORWARD_OPTIONS_INIT(PWDF_REQUEST_FORWARD_OPTIONS ForwardOptions) {
  R3_WDF_INIT(WDF_REQUEST_FORWARD_OPTIONS, ForwardOptions);
  ForwardOptions->Flags |= WDF_REQUEST_FORWARD_OPTION_SEND_AND_FORGET;
}

FORCEINLINE NTSTATUS WdfRequestCreate(PWDF_OBJECT_ATTRIBUTES RequestAttributes,
                                      WDFIOTARGET IoTarget, WDFREQUEST *Request) {
  return R3_WDF(WdfRequestCreate, NTSTATUS, PWDF_OBJECT_ATTRIBUTES, WDFIOTARGET, WDFREQUEST *)
      (WdfDriverGlobals, RequestAttributes, IoTarget, Request);
}

#if KMDF_VERSION_MINOR >= 21
FORCEINLINE ULONG WdfRequestGetRequestorProcessId(WDFREQUEST Request) {
  return R3_WDF(WdfRequestGetRequestorProcessId, ULONG, WDFREQUEST)(WdfDriverGlobals, Request);
}

#endif

FORCEINLINE NTSTATUS WdfRequestCreateFromIrp(PWDF_OBJECT_ATTRIBUTES RequestAttributes, PIRP Irp,
                                             BOOLEAN RequestFreesIrp, WDFREQUEST *Request) {
  return R3_WDF(WdfRequestCreateFromIrp, NTSTATUS, PWDF_OBJECT_ATTRIBUTES, PIRP, BOOLEAN,
                WDFREQUEST *)
      (WdfDriverGlobals, RequestAttributes, Irp, RequestFreesIrp, Request);
}

FORCEINLINE NTSTATUS WdfRequestReuse(WDFREQUEST Request, PWDF_REQUEST_REUSE_PARAMS ReuseParams) {
  return R3_WDF(WdfRequestReuse, NTSTATUS, WDFREQUEST, PWDF_REQUEST_REUSE_PARAMS)
      (WdfDriverGlobals, Request, ReuseParams);
}

FORCEINLINE NTSTATUS WdfRequestChangeTarget(WDFREQUEST Request, WDFIOTARGET IoTarget) {
  return R3_WDF(WdfRequestChangeTarget, NTSTATUS, WDFREQUEST, WDFIOTARGET)
      (WdfDriverGlobals, Request, IoTarget);
}

FORCEINLINE void WdfRequestFormatRequestUsingCurrentType(WDFREQUEST Request) {
  R3_WDF(WdfRequestFormatRequestUsingCurrentType, void, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE void WdfRequestWdmFormatUsingStackLocation(WDFREQUEST Request,
                                                       PIO_STACK_LOCATION Stack) {
  R3_WDF(WdfRequestWdmFormatUsingStackLocation, void, WDFREQUEST, PIO_STACK_LOCATION)
      (WdfDriverGlobals, Request, Stack);
}

FORCEINLINE BOOLEAN WdfRequestSend(WDFREQUEST Request, WDFIOTARGET Target,
                                   PWDF_REQUEST_SEND_OPTIONS Options) {
  return R3_WDF(WdfRequestSend, BOOLEAN, WDFREQUEST, WDFIOTARGET, PWDF_REQUEST_SEND_OPTIONS)
      (WdfDriverGlobals, Request, Target, Options);
}

FORCEINLINE NTSTATUS WdfRequestGetStatus(WDFREQUEST Request) {
  return R3_WDF(WdfRequestGetStatus, NTSTATUS, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE void WdfRequestMarkCancelable(WDFREQUEST Request,
                                          PFN_WDF_REQUEST_CANCEL EvtRequestCancel) {
  R3_WDF(WdfRequestMarkCancelable, void, WDFREQUEST, PFN_WDF_REQUEST_CANCEL)
      (WdfDriverGlobals, Request, EvtRequestCancel);
}

#if KMDF_VERSION_MINOR >= 9
FORCEINLINE NTSTATUS WdfRequestMarkCancelableEx(WDFREQUEST Request,
                                                PFN_WDF_REQUEST_CANCEL EvtRequestCancel) {
  return R3_WDF(WdfRequestMarkCancelableEx, NTSTATUS, WDFREQUEST, PFN_WDF_REQUEST_CANCEL)
      (WdfDriverGlobals, Request, EvtRequestCancel);
}

#endif

FORCEINLINE NTSTATUS WdfRequestUnmarkCancelable(WDFREQUEST Request) {
  return R3_WDF(WdfRequestUnmarkCancelable, NTSTATUS, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE BOOLEAN WdfRequestIsCanceled(WDFREQUEST Request) {
  return R3_WDF(WdfRequestIsCanceled, BOOLEAN, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE BOOLEAN WdfRequestCancelSentRequest(WDFREQUEST Request) {
  return R3_WDF(WdfRequestCancelSentRequest, BOOLEAN, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE BOOLEAN WdfRequestIsFrom32BitProcess(WDFREQUEST Request) {
  return R3_WDF(WdfRequestIsFrom32BitProcess, BOOLEAN, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE void WdfRequestSetCompletionRoutine(
    WDFREQUEST Request, PFN_WDF_REQUEST_COMPLETION_ROUTINE CompletionRoutine,
    WDFCONTEXT CompletionContext) {
  R3_WDF(WdfRequestSetCompletionRoutine, void, WDFREQUEST, PFN_WDF_REQUEST_COMPLETION_ROUTINE,
         WDFCONTEXT)
      (WdfDriverGlobals, Request, CompletionRoutine, CompletionContext);
}

FORCEINLINE void WdfRequestGetCompletionParams(WDFREQUEST Request,
                                               PWDF_REQUEST_COMPLETION_PARAMS Params) {
  R3_WDF(WdfRequestGetCompletionParams, void, WDFREQUEST, PWDF_REQUEST_COMPLETION_PARAMS)
      (WdfDriverGlobals, Request, Params);
}

FORCEINLINE NTSTATUS WdfRequestAllocateTimer(WDFREQUEST Request) {
  return R3_WDF(WdfRequestAllocateTimer, NTSTATUS, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE void WdfRequestComplete(WDFREQUEST Request, NTSTATUS Status) {
  R3_WDF(WdfRequestComplete, void, WDFREQUEST, NTSTATUS)(WdfDriverGlobals, Request, Status);
}

FORCEINLINE void WdfRequestCompleteWithPriorityBoost(WDFREQUEST Request, NTSTATUS Status,
                                                     CCHAR PriorityBoost) {
  R3_WDF(WdfRequestCompleteWithPriorityBoost, void, WDFREQUEST, NTSTATUS, CCHAR)
      (WdfDriverGlobals, Request, Status, PriorityBoost);
}

FORCEINLINE void WdfRequestCompleteWithInformation(WDFREQUEST Request, NTSTATUS Status,
                                                   ULONG_PTR Information) {
  R3_WDF(WdfRequestCompleteWithInformation, void, WDFREQUEST, NTSTATUS, ULONG_PTR)
      (WdfDriverGlobals, Request, Status, Information);
}

FORCEINLINE void WdfRequestGetParameters(WDFREQUEST Request, PWDF_REQUEST_PARAMETERS Parameters) {
  R3_WDF(WdfRequestGetParameters, void, WDFREQUEST, PWDF_REQUEST_PARAMETERS)
      (WdfDriverGlobals, Request, Parameters);
}

FORCEINLINE NTSTATUS WdfRequestRetrieveInputMemory(WDFREQUEST Request, WDFMEMORY *Memory) {
  return R3_WDF(WdfRequestRetrieveInputMemory, NTSTATUS, WDFREQUEST, WDFMEMORY *)
      (WdfDriverGlobals, Request, Memory);
}

FORCEINLINE NTSTATUS WdfRequestRetrieveOutputMemory(WDFREQUEST Request, WDFMEMORY *Memory) {
  return R3_WDF(WdfRequestRetrieveOutputMemory, NTSTATUS, WDFREQUEST, WDFMEMORY *)
      (WdfDriverGlobals, Request, Memory);
}

FORCEINLINE NTSTATUS WdfRequestRetrieveInputBuffer(WDFREQUEST Request, size_t MinimumRequiredLength,
                                                   PVOID *Buffer, size_t *Length) {
  return R3_WDF(WdfRequestRetrieveInputBuffer, NTSTATUS, WDFREQUEST, size_t, PVOID *, size_t *)
      (WdfDriverGlobals, Request, MinimumRequiredLength, Buffer, Length);
}

FORCEINLINE NTSTATUS WdfRequestRetrieveOutputBuffer(WDFREQUEST Request, size_t MinimumRequiredSize,
                                                    PVOID *Buffer, size_t *Length) {
  return R3_WDF(WdfRequestRetrieveOutputBuffer, NTSTATUS, WDFREQUEST, size_t, PVOID *, size_t *)
      (WdfDriverGlobals, Request, MinimumRequiredSize, Buffer, Length);
}

FORCEINLINE NTSTATUS WdfRequestRetrieveInputWdmMdl(WDFREQUEST Request, PMDL *Mdl) {
  return R3_WDF(WdfRequestRetrieveInputWdmMdl, NTSTATUS, WDFREQUEST, PMDL *)
      (WdfDriverGlobals, Request, Mdl);
}

FORCEINLINE NTSTATUS WdfRequestRetrieveOutputWdmMdl(WDFREQUEST Request, PMDL *Mdl) {
  return R3_WDF(WdfRequestRetrieveOutputWdmMdl, NTSTATUS, WDFREQUEST, PMDL *)
      (WdfDriverGlobals, Request, Mdl);
}

FORCEINLINE NTSTATUS WdfRequestRetrieveUnsafeUserInputBuffer(WDFREQUEST Request,
                                                             size_t MinimumRequiredLength,
                                                             PVOID *InputBuffer, size_t *Length) {
  return R3_WDF(WdfRequestRetrieveUnsafeUserInputBuffer, NTSTATUS, WDFREQUEST, size_t, PVOID *,
                size_t *)
      (WdfDriverGlobals, Request, MinimumRequiredLength, InputBuffer, Length);
}

FORCEINLINE NTSTATUS WdfRequestRetrieveUnsafeUserOutputBuffer(WDFREQUEST Request,
                                                              size_t MinimumRequiredLength,
                                                              PVOID *OutputBuffer, size_t *Length) {
  return R3_WDF(WdfRequestRetrieveUnsafeUserOutputBuffer, NTSTATUS, WDFREQUEST, size_t, PVOID *,
                size_t *)
      (WdfDriverGlobals, Request, MinimumRequiredLength, OutputBuffer, Length);
}

FORCEINLINE void WdfRequestSetInformation(WDFREQUEST Request, ULONG_PTR Information) {
  R3_WDF(WdfRequestSetInformation, void, WDFREQUEST, ULONG_PTR)
      (WdfDriverGlobals, Request, Information);
}

FORCEINLINE ULONG_PTR WdfRequestGetInformation(WDFREQUEST Request) {
  return R3_WDF(WdfRequestGetInformation, ULONG_PTR, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE WDFFILEOBJECT WdfRequestGetFileObject(WDFREQUEST Request) {
  return R3_WDF(WdfRequestGetFileObject, WDFFILEOBJECT, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE NTSTATUS WdfRequestProbeAndLockUserBufferForRead(WDFREQUEST Request, PVOID Buffer,
                                                             size_t Length,
                                                             WDFMEMORY *MemoryObject) {
  return R3_WDF(WdfRequestProbeAndLockUserBufferForRead, NTSTATUS, WDFREQUEST, PVOID, size_t,
                WDFMEMORY *)
      (WdfDriverGlobals, Request, Buffer, Length, MemoryObject);
}

FORCEINLINE NTSTATUS WdfRequestProbeAndLockUserBufferForWrite(WDFREQUEST Request, PVOID Buffer,
                                                              size_t Length,
                                                              WDFMEMORY *MemoryObject) {
  return R3_WDF(WdfRequestProbeAndLockUserBufferForWrite, NTSTATUS, WDFREQUEST, PVOID, size_t,
                WDFMEMORY *)
      (WdfDriverGlobals, Request, Buffer, Length, MemoryObject);
}

FORCEINLINE KPROCESSOR_MODE WdfRequestGetRequestorMode(WDFREQUEST Request) {
  return R3_WDF(WdfRequestGetRequestorMode, KPROCESSOR_MODE, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE NTSTATUS WdfRequestForwardToIoQueue(WDFREQUEST Request, WDFQUEUE DestinationQueue) {
  return R3_WDF(WdfRequestForwardToIoQueue, NTSTATUS, WDFREQUEST, WDFQUEUE)
      (WdfDriverGlobals, Request, DestinationQueue);
}

FORCEINLINE WDFQUEUE WdfRequestGetIoQueue(WDFREQUEST Request) {
  return R3_WDF(WdfRequestGetIoQueue, WDFQUEUE, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE NTSTATUS WdfRequestRequeue(WDFREQUEST Request) {
  return R3_WDF(WdfRequestRequeue, NTSTATUS, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE void WdfRequestStopAcknowledge(WDFREQUEST Request, BOOLEAN Requeue) {
  R3_WDF(WdfRequestStopAcknowledge, void, WDFREQUEST, BOOLEAN)(WdfDriverGlobals, Request, Requeue);
}

FORCEINLINE PIRP WdfRequestWdmGetIrp(WDFREQUEST Request) {
  return R3_WDF(WdfRequestWdmGetIrp, PIRP, WDFREQUEST)(WdfDriverGlobals, Request);
}

#if KMDF_VERSION_MINOR >= 9
FORCEINLINE BOOLEAN WdfRequestIsReserved(WDFREQUEST Request) {
  return R3_WDF(WdfRequestIsReserved, BOOLEAN, WDFREQUEST)(WdfDriverGlobals, Request);
}

FORCEINLINE NTSTATUS WdfRequestForwardToParentDeviceIoQueue(
    WDFREQUEST Request, WDFQUEUE ParentDeviceQueue, PWDF_REQUEST_FORWARD_OPTIONS ForwardOptions) {
  return R3_WDF(WdfRequestForwardToParentDeviceIoQueue, NTSTATUS, WDFREQUEST, WDFQUEUE,
                PWDF_REQUEST_FORWARD_OPTIONS)
      (WdfDriverGlobals, Request, ParentDeviceQueue, ForwardOptions);
}

#endif

R3_END

#endif
#endif
