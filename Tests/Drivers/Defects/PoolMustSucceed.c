// Asks for pool that must not fail.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID block;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  block = ExAllocatePoolWithTag(NonPagedPoolNx, 100, DEFECT_TAG);
#else
  block = ExAllocatePoolWithTag((POOL_TYPE)(NonPagedPoolNx | 2), 100, DEFECT_TAG);
#endif
  if (block != NULL) ExFreePoolWithTag(block, DEFECT_TAG);
  return DefectAnswer(Irp);
}
