// Allocates paged pool at DISPATCH_LEVEL.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID block;
  KIRQL level;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  KeRaiseIrql(APC_LEVEL, &level);
  block = ExAllocatePool2(POOL_FLAG_PAGED, 100, DEFECT_TAG);
  KeLowerIrql(level);
#else
  KeRaiseIrql(DISPATCH_LEVEL, &level);
  block = ExAllocatePool2(POOL_FLAG_PAGED, 100, DEFECT_TAG);
  KeLowerIrql(level);
#endif
  if (block != NULL) ExFreePoolWithTag(block, DEFECT_TAG);
  return DefectAnswer(Irp);
}
