// Writes to paged pool under a spin lock.
#define DEFECT_WRITE
#include "defect.h"

static KSPIN_LOCK lock;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  PULONG block = ExAllocatePool2(POOL_FLAG_PAGED, 64, DEFECT_TAG);
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
  *block = 1;
  KeAcquireSpinLock(&lock, &old);
#else
  KeAcquireSpinLock(&lock, &old);
  *block = 1;
#endif
  KeReleaseSpinLock(&lock, old);
  ExFreePoolWithTag(block, DEFECT_TAG);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
