// Enters a guarded region at DISPATCH_LEVEL.
#define WRONG_LEVEL DISPATCH_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  KeEnterGuardedRegion();
  KeLeaveGuardedRegion();
}
