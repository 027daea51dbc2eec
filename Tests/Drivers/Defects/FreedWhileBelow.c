// A driver that frees a request of its own as soon as IoCallDriver has returned.
#include "defect-filter.h"

static NTSTATUS LowerRequest(PIRP Irp) {
  switch (IoGetCurrentIrpStackLocation(Irp)->MajorFunction) {
    case IRP_MJ_READ:
    case IRP_MJ_DEVICE_CONTROL:
      return DefectAnswer(Irp);
    default:
      return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
  }
}

static NTSTATUS TakeBack(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Context);
#ifdef REPAIRED
  IoFreeIrp(Irp);
#else
  UNREFERENCED_PARAMETER(Irp);
#endif
  return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS FilterRequest(PDEVICE_OBJECT Device, PIRP Irp) {
  if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_WRITE) {
    PIRP own = IoAllocateIrp(lower->StackSize, FALSE);
    if (own == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    IoGetNextIrpStackLocation(own)->MajorFunction = IRP_MJ_WRITE;
    IoSetCompletionRoutine(own, TakeBack, NULL, TRUE, TRUE, TRUE);
    IoCallDriver(lower, own);
#ifndef REPAIRED
    IoFreeIrp(own);
#endif
  }
  return PassOn(Device, Irp);
}
