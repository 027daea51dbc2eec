// Opens an event in the table of the program that calls.
#define DEFECT_WRITE
#include "defect-event.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  HANDLE handle;
  PVOID event;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  status = DefectEvent(&handle, OBJ_KERNEL_HANDLE);
#else
  status = DefectEvent(&handle, 0);
#endif
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
  status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, *ExEventObjectType, KernelMode, &event, NULL);
  if (NT_SUCCESS(status)) ObDereferenceObject(event);
  ZwClose(handle);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
