// Makes a mapping executable.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID block = ExAllocatePool2(POOL_FLAG_NON_PAGED, PAGE_SIZE, DEFECT_TAG);
  PMDL mdl;
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  mdl = IoAllocateMdl(block, PAGE_SIZE, FALSE, FALSE, NULL);
  if (mdl != NULL) {
    MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
    if (MmMapLockedPagesSpecifyCache(mdl, KernelMode, MmCached, NULL, FALSE,
                                     NormalPagePriority | MdlMappingNoExecute) != NULL) {
#ifdef REPAIRED
      (void)MmProtectMdlSystemAddress(mdl, PAGE_READONLY);
#else
      (void)MmProtectMdlSystemAddress(mdl, PAGE_EXECUTE_READ);
#endif
    }
    MmUnlockPages(mdl);
    IoFreeMdl(mdl);
  }
  ExFreePoolWithTag(block, DEFECT_TAG);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
