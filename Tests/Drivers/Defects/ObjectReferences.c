// Lets a reference of an event go twice.
#define DEFECT_WRITE
#include "defect-event.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  HANDLE handle;
  PVOID event;
  NTSTATUS status = DefectEvent(&handle, OBJ_KERNEL_HANDLE);
  UNREFERENCED_PARAMETER(Device);
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
  status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, *ExEventObjectType, KernelMode, &event, NULL);
  ZwClose(handle);
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
  ObDereferenceObject(event);
#ifndef REPAIRED
  ObDereferenceObject(event);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
