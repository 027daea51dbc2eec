// Completes a request twice.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  NTSTATUS status = DefectAnswer(Irp);
  UNREFERENCED_PARAMETER(Device);
#ifndef REPAIRED
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
#endif
  return status;
}
