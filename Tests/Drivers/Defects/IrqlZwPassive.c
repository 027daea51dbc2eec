// Closes a handle at APC_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  OBJECT_ATTRIBUTES attributes;
  HANDLE event;
  KIRQL old = PASSIVE_LEVEL;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
  InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
  status = ZwCreateEvent(&event, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE);
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
#ifndef REPAIRED
  KeRaiseIrql(APC_LEVEL, &old);
#endif
  ZwClose(event);
#ifndef REPAIRED
  KeLowerIrql(old);
#else
  UNREFERENCED_PARAMETER(old);
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
