// Queues of requests.
#ifndef R3_WDF_API_QUEUE_H
#define R3_WDF_API_QUEUE_H

#include "../queue.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE BOOLEAN WDF_IO_QUEUE_IDLE(WDF_IO_QUEUE_STATE State) {
  const int empty = WdfIoQueueNoRequests | WdfIoQueueDriverNoRequests;
  return (State & empty) == empty;
}

FORCEINLINE BOOLEAN WDF_IO_QUEUE_READY(WDF_IO_QUEUE_STATE State) {
  const int open = WdfIoQueueDispatchRequests | WdfIoQueueAcceptRequests;
  return (State & (open | WdfIoQueuePnpHeld)) == open;
}

FORCEINLINE BOOLEAN WDF_IO_QUEUE_STOPPED(WDF_IO_QUEUE_STATE State) {
  const int stopped = WdfIoQueueAcceptRequests | WdfIoQueueDriverNoRequests;
  return (State & (stopped | WdfIoQueueDispatchRequests)) == stopped;
}

FORCEINLINE BOOLEAN WDF_IO_QUEUE_DRAINED(WDF_IO_QUEUE_STATE State) {
  const int drained =
      WdfIoQueueDispatchRequests | WdfIoQueueNoRequests | WdfIoQueueDriverNoRequests;
  return (State & (drained | WdfIoQueueAcceptRequests)) == drained;
}

FORCEINLINE BOOLEAN WDF_IO_QUEUE_PURGED(WDF_IO_QUEUE_STATE State) {
  const int purged = WdfIoQueueNoRequests | WdfIoQueueDriverNoRequests;
  return (State & (purged | WdfIoQueueAcceptRequests)) == purged;
}

FORCEINLINE void WDF_IO_QUEUE_CONFIG_INIT(PWDF_IO_QUEUE_CONFIG Config,
                                          WDF_IO_QUEUE_DISPATCH_TYPE DispatchType) {
  R3_WDF_INIT(WDF_IO_QUEUE_CONFIG, Config);
  Config->PowerManaged = WdfUseDefault;
  Config->DispatchType = DispatchType;
#if KMDF_VERSION_MINOR >= 9
  if (DispatchType == WdfIoQueueDispatchParallel) {
    Config->Settings.Parallel.NumberOfPresentedRequests = (ULONG)-1;
  }
#endif
}

FORCEINLINE void WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(PWDF_IO_QUEUE_CONFIG Config,
                                                        WDF_IO_QUEUE_DISPATCH_TYPE DispatchType) {
  WDF_IO_QUEUE_CONFIG_INIT(Config, DispatchType);
  Config->DefaultQueue = TRUE;
}

FORCEINLINE void WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY_DEFAULT_INIT(
    PWDF_IO_QUEUE_FORWARD_PROGRESS_POLICY Policy, ULONG TotalForwardProgressRequests) {
  R3_WDF_INIT(WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY, Policy);
  Policy->TotalForwardProgressRequests = TotalForwardProgressRequests;
  Policy->ForwardProgressReservedPolicy =
      WdfIoForwardProgressReservedPolicyAlwaysUseReservedRequest;
}

FORCEINLINE void WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY_EXAMINE_INIT(
    PWDF_IO_QUEUE_FORWARD_PROGRESS_POLICY Policy, ULONG TotalForwardProgressRequests,
    PFN_WDF_IO_WDM_IRP_FOR_FORWARD_PROGRESS EvtIoWdmIrpForForwardProgress) {
  R3_WDF_INIT(WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY, Policy);
  Policy->TotalForwardProgressRequests = TotalForwardProgressRequests;
  Policy->ForwardProgressReservedPolicy = WdfIoForwardProgressReservedPolicyUseExamine;
  Policy->ForwardProgressReservePolicySettings.Policy.ExaminePolicy.EvtIoWdmIrpForForwardProgress =
      EvtIoWdmIrpForForwardProgress;
}

FORCEINLINE void WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY_PAGINGIO_INIT(
    PWDF_IO_QUEUE_FORWARD_PROGRESS_POLICY Policy, ULONG TotalForwardProgressRequests) {
  R3_WDF_INIT(WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY, Policy);
  Policy->TotalForwardProgressRequests = TotalForwardProgressRequests;
  Policy->ForwardProgressReservedPolicy = WdfIoForwardProgressReservedPolicyPagingIO;
}

FORCEINLINE NTSTATUS WdfIoQueueCreate(WDFDEVICE Device, PWDF_IO_QUEUE_CONFIG Config,
                                      PWDF_OBJECT_ATTRIBUTES QueueAttributes, WDFQUEUE *Queue) {
  return R3_WDF(WdfIoQueueCreate, NTSTATUS, WDFDEVICE, PWDF_IO_QUEUE_CONFIG, PWDF_OBJECT_ATTRIBUTES,
                WDFQUEUE *)
      (WdfDriverGlobals, Device, Config, QueueAttributes, Queue);
}

FORCEINLINE WDF_IO_QUEUE_STATE WdfIoQueueGetState(WDFQUEUE Queue, PULONG QueueRequests,
                                                  PULONG DriverRequests) {
  return R3_WDF(WdfIoQueueGetState, WDF_IO_QUEUE_STATE, WDFQUEUE, PULONG, PULONG)
      (WdfDriverGlobals, Queue, QueueRequests, DriverRequests);
}

FORCEINLINE void WdfIoQueueStart(WDFQUEUE Queue) {
  R3_WDF(WdfIoQueueStart, void, WDFQUEUE)(WdfDriverGlobals, Queue);
}

FORCEINLINE void WdfIoQueueStop(WDFQUEUE Queue, PFN_WDF_IO_QUEUE_STATE StopComplete,
                                WDFCONTEXT Context) {
  R3_WDF(WdfIoQueueStop, void, WDFQUEUE, PFN_WDF_IO_QUEUE_STATE, WDFCONTEXT)
      (WdfDriverGlobals, Queue, StopComplete, Context);
}

FORCEINLINE void WdfIoQueueStopSynchronously(WDFQUEUE Queue) {
  R3_WDF(WdfIoQueueStopSynchronously, void, WDFQUEUE)(WdfDriverGlobals, Queue);
}

FORCEINLINE WDFDEVICE WdfIoQueueGetDevice(WDFQUEUE Queue) {
  return R3_WDF(WdfIoQueueGetDevice, WDFDEVICE, WDFQUEUE)(WdfDriverGlobals, Queue);
}

FORCEINLINE NTSTATUS WdfIoQueueRetrieveNextRequest(WDFQUEUE Queue, WDFREQUEST *OutRequest) {
  return R3_WDF(WdfIoQueueRetrieveNextRequest, NTSTATUS, WDFQUEUE, WDFREQUEST *)
      (WdfDriverGlobals, Queue, OutRequest);
}

FORCEINLINE NTSTATUS WdfIoQueueRetrieveRequestByFileObject(WDFQUEUE Queue, WDFFILEOBJECT FileObject,
                                                           WDFREQUEST *OutRequest) {
  return R3_WDF(WdfIoQueueRetrieveRequestByFileObject, NTSTATUS, WDFQUEUE, WDFFILEOBJECT,
                WDFREQUEST *)
      (WdfDriverGlobals, Queue, FileObject, OutRequest);
}

FORCEINLINE NTSTATUS WdfIoQueueFindRequest(WDFQUEUE Queue, WDFREQUEST FoundRequest,
                                           WDFFILEOBJECT FileObject,
                                           PWDF_REQUEST_PARAMETERS Parameters,
                                           WDFREQUEST *OutRequest) {
  return R3_WDF(WdfIoQueueFindRequest, NTSTATUS, WDFQUEUE, WDFREQUEST, WDFFILEOBJECT,
                PWDF_REQUEST_PARAMETERS, WDFREQUEST *)
      (WdfDriverGlobals, Queue, FoundRequest, FileObject, Parameters, OutRequest);
}

FORCEINLINE NTSTATUS WdfIoQueueRetrieveFoundRequest(WDFQUEUE Queue, WDFREQUEST FoundRequest,
                                                    WDFREQUEST *OutRequest) {
  return R3_WDF(WdfIoQueueRetrieveFoundRequest, NTSTATUS, WDFQUEUE, WDFREQUEST, WDFREQUEST *)
      (WdfDriverGlobals, Queue, FoundRequest, OutRequest);
}

FORCEINLINE void WdfIoQueueDrainSynchronously(WDFQUEUE Queue) {
  R3_WDF(WdfIoQueueDrainSynchronously, void, WDFQUEUE)(WdfDriverGlobals, Queue);
}

FORCEINLINE void WdfIoQueueDrain(WDFQUEUE Queue, PFN_WDF_IO_QUEUE_STATE DrainComplete,
                                 WDFCONTEXT Context) {
  R3_WDF(WdfIoQueueDrain, void, WDFQUEUE, PFN_WDF_IO_QUEUE_STATE, WDFCONTEXT)
      (WdfDriverGlobals, Queue, DrainComplete, Context);
}

FORCEINLINE void WdfIoQueuePurgeSynchronously(WDFQUEUE Queue) {
  R3_WDF(WdfIoQueuePurgeSynchronously, void, WDFQUEUE)(WdfDriverGlobals, Queue);
}

FORCEINLINE void WdfIoQueuePurge(WDFQUEUE Queue, PFN_WDF_IO_QUEUE_STATE PurgeComplete,
                                 WDFCONTEXT Context) {
  R3_WDF(WdfIoQueuePurge, void, WDFQUEUE, PFN_WDF_IO_QUEUE_STATE, WDFCONTEXT)
      (WdfDriverGlobals, Queue, PurgeComplete, Context);
}

FORCEINLINE NTSTATUS WdfIoQueueReadyNotify(WDFQUEUE Queue, PFN_WDF_IO_QUEUE_STATE QueueReady,
                                           WDFCONTEXT Context) {
  return R3_WDF(WdfIoQueueReadyNotify, NTSTATUS, WDFQUEUE, PFN_WDF_IO_QUEUE_STATE, WDFCONTEXT)
      (WdfDriverGlobals, Queue, QueueReady, Context);
}

#if KMDF_VERSION_MINOR >= 9
FORCEINLINE NTSTATUS WdfIoQueueAssignForwardProgressPolicy(
    WDFQUEUE Queue, PWDF_IO_QUEUE_FORWARD_PROGRESS_POLICY ForwardProgressPolicy) {
  return R3_WDF(WdfIoQueueAssignForwardProgressPolicy, NTSTATUS, WDFQUEUE,
                PWDF_IO_QUEUE_FORWARD_PROGRESS_POLICY)
      (WdfDriverGlobals, Queue, ForwardProgressPolicy);
}

#endif

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE void WdfIoQueueStopAndPurge(WDFQUEUE Queue, PFN_WDF_IO_QUEUE_STATE StopAndPurgeComplete,
                                        WDFCONTEXT Context) {
  R3_WDF(WdfIoQueueStopAndPurge, void, WDFQUEUE, PFN_WDF_IO_QUEUE_STATE, WDFCONTEXT)
      (WdfDriverGlobals, Queue, StopAndPurgeComplete, Context);
}

FORCEINLINE void WdfIoQueueStopAndPurgeSynchronously(WDFQUEUE Queue) {
  R3_WDF(WdfIoQueueStopAndPurgeSynchronously, void, WDFQUEUE)(WdfDriverGlobals, Queue);
}

#endif

R3_END

#endif
#endif
