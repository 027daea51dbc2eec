// Completes a request that was cancelled, before its cancel callback was called.
#define DEFECT_SCOPE WdfSynchronizationScopeQueue
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID Cancel(WDFREQUEST Request) { WdfRequestComplete(Request, STATUS_SUCCESS); }

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Queue);
  WdfRequestMarkCancelable(Request, Cancel);
  // In the place of a program that cancels. The callback waits for this one to return.
  IoCancelIrp(WdfRequestWdmGetIrp(Request));
  status = WdfRequestUnmarkCancelable(Request);
#ifdef REPAIRED
  if (status == STATUS_CANCELLED) return;
#else
  UNREFERENCED_PARAMETER(status);
#endif
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
