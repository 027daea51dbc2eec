// Leaves a critical region twice.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  KeEnterCriticalRegion();
  KeLeaveCriticalRegion();
#ifndef REPAIRED
  KeLeaveCriticalRegion();
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
