// Marks a request as cancelable twice.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID Cancel(WDFREQUEST Request) { WdfRequestComplete(Request, STATUS_SUCCESS); }

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  WdfRequestMarkCancelable(Request, Cancel);
#ifndef REPAIRED
  WdfRequestMarkCancelable(Request, Cancel);
#endif
  if (WdfRequestUnmarkCancelable(Request) != STATUS_CANCELLED) DefectAnswer(Request, Length);
}
