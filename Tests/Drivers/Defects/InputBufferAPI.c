// Asks for the input of a read.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PVOID buffer;
  UNREFERENCED_PARAMETER(Queue);
#ifdef REPAIRED
  (void)WdfRequestRetrieveOutputBuffer(Request, 1, &buffer, NULL);
#else
  (void)WdfRequestRetrieveInputBuffer(Request, 1, &buffer, NULL);
#endif
  DefectAnswer(Request, Length);
}
