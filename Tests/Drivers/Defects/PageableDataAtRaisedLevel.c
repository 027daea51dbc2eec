// Counts in a pageable section under a spin lock.
#define DEFECT_WRITE
#include "defect.h"

static KSPIN_LOCK lock;

#pragma data_seg("PAGEDATA")
static volatile ULONG count = 1;
#pragma data_seg()

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  count++;
  KeAcquireSpinLock(&lock, &old);
#else
  KeAcquireSpinLock(&lock, &old);
  count++;
#endif
  KeReleaseSpinLock(&lock, old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
