// classes: pool-tracking
// Allocates paged pool at DISPATCH_LEVEL; with the class `ddi` that is IrqlExAllocatePool.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID block;
  KIRQL irql;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  irql = KeGetCurrentIrql();
#else
  KeRaiseIrql(DISPATCH_LEVEL, &irql);
#endif
  block = ExAllocatePool2(POOL_FLAG_PAGED, 64, DEFECT_TAG);
#ifndef REPAIRED
  KeLowerIrql(irql);
#else
  UNREFERENCED_PARAMETER(irql);
#endif
  if (block != NULL) ExFreePoolWithTag(block, DEFECT_TAG);
  return DefectAnswer(Irp);
}
