// Returns the status that it looks up in the IRP, which is the system's again.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG length = DefectLength(Irp);
#ifdef REPAIRED
  NTSTATUS status = STATUS_SUCCESS;
#endif
  UNREFERENCED_PARAMETER(Device);
  RtlFillMemory(Irp->AssociatedIrp.SystemBuffer, length, 0x5A);
  Irp->IoStatus.Information = length;
#ifdef REPAIRED
  Irp->IoStatus.Status = status;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return status;
#else
  Irp->IoStatus.Status = STATUS_SUCCESS;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Irp->IoStatus.Status;
#endif
}
