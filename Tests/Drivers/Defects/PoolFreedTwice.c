// Releases a block twice.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PUCHAR block = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
  ExFreePoolWithTag(block, DEFECT_TAG);
#else
  ExFreePoolWithTag(block, DEFECT_TAG);
  ExFreePoolWithTag(block, DEFECT_TAG);
#endif
  return DefectAnswer(Irp);
}
