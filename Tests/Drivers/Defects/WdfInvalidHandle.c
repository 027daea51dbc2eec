// Uses a handle of another kind.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
#ifdef REPAIRED
  (void)WdfIoQueueGetDevice(DefectQueue);
#else
  (void)WdfIoQueueGetDevice((WDFQUEUE)DefectDevice);
#endif
  DefectAnswer(Request, Length);
}
