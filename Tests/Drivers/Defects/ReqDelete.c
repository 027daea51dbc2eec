// Deletes a request that it was given.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
#ifndef REPAIRED
  WdfObjectDelete(Request);
#endif
  DefectAnswer(Request, Length);
}
