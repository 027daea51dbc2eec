// Locks the pages of the program's buffer, and never unlocks them.
#define DEFECT_FLAGS DO_DIRECT_IO
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID address = MmGetMdlVirtualAddress(Irp->MdlAddress);
  PMDL mdl = IoAllocateMdl(address, 64, FALSE, FALSE, NULL);
  UNREFERENCED_PARAMETER(Device);
  if (mdl == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  __try {
    MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    IoFreeMdl(mdl);
    return DefectComplete(Irp, GetExceptionCode(), 0);
  }
#ifdef REPAIRED
  MmUnlockPages(mdl);
  IoFreeMdl(mdl);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, 0);
}
