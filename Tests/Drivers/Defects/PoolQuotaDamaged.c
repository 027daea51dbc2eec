// classes: pool-tracking
// Writes where pool notes who pays for a block: 12 bytes behind its end.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  volatile ULONG64 *block = (volatile ULONG64 *)ExAllocatePoolWithQuotaTag(
      NonPagedPoolNx | POOL_QUOTA_FAIL_INSTEAD_OF_RAISE, 100, DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifndef REPAIRED
  block[14] ^= 0x1000;
#endif
  ExFreePoolWithTag((PVOID)block, DEFECT_TAG);
  return DefectAnswer(Irp);
}
