// Uses a handle that it has closed.
#define DEFECT_WRITE
#include "defect-event.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  HANDLE handle;
  PVOID event;
  NTSTATUS status = DefectEvent(&handle, OBJ_KERNEL_HANDLE);
  UNREFERENCED_PARAMETER(Device);
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
#ifndef REPAIRED
  ZwClose(handle);
#endif
  status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, *ExEventObjectType, KernelMode, &event, NULL);
  if (NT_SUCCESS(status)) ObDereferenceObject(event);
#ifdef REPAIRED
  ZwClose(handle);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
