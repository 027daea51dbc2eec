// Makes a device at DISPATCH_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  PDEVICE_OBJECT other = NULL;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  if (NT_SUCCESS(IoCreateDevice(Device->DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &other))) IoDeleteDevice(other);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
#else
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  if (NT_SUCCESS(IoCreateDevice(Device->DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &other))) IoDeleteDevice(other);
#endif
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
