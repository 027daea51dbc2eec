// Returns from its dispatch routine at DISPATCH_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  status = DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
#ifdef REPAIRED
  KeLowerIrql(old);
#endif
  return status;
}
