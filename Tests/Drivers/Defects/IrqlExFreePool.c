// Releases paged pool at DISPATCH_LEVEL.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID block = ExAllocatePool2(POOL_FLAG_PAGED, 100, DEFECT_TAG);
  KIRQL level;
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  level = 0;
  UNREFERENCED_PARAMETER(level);
#ifdef REPAIRED
  ExFreePoolWithTag(block, DEFECT_TAG);
#else
  KeRaiseIrql(DISPATCH_LEVEL, &level);
  ExFreePoolWithTag(block, DEFECT_TAG);
  KeLowerIrql(level);
#endif
  return DefectAnswer(Irp);
}
