// Asks for a block of no bytes.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PUCHAR block;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  block = (PUCHAR)ExAllocatePoolWithTag(NonPagedPoolNx, 1, DEFECT_TAG);
#else
  block = (PUCHAR)ExAllocatePoolWithTag(NonPagedPoolNx, 0, DEFECT_TAG);
#endif
  if (block != NULL) ExFreePoolWithTag(block, DEFECT_TAG);
  return DefectAnswer(Irp);
}
