// Passes a request on to another device of its own, with the only stack location used.
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#define DEFECT_WRITE
#include "defect.h"

static PDEVICE_OBJECT other;
static volatile LONG failures;

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  NTSTATUS status = IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &other);
  if (!NT_SUCCESS(status)) return status;
  other->Flags |= DO_BUFFERED_IO;
  other->Flags &= ~DO_DEVICE_INITIALIZING;
#ifdef REPAIRED
  Device->StackSize = other->StackSize + 1;
#else
  UNREFERENCED_PARAMETER(Device);
#endif
  return STATUS_SUCCESS;
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
  IoDeleteDevice(other);
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  NTSTATUS status;
  if (Device == other) return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
#ifdef REPAIRED
  IoCopyCurrentIrpStackLocationToNext(Irp);
#endif
  status = IoCallDriver(other, Irp);
  if (!NT_SUCCESS(status)) InterlockedIncrement(&failures);
  return status;
}
