// Takes a spin lock that it has.
#define DEFECT_WRITE
#include "defect.h"

static KSPIN_LOCK lock;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
  KeAcquireSpinLock(&lock, &old);
#ifndef REPAIRED
  KeAcquireSpinLockAtDpcLevel(&lock);
  KeReleaseSpinLockFromDpcLevel(&lock);
#endif
  KeReleaseSpinLock(&lock, old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
