// Raises the level to one that is lower than its own.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL first, second;
  UNREFERENCED_PARAMETER(Device);
  KeRaiseIrql(DISPATCH_LEVEL, &first);
#ifdef REPAIRED
  KeRaiseIrql(DISPATCH_LEVEL, &second);
#else
  KeRaiseIrql(APC_LEVEL, &second);
#endif
  KeLowerIrql(second);
  KeLowerIrql(first);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
