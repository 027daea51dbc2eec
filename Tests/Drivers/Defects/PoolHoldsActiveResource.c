// Releases pool with an ERESOURCE in it that was not deleted.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PERESOURCE resource = (PERESOURCE)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(ERESOURCE), DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  if (resource == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  ExInitializeResourceLite(resource);
#ifdef REPAIRED
  ExDeleteResourceLite(resource);
#endif
  ExFreePoolWithTag(resource, DEFECT_TAG);
  return DefectAnswer(Irp);
}
