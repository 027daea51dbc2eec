// Takes the lock of a queue that has none.
#ifdef REPAIRED
#define DEFECT_SCOPE WdfSynchronizationScopeQueue
#endif
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  WdfObjectAcquireLock(DefectQueue);
  WdfObjectReleaseLock(DefectQueue);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
