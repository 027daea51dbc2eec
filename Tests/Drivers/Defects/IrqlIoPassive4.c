// Deletes a symbolic link at APC_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\DefectOther");
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  (void)IoDeleteSymbolicLink(&link);
  KeRaiseIrql(APC_LEVEL, &old);
#else
  KeRaiseIrql(APC_LEVEL, &old);
  (void)IoDeleteSymbolicLink(&link);
#endif
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
