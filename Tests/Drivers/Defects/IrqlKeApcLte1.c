// Tries to take a guarded mutex at DISPATCH_LEVEL.
#define DEFECT_LOAD
#define WRONG_LEVEL DISPATCH_LEVEL
#include "defect-level.h"

static KGUARDED_MUTEX mutex;

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  KeInitializeGuardedMutex(&mutex);
  return STATUS_SUCCESS;
}

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  if (KeTryToAcquireGuardedMutex(&mutex)) KeReleaseGuardedMutex(&mutex);
}
