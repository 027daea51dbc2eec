// Asks whether a request is cancelled that is marked as cancelable.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID Cancel(WDFREQUEST Request) { WdfRequestComplete(Request, STATUS_SUCCESS); }

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
#ifdef REPAIRED
  (void)WdfRequestIsCanceled(Request);
#endif
  WdfRequestMarkCancelable(Request, Cancel);
#ifndef REPAIRED
  (void)WdfRequestIsCanceled(Request);
#endif
  if (WdfRequestUnmarkCancelable(Request) != STATUS_CANCELLED) DefectAnswer(Request, Length);
}
