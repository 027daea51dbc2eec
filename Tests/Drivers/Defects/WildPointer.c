// Writes through an address that it found in the data of a control request.
#define DEFECT_CONTROL
#include "defect.h"

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG_PTR *data = (ULONG_PTR *)Irp->AssociatedIrp.SystemBuffer;
  NTSTATUS status = STATUS_SUCCESS;
  UNREFERENCED_PARAMETER(Device);
  __try {
#ifdef REPAIRED
    ProbeForWrite((PVOID)data[0], sizeof(ULONG), sizeof(UCHAR));
#endif
    *(volatile ULONG *)data[0] += 1;
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    status = GetExceptionCode();
  }
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
  return DefectAnswer(Irp);
}
