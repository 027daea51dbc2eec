// Keeps a control request without a cancel routine until the file's handle is closed.
#define DEFECT_CLEANUP
#define DEFECT_CONTROL
#include "defect.h"

static PIRP kept;

static VOID Complete(void) {
  PIRP irp = InterlockedExchangePointer((PVOID *)&kept, NULL);
  if (irp != NULL) DefectComplete(irp, STATUS_CANCELLED, 0);
}

#ifdef REPAIRED
static VOID Cancel(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  IoReleaseCancelSpinLock(Irp->CancelIrql);
  Complete();
}
#endif

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  IoMarkIrpPending(Irp);
  kept = Irp;
#ifdef REPAIRED
  IoSetCancelRoutine(Irp, Cancel);
  if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) Complete();
#endif
  return STATUS_PENDING;
}

static NTSTATUS DefectCleanup(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  if (kept != NULL && IoSetCancelRoutine(kept, NULL) != NULL) Complete();
#else
  Complete();
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, 0);
}
