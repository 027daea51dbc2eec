// Uses the handle of an event that it could not make.
#define DEFECT_WRITE
#include "defect.h"

#ifdef REPAIRED
// Makes an event without a name.
static NTSTATUS Make(HANDLE *Handle, ULONG Flags) {
  OBJECT_ATTRIBUTES attributes;
  InitializeObjectAttributes(&attributes, NULL, Flags, NULL, NULL);
  return ZwCreateEvent(Handle, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE);
}
#endif

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  HANDLE handle = NULL;
  PVOID event;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  status = Make(&handle, OBJ_KERNEL_HANDLE);
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
#endif
  status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, *ExEventObjectType, KernelMode, &event, NULL);
  if (NT_SUCCESS(status)) ObDereferenceObject(event);
#ifdef REPAIRED
  ZwClose(handle);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
