// A filter that takes it for granted that the lower driver completes at once.
#include "defect-filter.h"

static NTSTATUS LowerRequest(PIRP Irp) {
  if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_WRITE) {
    return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
  }
  return DefectAnswer(Irp);
}

static NTSTATUS TakeBack(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS FilterRequest(PDEVICE_OBJECT Device, PIRP Irp) {
  KEVENT event;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  IoCopyCurrentIrpStackLocationToNext(Irp);
  IoSetCompletionRoutine(Irp, TakeBack, &event, TRUE, TRUE, TRUE);
  status = IoCallDriver(lower, Irp);
#ifdef REPAIRED
  if (status == STATUS_PENDING) {
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    status = Irp->IoStatus.Status;
  }
#else
  status = STATUS_SUCCESS;
  Irp->IoStatus.Status = status;
#endif
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return status;
}
