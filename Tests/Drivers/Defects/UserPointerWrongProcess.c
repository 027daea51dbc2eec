// Has a worker thread read the memory of the program that sent the request.
#define DEFECT_FLAGS 0
#define DEFECT_WRITE
#include "defect.h"

static volatile UCHAR last;

typedef struct _WORK {
  WORK_QUEUE_ITEM Item;
  KEVENT Done;
  volatile UCHAR *Address;
} WORK, *PWORK;

static VOID Work(PVOID Context) {
  PWORK work = Context;
  __try {
    last = *work->Address;
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    last = 0;
  }
  KeSetEvent(&work->Done, IO_NO_INCREMENT, FALSE);
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  WORK work;
  PVOID address = Irp->UserBuffer;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  PMDL mdl = IoAllocateMdl(Irp->UserBuffer, DefectLength(Irp), FALSE, FALSE, NULL);
  if (mdl == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  __try {
    MmProbeAndLockPages(mdl, UserMode, IoReadAccess);
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    IoFreeMdl(mdl);
    return DefectComplete(Irp, GetExceptionCode(), 0);
  }
  address = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
#endif
  if (address != NULL) {
    work.Address = address;
    KeInitializeEvent(&work.Done, NotificationEvent, FALSE);
    ExInitializeWorkItem(&work.Item, Work, &work);
    ExQueueWorkItem(&work.Item, DelayedWorkQueue);
    KeWaitForSingleObject(&work.Done, Executive, KernelMode, FALSE, NULL);
  }
#ifdef REPAIRED
  MmUnlockPages(mdl);
  IoFreeMdl(mdl);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
