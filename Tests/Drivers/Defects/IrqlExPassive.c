// Makes an identifier at APC_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  GUID identifier;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  (void)ExUuidCreate(&identifier);
  KeRaiseIrql(APC_LEVEL, &old);
#else
  KeRaiseIrql(APC_LEVEL, &old);
  (void)ExUuidCreate(&identifier);
#endif
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
