// Leaves behind what the control code says, one of each kind that reports on leaks know.
#define DEFECT_CONTROL
#include "Defects/defect.h"

#define BUSY_COUNT 16

static LOOKASIDE_LIST_EX List;
static KTIMER Timer;
static WORK_QUEUE_ITEM Items[BUSY_COUNT + 1];
static KEVENT MayEnd;
static KSEMAPHORE Begun, Ended;

static VOID Work(PVOID Context) {
  UNREFERENCED_PARAMETER(Context);
  KeReleaseSemaphore(&Begun, 0, 1, FALSE);
  KeWaitForSingleObject(&MayEnd, Executive, KernelMode, FALSE, NULL);
  KeReleaseSemaphore(&Ended, 0, 1, FALSE);
}

// All worker threads get something to do, and one item is left in the queue.
static VOID LeaveWorkItem(void) {
  KeInitializeEvent(&MayEnd, NotificationEvent, FALSE);
  KeInitializeSemaphore(&Begun, 0, BUSY_COUNT + 1);
  KeInitializeSemaphore(&Ended, 0, BUSY_COUNT + 1);
  for (int i = 0; i < BUSY_COUNT; i++) {
    ExInitializeWorkItem(&Items[i], Work, NULL);
    ExQueueWorkItem(&Items[i], DelayedWorkQueue);
  }
  for (int i = 0; i < BUSY_COUNT; i++) {
    KeWaitForSingleObject(&Begun, Executive, KernelMode, FALSE, NULL);
  }
  ExInitializeWorkItem(&Items[BUSY_COUNT], Work, NULL);
  ExQueueWorkItem(&Items[BUSY_COUNT], DelayedWorkQueue);
}

static VOID EndWorkItems(void) {
  KeSetEvent(&MayEnd, 0, FALSE);
  for (int i = 0; i <= BUSY_COUNT; i++) {
    KeWaitForSingleObject(&Ended, Executive, KernelMode, FALSE, NULL);
  }
}

static VOID LeaveEvent(void) {
  OBJECT_ATTRIBUTES attributes;
  HANDLE event;
  InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
  ZwCreateEvent(&event, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE);
}

static VOID LeaveLock(PVOID Address) {
  PMDL mdl = IoAllocateMdl(Address, 64, FALSE, FALSE, NULL);
  if (mdl == NULL) return;
  __try {
    MmProbeAndLockPages(mdl, UserMode, IoReadAccess);
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    IoFreeMdl(mdl);
  }
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  LARGE_INTEGER due;
  UNREFERENCED_PARAMETER(Device);
  due.QuadPart = -600LL * 10000000;
  switch ((stack->Parameters.DeviceIoControl.IoControlCode >> 2) & 0xFF) {
    case 0: ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, DEFECT_TAG); break;
    case 1: IoAllocateMdl(&Timer, sizeof Timer, FALSE, FALSE, NULL); break;
    case 2: IoAllocateIrp(1, FALSE); break;
    case 3:
      ExInitializeLookasideListEx(&List, NULL, NULL, NonPagedPoolNx, 0, 48, DEFECT_TAG, 0);
      break;
    case 4: LeaveEvent(); break;
    case 5: LeaveLock(*(PVOID *)Irp->AssociatedIrp.SystemBuffer); break;
    case 6:
      KeInitializeTimer(&Timer);
      KeSetTimer(&Timer, due, NULL);
      break;
    case 7: LeaveWorkItem(); break;
    case 8: EndWorkItems(); break;
  }
  return DefectComplete(Irp, STATUS_SUCCESS, 0);
}
