// Takes a resource outside of a critical region.
#define DEFECT_WRITE
#include "defect.h"

static ERESOURCE resource;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  ExInitializeResourceLite(&resource);
#ifdef REPAIRED
  KeEnterCriticalRegion();
#endif
  ExAcquireResourceExclusiveLite(&resource, TRUE);
  ExReleaseResourceLite(&resource);
#ifdef REPAIRED
  KeLeaveCriticalRegion();
#endif
  ExDeleteResourceLite(&resource);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
