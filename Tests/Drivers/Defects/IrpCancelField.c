// Completes a request whose cancel routine is still set.
#define DEFECT_WRITE
#include "defect.h"

static VOID Cancel(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  IoReleaseCancelSpinLock(Irp->CancelIrql);
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  IoSetCancelRoutine(Irp, Cancel);
#ifdef REPAIRED
  IoSetCancelRoutine(Irp, NULL);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
