// Says of its control device that it has failed.
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
#ifndef REPAIRED
  WdfDeviceSetFailed(DefectDevice, WdfDeviceFailedNoRestart);
#endif
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
