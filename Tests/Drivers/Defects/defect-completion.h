// A filter that looks at what comes back: FilterDone, which the driver defines, is the completion
// routine of its reads, writes and control requests. The lower device answers them.
#pragma once
#include "defect-filter.h"

static IO_COMPLETION_ROUTINE FilterDone;

static NTSTATUS FilterRequest(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  IoCopyCurrentIrpStackLocationToNext(Irp);
  IoSetCompletionRoutine(Irp, FilterDone, NULL, TRUE, TRUE, TRUE);
  return IoCallDriver(lower, Irp);
}

static NTSTATUS Answer(PIRP Irp) {
  if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_WRITE) {
    return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
  }
  return DefectAnswer(Irp);
}
