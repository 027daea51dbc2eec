// Looks a handle up at APC_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  PVOID body = NULL;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  (void)ObReferenceObjectByHandle(NULL, 0, NULL, KernelMode, &body, NULL);
  KeRaiseIrql(APC_LEVEL, &old);
#else
  KeRaiseIrql(APC_LEVEL, &old);
  (void)ObReferenceObjectByHandle(NULL, 0, NULL, KernelMode, &body, NULL);
#endif
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
