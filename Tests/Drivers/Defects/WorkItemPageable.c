// Queues a work item that lies in paged pool.
#define DEFECT_WRITE
#include "defect.h"

typedef struct WORK {
  WORK_QUEUE_ITEM Item;
  PKEVENT Done;
} WORK;

static VOID Run(PVOID Context) { KeSetEvent(((WORK *)Context)->Done, 0, FALSE); }

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KEVENT done;
  WORK *work;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  work = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(WORK), DEFECT_TAG);
#else
  work = ExAllocatePool2(POOL_FLAG_PAGED, sizeof(WORK), DEFECT_TAG);
#endif
  if (work == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  KeInitializeEvent(&done, NotificationEvent, FALSE);
  work->Done = &done;
  ExInitializeWorkItem(&work->Item, Run, work);
  ExQueueWorkItem(&work->Item, DelayedWorkQueue);
  KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
  ExFreePoolWithTag(work, DEFECT_TAG);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
