// Sends a request twice that the I/O manager made, and that goes with its first completion.
#define DEFECT_WRITE
#include "defect.h"

static PIRP Build(PDEVICE_OBJECT Device, PKEVENT Event, PIO_STATUS_BLOCK Answer) {
  KeInitializeEvent(Event, NotificationEvent, FALSE);
  return IoBuildDeviceIoControlRequest(0x222000, Device, NULL, 0, NULL, 0, FALSE, Event, Answer);
}

static VOID Send(PDEVICE_OBJECT Device, PIRP Request, PKEVENT Event) {
  if (IoCallDriver(Device, Request) == STATUS_PENDING) {
    KeWaitForSingleObject(Event, Executive, KernelMode, FALSE, NULL);
  }
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  IO_STATUS_BLOCK answer;
  KEVENT event;
  PIRP request = Build(Device, &event, &answer);
  if (request == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifndef REPAIRED
  // To be sure that it is as new.
  IoReuseIrp(request, STATUS_SUCCESS);
#endif
  Send(Device, request, &event);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
