// Sends a request whose event is set.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UCHAR bytes[16];
  IO_STATUS_BLOCK answer;
  KEVENT event;
  PIRP request;
  NTSTATUS status;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  request = IoBuildDeviceIoControlRequest(0x222000, Device, NULL, 0, bytes, sizeof bytes, FALSE,
                                          &event, &answer);
  if (request == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifndef REPAIRED
  KeSetEvent(&event, 0, FALSE);
#endif
  status = IoCallDriver(Device, request);
  if (status == STATUS_PENDING) KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);

  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
