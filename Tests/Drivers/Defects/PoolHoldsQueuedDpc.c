// Releases pool with a DPC in it that is queued.
#define DEFECT_READ
#include "defect.h"

static KDEFERRED_ROUTINE DefectRoutine;
static VOID DefectRoutine(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second) {
  UNREFERENCED_PARAMETER(Dpc);
  UNREFERENCED_PARAMETER(Context);
  UNREFERENCED_PARAMETER(First);
  UNREFERENCED_PARAMETER(Second);
}

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PKDPC dpc = (PKDPC)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KDPC), DEFECT_TAG);
  KIRQL level;
  UNREFERENCED_PARAMETER(Device);
  if (dpc == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  KeInitializeDpc(dpc, DefectRoutine, NULL);
  KeRaiseIrql(DISPATCH_LEVEL, &level);
  KeInsertQueueDpc(dpc, NULL, NULL);
#ifdef REPAIRED
  KeRemoveQueueDpc(dpc);
#endif
  ExFreePoolWithTag(dpc, DEFECT_TAG);
  KeLowerIrql(level);
  return DefectAnswer(Irp);
}
