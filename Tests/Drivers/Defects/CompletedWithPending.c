// Completes a request with the status that says it is not complete.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  return DefectAnswer(Irp);
#else
  return DefectComplete(Irp, STATUS_PENDING, 0);
#endif
}
