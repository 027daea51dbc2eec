// Unlocks a partial MDL.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PMDL mdl = IoAllocateMdl(Irp->AssociatedIrp.SystemBuffer, 64, FALSE, FALSE, NULL);
  PMDL part;
  UNREFERENCED_PARAMETER(Device);
  if (mdl == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  part = IoAllocateMdl(Irp->AssociatedIrp.SystemBuffer, 32, FALSE, FALSE, NULL);
  if (part == NULL) {
    IoFreeMdl(mdl);
    return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  }
  MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
  IoBuildPartialMdl(mdl, part, Irp->AssociatedIrp.SystemBuffer, 32);
#ifndef REPAIRED
  MmUnlockPages(part);
#endif
  IoFreeMdl(part);
  MmUnlockPages(mdl);
  IoFreeMdl(mdl);
  return DefectAnswer(Irp);
}
