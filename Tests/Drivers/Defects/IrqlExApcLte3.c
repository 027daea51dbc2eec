// Deletes a resource at DISPATCH_LEVEL.
#define WRONG_LEVEL DISPATCH_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  ERESOURCE resource;
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  if (NT_SUCCESS(ExInitializeResourceLite(&resource))) (void)ExDeleteResourceLite(&resource);
}
