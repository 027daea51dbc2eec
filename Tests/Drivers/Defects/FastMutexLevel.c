// Takes a fast mutex under a spin lock.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  FAST_MUTEX mutex;
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
  ExInitializeFastMutex(&mutex);
#ifdef REPAIRED
  ExAcquireFastMutex(&mutex);
  ExReleaseFastMutex(&mutex);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
#else
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  if (ExTryToAcquireFastMutex(&mutex)) ExReleaseFastMutex(&mutex);
#endif
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
