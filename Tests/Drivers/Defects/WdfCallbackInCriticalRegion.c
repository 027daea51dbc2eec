// Returns from its callback in a critical region.
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  KeEnterCriticalRegion();
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
#ifdef REPAIRED
  KeLeaveCriticalRegion();
#endif
}
