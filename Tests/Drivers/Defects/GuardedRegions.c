// Leaves a guarded region that it did not enter.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  KeEnterGuardedRegion();
#endif
  KeLeaveGuardedRegion();
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
