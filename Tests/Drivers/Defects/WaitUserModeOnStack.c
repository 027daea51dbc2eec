// Waits in UserMode for an event on its stack.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KEVENT event;
  UNREFERENCED_PARAMETER(Device);
  KeInitializeEvent(&event, NotificationEvent, TRUE);
#ifdef REPAIRED
  KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
#else
  KeWaitForSingleObject(&event, Executive, UserMode, FALSE, NULL);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
