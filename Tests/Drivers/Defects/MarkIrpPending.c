// Marks a request as pending and returns its final status.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  IoMarkIrpPending(Irp);
  DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
#ifdef REPAIRED
  return STATUS_PENDING;
#else
  return STATUS_SUCCESS;
#endif
}
