// Releases a fast mutex while it has a spin lock.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  static KSPIN_LOCK lock;
  FAST_MUTEX mutex;
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
  ExInitializeFastMutex(&mutex);
  ExAcquireFastMutex(&mutex);
  KeAcquireSpinLock(&lock, &old);
#ifdef REPAIRED
  KeReleaseSpinLock(&lock, old);
  ExReleaseFastMutex(&mutex);
#else
  ExReleaseFastMutex(&mutex);
  KeReleaseSpinLock(&lock, old);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
