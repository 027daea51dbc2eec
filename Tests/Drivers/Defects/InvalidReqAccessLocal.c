// Uses a request after it completed it.
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
#ifdef REPAIRED
  (void)WdfRequestGetRequestorMode(Request);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
#else
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
  (void)WdfRequestGetRequestorMode(Request);
#endif
}
