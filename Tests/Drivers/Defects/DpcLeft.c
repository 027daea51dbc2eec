// Goes while its DPC still runs on another processor.
#define DEFECT_CONTROL
#define DEFECT_UNLOAD
#include "defect.h"

static KDPC Dpc;
static volatile LONG Stop;

static VOID Run(PKDPC Own, PVOID Context, PVOID First, PVOID Second) {
  UNREFERENCED_PARAMETER(Own);
  UNREFERENCED_PARAMETER(Context);
  UNREFERENCED_PARAMETER(First);
  UNREFERENCED_PARAMETER(Second);
  while (!Stop) KeStallExecutionProcessor(10);
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  KeInitializeDpc(&Dpc, Run, NULL);
  KeSetTargetProcessorDpc(&Dpc, KeGetCurrentProcessorNumber() == 0 ? 1 : 0);
  KeInsertQueueDpc(&Dpc, NULL, NULL);
  return DefectAnswer(Irp);
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
#ifdef REPAIRED
  Stop = TRUE;
  KeFlushQueuedDpcs();
#endif
}
