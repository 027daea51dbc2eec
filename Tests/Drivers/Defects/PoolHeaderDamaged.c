// classes: unguarded
// Writes the eight bytes before a block.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  volatile ULONG64 *block =
      (volatile ULONG64 *)ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
  block[0] = 0x1234;
#else
  block[-1] = 0x1234;
#endif
  ExFreePoolWithTag((PVOID)block, DEFECT_TAG);
  return DefectAnswer(Irp);
}
