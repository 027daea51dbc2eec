// Releases pool with a timer in it that is set.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PKTIMER timer = (PKTIMER)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KTIMER), DEFECT_TAG);
  LARGE_INTEGER due;
  UNREFERENCED_PARAMETER(Device);
  if (timer == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  KeInitializeTimer(timer);
  due.QuadPart = -600LL * 10000000;
  KeSetTimer(timer, due, NULL);
#ifdef REPAIRED
  KeCancelTimer(timer);
#endif
  ExFreePoolWithTag(timer, DEFECT_TAG);
  return DefectAnswer(Irp);
}
