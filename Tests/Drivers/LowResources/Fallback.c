// A write that takes another block when it does not get the first, and a third one in the place of that.
//
// With MISSING_CHECK it uses the third without a look. Only when two requests for memory are refused does
// it ask for that one.
#define DEFECT_WRITE
#include "../Defects/defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG length = DefectLength(Irp);
  PUCHAR block = ExAllocatePool2(POOL_FLAG_NON_PAGED, length + 1, 'tsrF');
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) {
    block = ExAllocatePool2(POOL_FLAG_NON_PAGED, length + 1, 'dncS');
  }
  if (block == NULL) {
    block = ExAllocatePool2(POOL_FLAG_NON_PAGED, length + 1, 'drhT');
#ifndef MISSING_CHECK
    if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#endif
  }
  RtlCopyMemory(block, Irp->AssociatedIrp.SystemBuffer, length);
  ExFreePool(block);
  return DefectComplete(Irp, STATUS_SUCCESS, length);
}
