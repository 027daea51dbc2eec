// Maps an MDL that is mapped already.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PMDL mdl = IoAllocateMdl(Irp->AssociatedIrp.SystemBuffer, 64, FALSE, FALSE, NULL);
  UNREFERENCED_PARAMETER(Device);
  if (mdl == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
  if (MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority | MdlMappingNoExecute) == NULL) {
    MmUnlockPages(mdl);
    IoFreeMdl(mdl);
    return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  }
#ifndef REPAIRED
  MmMapLockedPagesSpecifyCache(mdl, KernelMode, MmCached, NULL, FALSE, NormalPagePriority | MdlMappingNoExecute);
#endif
  MmUnlockPages(mdl);
  IoFreeMdl(mdl);
  return DefectAnswer(Irp);
}
