// Initializes a resource twice.
#define DEFECT_WRITE
#include "defect.h"

static ERESOURCE resource;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  ExInitializeResourceLite(&resource);
#ifndef REPAIRED
  ExInitializeResourceLite(&resource);
#endif
  ExDeleteResourceLite(&resource);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
