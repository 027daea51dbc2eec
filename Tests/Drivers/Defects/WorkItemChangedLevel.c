// Has a work item that does not lower the level it raised.
#define DEFECT_WRITE
#include "defect.h"

static IO_WORKITEM_ROUTINE Run;
static KEVENT done;

static VOID Run(PDEVICE_OBJECT Device, PVOID Context) {
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Context);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
#ifdef REPAIRED
  KeLowerIrql(old);
  KeSetEvent(&done, 0, FALSE);
#endif
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_WORKITEM item = IoAllocateWorkItem(Device);
  if (item == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  KeInitializeEvent(&done, NotificationEvent, FALSE);
  IoQueueWorkItem(item, Run, DelayedWorkQueue, NULL);
  // The defect ends the machine first.
  KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
  IoFreeWorkItem(item);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
