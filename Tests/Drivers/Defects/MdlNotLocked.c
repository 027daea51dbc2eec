// Unlocks pages that were never locked.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PMDL mdl = IoAllocateMdl(Irp->AssociatedIrp.SystemBuffer, 64, FALSE, FALSE, NULL);
  UNREFERENCED_PARAMETER(Device);
  if (mdl == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifndef REPAIRED
  MmUnlockPages(mdl);
#endif
  IoFreeMdl(mdl);
  return DefectAnswer(Irp);
}
