// classes: unguarded
// Writes a block that it has released; without guard pages that is found as pool gives the block again.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  volatile UCHAR *first = (volatile UCHAR *)ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, DEFECT_TAG);
  PVOID second;
  UNREFERENCED_PARAMETER(Device);
  if (first == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
  first[20] = 1;
#endif
  ExFreePoolWithTag((PVOID)first, DEFECT_TAG);
#ifndef REPAIRED
  first[20] = 1;
#endif
  second = ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, DEFECT_TAG);
  if (second != NULL) ExFreePoolWithTag(second, DEFECT_TAG);
  return DefectAnswer(Irp);
}
