// Returns success and keeps the request.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
#else
  UNREFERENCED_PARAMETER(Irp);
  return STATUS_SUCCESS;
#endif
}
