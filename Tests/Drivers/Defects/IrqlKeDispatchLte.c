// Resets an event above DISPATCH_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  KEVENT event;
  KeInitializeEvent(&event, NotificationEvent, TRUE);
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  (void)KeResetEvent(&event);
  KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
#else
  KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
  (void)KeResetEvent(&event);
#endif
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
