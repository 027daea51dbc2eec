// Has a DPC that does not lower the level it raised.
#define DEFECT_WRITE
#include "defect.h"

static KDEFERRED_ROUTINE Run;
static KDPC dpc;

static VOID Run(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second) {
  KIRQL old;
  UNREFERENCED_PARAMETER(Dpc);
  UNREFERENCED_PARAMETER(Context);
  UNREFERENCED_PARAMETER(First);
  UNREFERENCED_PARAMETER(Second);
  KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
#ifdef REPAIRED
  KeLowerIrql(old);
#endif
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  KeInitializeDpc(&dpc, Run, NULL);
  KeInsertQueueDpc(&dpc, NULL, NULL);
  KeFlushQueuedDpcs();
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
