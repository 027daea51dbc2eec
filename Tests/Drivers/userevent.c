// Sets the event whose handle a program gives: { ULONG kind; HANDLE event; }. Kind 1 sets it at once,
// kind 2 in a DPC when its timer is due.
#include <ntddk.h>

#define SET_EVENT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct {
  ULONG kind;
  HANDLE event;
} Input;

static PDEVICE_OBJECT device;
static KTIMER timer;
static KDPC dpc;
static PKEVENT kept;

static void Deferred(PKDPC object, PVOID context, PVOID first, PVOID second) {
  PKEVENT event = kept;
  UNREFERENCED_PARAMETER(object);
  UNREFERENCED_PARAMETER(context);
  UNREFERENCED_PARAMETER(first);
  UNREFERENCED_PARAMETER(second);
  kept = NULL;
  KeSetEvent(event, IO_NO_INCREMENT, FALSE);
  ObDereferenceObjectDeferDelete(event);
}

static NTSTATUS Set(Input *input) {
  LARGE_INTEGER due = {.QuadPart = -10000};
  PKEVENT event;
  NTSTATUS status = ObReferenceObjectByHandle(input->event, SYNCHRONIZE | EVENT_MODIFY_STATE,
                                              *ExEventObjectType, UserMode, (PVOID *)&event, NULL);
  if (!NT_SUCCESS(status)) return status;
  if (input->kind == 2) {
    kept = event;
    KeSetTimer(&timer, due, &dpc);
    return STATUS_SUCCESS;
  }
  KeSetEvent(event, IO_NO_INCREMENT, FALSE);
  ObDereferenceObject(event);
  return STATUS_SUCCESS;
}

static NTSTATUS Dispatch(PDEVICE_OBJECT object, PIRP irp) {
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
  NTSTATUS status = STATUS_SUCCESS;
  UNREFERENCED_PARAMETER(object);
  if (location->MajorFunction == IRP_MJ_DEVICE_CONTROL) {
    status = STATUS_INVALID_PARAMETER;
    if (location->Parameters.DeviceIoControl.IoControlCode == SET_EVENT &&
        location->Parameters.DeviceIoControl.InputBufferLength >= sizeof(Input)) {
      status = Set(irp->AssociatedIrp.SystemBuffer);
    }
  }
  irp->IoStatus.Status = status;
  irp->IoStatus.Information = 0;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return status;
}

static void Unload(PDRIVER_OBJECT driver) {
  UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\UserEvent");
  UNREFERENCED_PARAMETER(driver);
  KeCancelTimer(&timer);
  KeFlushQueuedDpcs();
  IoDeleteSymbolicLink(&link);
  IoDeleteDevice(device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\UserEvent");
  UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\UserEvent");
  NTSTATUS status = IoCreateDevice(driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  UNREFERENCED_PARAMETER(path);
  if (!NT_SUCCESS(status)) return status;
  KeInitializeTimer(&timer);
  KeInitializeDpc(&dpc, Deferred, NULL);
  driver->MajorFunction[IRP_MJ_CREATE] = Dispatch;
  driver->MajorFunction[IRP_MJ_CLOSE] = Dispatch;
  driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
  driver->DriverUnload = Unload;
  status = IoCreateSymbolicLink(&link, &name);
  if (!NT_SUCCESS(status)) IoDeleteDevice(device);
  return status;
}
