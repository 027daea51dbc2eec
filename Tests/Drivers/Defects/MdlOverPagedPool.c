// Builds an MDL for nonpaged pool over paged pool.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID block = ExAllocatePool2(POOL_FLAG_PAGED, 100, DEFECT_TAG);
  PMDL mdl;
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  mdl = IoAllocateMdl(block, 100, FALSE, FALSE, NULL);
  if (mdl == NULL) {
    ExFreePoolWithTag(block, DEFECT_TAG);
    return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  }
#ifdef REPAIRED
  MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
  MmUnlockPages(mdl);
#else
  MmBuildMdlForNonPagedPool(mdl);
#endif
  IoFreeMdl(mdl);
  ExFreePoolWithTag(block, DEFECT_TAG);
  return DefectAnswer(Irp);
}
