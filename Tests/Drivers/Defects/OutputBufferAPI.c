// Asks for the output of a write.
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PVOID buffer;
  UNREFERENCED_PARAMETER(Queue);
#ifdef REPAIRED
  (void)WdfRequestRetrieveInputBuffer(Request, 1, &buffer, NULL);
#else
  (void)WdfRequestRetrieveOutputBuffer(Request, 1, &buffer, NULL);
#endif
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
