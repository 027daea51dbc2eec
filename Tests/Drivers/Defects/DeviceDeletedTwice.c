// Deletes a device twice while somebody has a reference to it.
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#include "defect.h"

static PDEVICE_OBJECT other;

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  NTSTATUS status = IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &other);
  UNREFERENCED_PARAMETER(Device);
  if (!NT_SUCCESS(status)) return status;
  ObReferenceObject(other);
  other->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
  IoDeleteDevice(other);
#ifndef REPAIRED
  IoDeleteDevice(other);
#endif
  ObDereferenceObject(other);
}
