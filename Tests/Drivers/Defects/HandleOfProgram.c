// Opens an event in the table of the program that calls.
#define DEFECT_WRITE
#include "defect.h"

// Makes an event without a name.
static NTSTATUS Make(HANDLE *Handle, ULONG Flags) {
  OBJECT_ATTRIBUTES attributes;
  InitializeObjectAttributes(&attributes, NULL, Flags, NULL, NULL);
  return ZwCreateEvent(Handle, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE);
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  HANDLE handle;
  PVOID event;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  status = Make(&handle, OBJ_KERNEL_HANDLE);
#else
  status = Make(&handle, 0);
#endif
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
  status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, *ExEventObjectType, KernelMode, &event, NULL);
  if (NT_SUCCESS(status)) ObDereferenceObject(event);
  ZwClose(handle);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
