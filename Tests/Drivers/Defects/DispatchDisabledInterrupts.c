// Returns from its dispatch routine with interrupts off.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  _disable();
#ifdef REPAIRED
  _enable();
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
