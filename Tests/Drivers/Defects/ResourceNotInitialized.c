// Deletes a resource twice.
#define DEFECT_WRITE
#include "defect.h"

static ERESOURCE resource;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  ExInitializeResourceLite(&resource);
  ExDeleteResourceLite(&resource);
#ifndef REPAIRED
  ExDeleteResourceLite(&resource);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
