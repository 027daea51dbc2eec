// Waits under a spin lock.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KEVENT event;
  KIRQL old;
  LARGE_INTEGER timeout = {0};
  UNREFERENCED_PARAMETER(Device);
  KeInitializeEvent(&event, NotificationEvent, FALSE);
#ifndef REPAIRED
  timeout.QuadPart = -10000;
#endif
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout);
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
