// Returns another status than it completed the request with.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  DefectComplete(Irp, STATUS_DEVICE_NOT_READY, 0);
#ifdef REPAIRED
  return STATUS_DEVICE_NOT_READY;
#else
  return STATUS_SUCCESS;
#endif
}
