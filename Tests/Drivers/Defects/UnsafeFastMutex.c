// Takes a fast mutex by the unsafe routine with kernel APCs on.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  FAST_MUTEX mutex;
  UNREFERENCED_PARAMETER(Device);
  ExInitializeFastMutex(&mutex);
#ifdef REPAIRED
  KeEnterCriticalRegion();
#endif
  ExAcquireFastMutexUnsafe(&mutex);
  ExReleaseFastMutexUnsafe(&mutex);
#ifdef REPAIRED
  KeLeaveCriticalRegion();
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
