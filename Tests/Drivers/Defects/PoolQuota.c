// Allocates pool that the current process pays for in a DPC, where any process may be current.
#define DEFECT_READ
#include "defect.h"

typedef struct DEFECT_WORK {
  KDPC Dpc;
  KEVENT Done;
  PVOID Block;
} DEFECT_WORK, *PDEFECT_WORK;

static VOID Allocate(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second) {
  PDEFECT_WORK work = (PDEFECT_WORK)Context;
  UNREFERENCED_PARAMETER(Dpc);
  UNREFERENCED_PARAMETER(First);
  UNREFERENCED_PARAMETER(Second);
#ifdef REPAIRED
  work->Block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, DEFECT_TAG);
#else
  work->Block = ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_USE_QUOTA, 64, DEFECT_TAG);
#endif
  KeSetEvent(&work->Done, 0, FALSE);
}

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  DEFECT_WORK work;
  UNREFERENCED_PARAMETER(Device);
  KeInitializeEvent(&work.Done, NotificationEvent, FALSE);
  KeInitializeDpc(&work.Dpc, Allocate, &work);
  KeInsertQueueDpc(&work.Dpc, NULL, NULL);
  KeWaitForSingleObject(&work.Done, Executive, KernelMode, FALSE, NULL);
  KeFlushQueuedDpcs();
  if (work.Block != NULL) ExFreePoolWithTag(work.Block, DEFECT_TAG);
  return DefectAnswer(Irp);
}
