// Uses the handle of a read in the next callback.
#define DEFECT_READ
#define DEFECT_WRITE
#include "defect-wdf.h"

static WDFREQUEST last;

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
#ifndef REPAIRED
  last = Request;
#endif
  DefectAnswer(Request, Length);
}

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  if (last != NULL) (void)WdfRequestGetInformation(last);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
