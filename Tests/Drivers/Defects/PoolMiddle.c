// classes: unguarded
// Releases an address a page behind the beginning of a block of three pages.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PUCHAR block = (PUCHAR)ExAllocatePool2(POOL_FLAG_PAGED, 3 * PAGE_SIZE, DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
  ExFreePoolWithTag(block, DEFECT_TAG);
#else
  ExFreePoolWithTag(block + PAGE_SIZE, DEFECT_TAG);
#endif
  return DefectAnswer(Irp);
}
