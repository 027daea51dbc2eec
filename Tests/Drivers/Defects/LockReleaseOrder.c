// Releases the outer of two spin locks first, which lowers the level under the inner one.
#define DEFECT_WRITE
#include "defect.h"

static KSPIN_LOCK outer, inner;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
  KeAcquireSpinLock(&outer, &old);
  KeAcquireSpinLockAtDpcLevel(&inner);
#ifdef REPAIRED
  KeReleaseSpinLockFromDpcLevel(&inner);
  KeReleaseSpinLock(&outer, old);
#else
  KeReleaseSpinLock(&outer, old);
  KeReleaseSpinLock(&inner, old);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
