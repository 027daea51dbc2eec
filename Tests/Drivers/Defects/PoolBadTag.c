// Asks for pool without a tag.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PUCHAR block;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  block = (PUCHAR)ExAllocatePoolWithTag(NonPagedPoolNx, 100, DEFECT_TAG);
#else
  block = (PUCHAR)ExAllocatePoolWithTag(NonPagedPoolNx, 100, 0);
#endif
  if (block != NULL) ExFreePool(block);
  return DefectAnswer(Irp);
}
