// Has the system use an event in a block that was released.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PKEVENT event = (PKEVENT)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KEVENT), DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  if (event == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  KeInitializeEvent(event, NotificationEvent, FALSE);
#ifdef REPAIRED
  KeSetEvent(event, IO_NO_INCREMENT, FALSE);
  ExFreePoolWithTag(event, DEFECT_TAG);
#else
  ExFreePoolWithTag(event, DEFECT_TAG);
  KeSetEvent(event, IO_NO_INCREMENT, FALSE);
#endif
  return DefectAnswer(Irp);
}
