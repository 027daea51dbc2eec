// Makes a device at DISPATCH_LEVEL.
#define WRONG_LEVEL DISPATCH_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  PDEVICE_OBJECT other;
  NTSTATUS status = IoCreateDevice(Device->DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &other);
  UNREFERENCED_PARAMETER(Irp);
  if (NT_SUCCESS(status)) IoDeleteDevice(other);
}
