// Acquires a queued spin lock with the routine for plain ones.
#define DEFECT_WRITE
#include "defect.h"

static KSPIN_LOCK lock;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KLOCK_QUEUE_HANDLE handle;
  UNREFERENCED_PARAMETER(Device);
  KeAcquireInStackQueuedSpinLock(&lock, &handle);
  KeReleaseInStackQueuedSpinLock(&handle);
#ifdef REPAIRED
  KeAcquireInStackQueuedSpinLock(&lock, &handle);
  KeReleaseInStackQueuedSpinLock(&handle);
#else
  KeAcquireSpinLock(&lock, &handle.OldIrql);
  KeReleaseSpinLock(&lock, handle.OldIrql);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
