// Sets an event above DISPATCH_LEVEL, as an interrupt routine might.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  KEVENT event;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  (void)KeSetEvent(&event, 0, FALSE);
  KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
#else
  KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
  (void)KeSetEvent(&event, 0, FALSE);
#endif
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
