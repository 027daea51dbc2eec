// Locks the pages of an MDL that is built already.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PMDL mdl = IoAllocateMdl(Irp->AssociatedIrp.SystemBuffer, 64, FALSE, FALSE, NULL);
  UNREFERENCED_PARAMETER(Device);
  if (mdl == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  MmBuildMdlForNonPagedPool(mdl);
#ifndef REPAIRED
  MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
#endif
  IoFreeMdl(mdl);
  return DefectAnswer(Irp);
}
