// Passes a request on above DISPATCH_LEVEL.
#include "defect-filter.h"

#define ABOVE_DISPATCH (DISPATCH_LEVEL + 1)

static NTSTATUS LowerRequest(PIRP Irp) {
  if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_WRITE) {
    return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
  }
  return DefectAnswer(Irp);
}

static NTSTATUS FilterRequest(PDEVICE_OBJECT Device, PIRP Irp) {
  NTSTATUS status;
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
  IoSkipCurrentIrpStackLocation(Irp);
  KeRaiseIrql(ABOVE_DISPATCH, &old);
#ifdef REPAIRED
  KeLowerIrql(old);
  status = IoCallDriver(lower, Irp);
#else
  status = IoCallDriver(lower, Irp);
  KeLowerIrql(old);
#endif
  return status;
}
