// Uses an event of its own as if a program had given it.
#define DEFECT_LOAD
#include "defect-event.h"

#ifdef REPAIRED
#define MODE KernelMode
#else
#define MODE UserMode
#endif

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  HANDLE handle;
  PVOID event;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  status = DefectEvent(&handle, OBJ_KERNEL_HANDLE);
  if (!NT_SUCCESS(status)) return status;
  status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, *ExEventObjectType, MODE, &event, NULL);
  if (NT_SUCCESS(status)) ObDereferenceObject(event);
  ZwClose(handle);
  return status;
}
