// Reads a block after its release.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PUCHAR block = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, DEFECT_TAG);
  UCHAR seen;
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
  seen = *(volatile UCHAR *)block;
  ExFreePoolWithTag(block, DEFECT_TAG);
#else
  ExFreePoolWithTag(block, DEFECT_TAG);
  seen = *(volatile UCHAR *)block;
#endif
  UNREFERENCED_PARAMETER(seen);
  return DefectAnswer(Irp);
}
