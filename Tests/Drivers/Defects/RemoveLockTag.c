// Releases a remove lock with another tag than it took it with.
#define DEFECT_LOAD
#define DEFECT_WRITE
#include "defect.h"

static IO_REMOVE_LOCK lock;

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  IoInitializeRemoveLock(&lock, DEFECT_TAG, 0, 0);
  return STATUS_SUCCESS;
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  NTSTATUS status = IoAcquireRemoveLock(&lock, Irp);
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
#ifdef REPAIRED
  UNREFERENCED_PARAMETER(Device);
  IoReleaseRemoveLock(&lock, Irp);
#else
  IoReleaseRemoveLock(&lock, Device);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
