// Releases an IRP as pool.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PIRP other = IoAllocateIrp(1, FALSE);
  UNREFERENCED_PARAMETER(Device);
  if (other == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
  IoFreeIrp(other);
#else
  ExFreePool(other);
#endif
  return DefectAnswer(Irp);
}
