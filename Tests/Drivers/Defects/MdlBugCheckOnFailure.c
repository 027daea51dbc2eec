// Maps pages in the way that ends the machine when there are no addresses left.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PMDL mdl = IoAllocateMdl(Irp->AssociatedIrp.SystemBuffer, 64, FALSE, FALSE, NULL);
  UNREFERENCED_PARAMETER(Device);
  if (mdl == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
#ifdef REPAIRED
  MmMapLockedPagesSpecifyCache(mdl, KernelMode, MmCached, NULL, FALSE, NormalPagePriority | MdlMappingNoExecute);
#else
  MmMapLockedPagesSpecifyCache(mdl, KernelMode, MmCached, NULL, TRUE, NormalPagePriority | MdlMappingNoExecute);
#endif
  MmUnlockPages(mdl);
  IoFreeMdl(mdl);
  return DefectAnswer(Irp);
}
