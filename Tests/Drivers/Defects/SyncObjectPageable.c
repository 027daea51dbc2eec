// Sets an event up in paged pool.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  PKEVENT event;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  event = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KEVENT), DEFECT_TAG);
#else
  event = ExAllocatePool2(POOL_FLAG_PAGED, sizeof(KEVENT), DEFECT_TAG);
#endif
  if (event == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  KeInitializeEvent(event, NotificationEvent, FALSE);
  ExFreePoolWithTag(event, DEFECT_TAG);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
