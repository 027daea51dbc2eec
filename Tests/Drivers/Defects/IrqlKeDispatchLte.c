// Resets an event above DISPATCH_LEVEL.
#define WRONG_LEVEL DISPATCH_LEVEL + 1
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  KEVENT event;
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  KeInitializeEvent(&event, NotificationEvent, TRUE);
  (void)KeResetEvent(&event);
}
