// Enters a guarded region at DISPATCH_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  KeEnterGuardedRegion(); KeLeaveGuardedRegion();
  KeRaiseIrql(DISPATCH_LEVEL, &old);
#else
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  KeEnterGuardedRegion(); KeLeaveGuardedRegion();
#endif
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
