// Returns from its dispatch routine with a spin lock, on one way out of two.
#define DEFECT_WRITE
#include "defect.h"

static KSPIN_LOCK lock;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  NTSTATUS status;
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
  KeAcquireSpinLock(&lock, &old);
  status = DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
#ifdef REPAIRED
  KeReleaseSpinLock(&lock, old);
#endif
  return status;
}
