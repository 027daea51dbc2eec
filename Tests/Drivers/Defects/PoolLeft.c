// Keeps a block at each read, and does not release it at unload.
#define DEFECT_READ
#define DEFECT_UNLOAD
#include "defect.h"

static PVOID Kept;

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  Kept = ExAllocatePool2(POOL_FLAG_PAGED, 1000, DEFECT_TAG);
  return DefectAnswer(Irp);
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
#ifdef REPAIRED
  if (Kept != NULL) ExFreePoolWithTag(Kept, DEFECT_TAG);
#endif
}
