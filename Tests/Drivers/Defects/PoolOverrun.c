// classes: unguarded
// Writes the byte behind the end of a block.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PUCHAR block = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
  block[99] = 1;
#else
  block[100] = 1;
#endif
  ExFreePoolWithTag(block, DEFECT_TAG);
  return DefectAnswer(Irp);
}
