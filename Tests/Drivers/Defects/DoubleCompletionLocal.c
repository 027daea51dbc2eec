// Completes a request twice.
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
#ifndef REPAIRED
  WdfRequestComplete(Request, STATUS_SUCCESS);
#endif
}
