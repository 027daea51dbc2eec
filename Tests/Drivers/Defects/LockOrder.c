// Takes two spin locks in one order as it writes, and in the other order as it reads.
#define DEFECT_READ
#define DEFECT_WRITE
#include "defect.h"

static KSPIN_LOCK first, second;

static VOID Both(PKSPIN_LOCK Outer, PKSPIN_LOCK Inner) {
  KIRQL old;
  KeAcquireSpinLock(Outer, &old);
  KeAcquireSpinLockAtDpcLevel(Inner);
  KeReleaseSpinLockFromDpcLevel(Inner);
  KeReleaseSpinLock(Outer, old);
}

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  Both(&first, &second);
  return DefectAnswer(Irp);
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  Both(&first, &second);
#else
  Both(&second, &first);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
