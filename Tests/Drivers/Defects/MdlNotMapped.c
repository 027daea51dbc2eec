// Unmaps an MDL that is not mapped.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PMDL mdl = IoAllocateMdl(Irp->AssociatedIrp.SystemBuffer, 64, FALSE, FALSE, NULL);
  UNREFERENCED_PARAMETER(Device);
  if (mdl == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
#ifndef REPAIRED
  MmUnmapLockedPages(mdl, mdl);
#endif
  MmUnlockPages(mdl);
  IoFreeMdl(mdl);
  return DefectAnswer(Irp);
}
