// Copies between ranges that overlap with memcpy, which is for ranges that do not.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PUCHAR buffer = (PUCHAR)Irp->AssociatedIrp.SystemBuffer;
  volatile SIZE_T count = 32;
  UNREFERENCED_PARAMETER(Device);
  RtlFillMemory(buffer, 64, 0x5A);
#ifdef REPAIRED
  RtlMoveMemory(buffer + 8, buffer, count);
#else
  RtlCopyMemory(buffer + 8, buffer, count);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, 64);
}
