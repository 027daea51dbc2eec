// Returns from its dispatch routine in a critical region.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  KeEnterCriticalRegion();
#ifdef REPAIRED
  KeLeaveCriticalRegion();
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
