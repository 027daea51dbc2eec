// Takes a push lock without a critical region.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  EX_PUSH_LOCK lock;
  UNREFERENCED_PARAMETER(Device);
  ExInitializePushLock(&lock);
#ifdef REPAIRED
  KeEnterCriticalRegion();
#endif
  ExAcquirePushLockExclusive(&lock);
  ExReleasePushLockExclusive(&lock);
#ifdef REPAIRED
  KeLeaveCriticalRegion();
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
