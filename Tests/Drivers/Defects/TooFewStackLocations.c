// Sends a request of its own that has one stack location to the top of a stack of two devices.
#include "defect-filter.h"

static NTSTATUS LowerRequest(PIRP Irp) {
  if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_WRITE) {
    return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
  }
  return DefectAnswer(Irp);
}

static NTSTATUS TakeBack(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Context);
  IoFreeIrp(Irp);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS FilterRequest(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  if (stack->MajorFunction == IRP_MJ_READ) {
#ifdef REPAIRED
    PIRP own = IoAllocateIrp(filter->StackSize, FALSE);
#else
    PIRP own = IoAllocateIrp(1, FALSE);
#endif
    if (own == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    IoGetNextIrpStackLocation(own)->MajorFunction = IRP_MJ_WRITE;
    IoSetCompletionRoutine(own, TakeBack, NULL, TRUE, TRUE, TRUE);
    IoCallDriver(filter, own);
  }
  return PassOn(Device, Irp);
}
