// Releases pool with a work item in it that is queued: all worker threads are busy meanwhile.
#define DEFECT_READ
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#include "defect.h"

#define BUSY_COUNT 16

static WORK_QUEUE_ITEM Busy[BUSY_COUNT];
static volatile LONG BegunCount;
static KEVENT AllBegun, MayEnd, Done;
static KSEMAPHORE Ended;

static VOID Occupy(PVOID Context) {
  UNREFERENCED_PARAMETER(Context);
  if (InterlockedIncrement(&BegunCount) == BUSY_COUNT) KeSetEvent(&AllBegun, 0, FALSE);
  KeWaitForSingleObject(&MayEnd, Executive, KernelMode, FALSE, NULL);
  KeReleaseSemaphore(&Ended, 0, 1, FALSE);
}

static VOID Work(PVOID Context) { KeSetEvent((PKEVENT)Context, 0, FALSE); }

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  KeInitializeEvent(&AllBegun, NotificationEvent, FALSE);
  KeInitializeEvent(&MayEnd, NotificationEvent, FALSE);
  KeInitializeEvent(&Done, NotificationEvent, FALSE);
  KeInitializeSemaphore(&Ended, 0, BUSY_COUNT);
  return STATUS_SUCCESS;
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
  for (int i = 0; i < BUSY_COUNT; i++) {
    KeWaitForSingleObject(&Ended, Executive, KernelMode, FALSE, NULL);
  }
}

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PWORK_QUEUE_ITEM item;
  UNREFERENCED_PARAMETER(Device);
  for (int i = 0; i < BUSY_COUNT; i++) {
    ExInitializeWorkItem(&Busy[i], Occupy, NULL);
    ExQueueWorkItem(&Busy[i], DelayedWorkQueue);
  }
  KeWaitForSingleObject(&AllBegun, Executive, KernelMode, FALSE, NULL);
  item = (PWORK_QUEUE_ITEM)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*item), DEFECT_TAG);
  if (item == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  ExInitializeWorkItem(item, Work, &Done);
  ExQueueWorkItem(item, DelayedWorkQueue);
#ifdef REPAIRED
  KeSetEvent(&MayEnd, 0, FALSE);
  KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
#endif
  ExFreePoolWithTag(item, DEFECT_TAG);
  KeSetEvent(&MayEnd, 0, FALSE);
  return DefectAnswer(Irp);
}
