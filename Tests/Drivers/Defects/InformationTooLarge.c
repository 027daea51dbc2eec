// Reports the room that it would have liked instead of the bytes that it wrote.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG length = DefectLength(Irp);
  UNREFERENCED_PARAMETER(Device);
  RtlFillMemory(Irp->AssociatedIrp.SystemBuffer, length, 0x5A);
#ifndef REPAIRED
  length += 8;
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, length);
}
