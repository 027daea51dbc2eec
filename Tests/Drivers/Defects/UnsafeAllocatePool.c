// Asks for nonpaged pool that may be executed.
#define DEFECT_READ
#include "defect.h"

#ifdef REPAIRED
#define KIND NonPagedPoolNx
#else
#define KIND NonPagedPoolExecute
#endif

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID block = ExAllocatePoolWithTag(KIND, 64, DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  ExFreePoolWithTag(block, DEFECT_TAG);
  return DefectAnswer(Irp);
}
