// Returns STATUS_PENDING for a request that it did not mark.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  IoMarkIrpPending(Irp);
#endif
  DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
  return STATUS_PENDING;
}
