// Initializes a guarded mutex that it has.
#define DEFECT_WRITE
#include "defect.h"

static KGUARDED_MUTEX mutex;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  KeInitializeGuardedMutex(&mutex);
  KeAcquireGuardedMutex(&mutex);
#ifndef REPAIRED
  KeInitializeGuardedMutex(&mutex);
#endif
  KeReleaseGuardedMutex(&mutex);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
