// Takes a spin lock by the routine for DISPATCH_LEVEL below it.
#define DEFECT_WRITE
#include "defect.h"

static KSPIN_LOCK lock;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old = PASSIVE_LEVEL;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  KeRaiseIrql(DISPATCH_LEVEL, &old);
#endif
  KeAcquireSpinLockAtDpcLevel(&lock);
  KeReleaseSpinLockFromDpcLevel(&lock);
#ifdef REPAIRED
  KeLowerIrql(old);
#else
  UNREFERENCED_PARAMETER(old);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
