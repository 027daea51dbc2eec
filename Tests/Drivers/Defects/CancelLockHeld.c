// Returns from its cancel routine with the cancel spin lock held.
#define DEFECT_WRITE
#include "defect.h"

static VOID Cancel(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  IoReleaseCancelSpinLock(Irp->CancelIrql);
#else
  UNREFERENCED_PARAMETER(Irp);
#endif
}

// Cancels a request of its own.
static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  PIRP own = IoAllocateIrp(Device->StackSize, FALSE);
  if (own == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  IoSetCancelRoutine(own, Cancel);
  IoCancelIrp(own);
  IoFreeIrp(own);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
