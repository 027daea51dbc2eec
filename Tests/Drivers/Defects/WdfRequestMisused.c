// Completes a request that it made itself, which has nothing to be completed.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDFREQUEST own;
  UNREFERENCED_PARAMETER(Queue);
  if (NT_SUCCESS(WdfRequestCreate(WDF_NO_OBJECT_ATTRIBUTES, NULL, &own))) {
#ifdef REPAIRED
    WdfObjectDelete(own);
#else
    WdfRequestComplete(own, STATUS_SUCCESS);
#endif
  }
  DefectAnswer(Request, Length);
}
