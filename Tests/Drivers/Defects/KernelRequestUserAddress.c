// Sends itself a request of its own with the program's buffer.
#define DEFECT_FLAGS 0
#define DEFECT_READ
#define DEFECT_CONTROL
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID buffer;
  IO_STATUS_BLOCK answer;
  KEVENT event;
  PIRP irp;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  UCHAR own[64];
  buffer = own;
#else
  buffer = Irp->UserBuffer;
#endif
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  irp = IoBuildDeviceIoControlRequest(CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_NEITHER, FILE_ANY_ACCESS),
                                      Device, NULL, 0, buffer, 64, FALSE, &event, &answer);
  if (irp != NULL && IoCallDriver(Device, irp) == STATUS_PENDING) {
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
  }
  return DefectComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return DefectComplete(Irp, STATUS_SUCCESS, 0);
}
