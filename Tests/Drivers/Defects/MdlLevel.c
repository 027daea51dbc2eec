// Unlocks pages above DISPATCH_LEVEL.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PMDL mdl = IoAllocateMdl(Irp->AssociatedIrp.SystemBuffer, 64, FALSE, FALSE, NULL);
  KIRQL level;
  UNREFERENCED_PARAMETER(Device);
  if (mdl == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
#ifdef REPAIRED
  KeRaiseIrql(DISPATCH_LEVEL, &level);
  MmUnlockPages(mdl);
  KeLowerIrql(level);
#else
  KeRaiseIrql(HIGH_LEVEL, &level);
  MmUnlockPages(mdl);
  KeLowerIrql(level);
#endif
  IoFreeMdl(mdl);
  return DefectAnswer(Irp);
}
