// Completes a request above DISPATCH_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  NTSTATUS status;
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  KeRaiseIrql(DISPATCH_LEVEL, &old);
#else
  KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
#endif
  status = DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
  KeLowerIrql(old);
  return status;
}
