// Completes a request that is marked as cancelable.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID Cancel(WDFREQUEST Request) { WdfRequestComplete(Request, STATUS_SUCCESS); }

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  WdfRequestMarkCancelable(Request, Cancel);
#ifdef REPAIRED
  if (WdfRequestUnmarkCancelable(Request) == STATUS_CANCELLED) return;
#endif
  DefectAnswer(Request, Length);
}
