// Acknowledges the stop of a request that nobody stops.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
#ifndef REPAIRED
  WdfRequestStopAcknowledge(Request, FALSE);
#endif
  DefectAnswer(Request, Length);
}
