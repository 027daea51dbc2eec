// A filter that copies its whole stack location, with the mark that it had set there.
#include "defect-filter.h"

static NTSTATUS LowerRequest(PIRP Irp) {
  if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_WRITE) {
    return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
  }
  return DefectAnswer(Irp);
}

static NTSTATUS FilterRequest(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  IoMarkIrpPending(Irp);
#ifdef REPAIRED
  IoCopyCurrentIrpStackLocationToNext(Irp);
#else
  *IoGetNextIrpStackLocation(Irp) = *IoGetCurrentIrpStackLocation(Irp);
#endif
  IoCallDriver(lower, Irp);
  return STATUS_PENDING;
}
