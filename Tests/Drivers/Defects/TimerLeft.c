// Leaves a timer running in its image when it is unloaded.
#define DEFECT_UNLOAD
#define DEFECT_WRITE
#include "defect.h"

static KTIMER timer;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  LARGE_INTEGER due;
  UNREFERENCED_PARAMETER(Device);
  due.QuadPart = -600LL * 10000000;
  KeInitializeTimer(&timer);
  KeSetTimer(&timer, due, NULL);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
#ifdef REPAIRED
  KeCancelTimer(&timer);
#endif
}
