// Uses the handle of an event that it could not make.
#define DEFECT_WRITE
#include "defect-event.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  HANDLE handle = NULL;
  PVOID event;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  status = DefectEvent(&handle, OBJ_KERNEL_HANDLE);
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
#endif
  status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, *ExEventObjectType, KernelMode, &event, NULL);
  if (NT_SUCCESS(status)) ObDereferenceObject(event);
#ifdef REPAIRED
  ZwClose(handle);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
