// Completes a read as many milliseconds later as it has bytes, by a timer and 30 at least, and says in which order close and unload came.
#include <ntddk.h>

static PIRP waiting;
static KTIMER timer;
static KDPC dpc;
static BOOLEAN isClosed;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status) {
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = 0;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

static void Due(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second) {
  UNREFERENCED_PARAMETER(Dpc);
  UNREFERENCED_PARAMETER(Context);
  UNREFERENCED_PARAMETER(First);
  UNREFERENCED_PARAMETER(Second);
  Complete(waiting, STATUS_SUCCESS);
}

static NTSTATUS Dispatch(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  switch (IoGetCurrentIrpStackLocation(Irp)->MajorFunction) {
    case IRP_MJ_READ: {
      ULONG length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length;
      LARGE_INTEGER time = {.QuadPart = -10000 * (LONGLONG)(length < 30 ? 30 : length)};
      IoMarkIrpPending(Irp);
      waiting = Irp;
      KeSetTimer(&timer, time, &dpc);
      return STATUS_PENDING;
    }
    case IRP_MJ_CLOSE: isClosed = TRUE; break;
  }
  return Complete(Irp, STATUS_SUCCESS);
}

static void Unload(PDRIVER_OBJECT Driver) {
  DbgPrint(isClosed ? "closed before\n" : "not closed\n");
  IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\LateClose");
  PDEVICE_OBJECT device;
  NTSTATUS status = IoCreateDevice(Driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  UNREFERENCED_PARAMETER(Path);
  if (!NT_SUCCESS(status)) return status;
  KeInitializeTimer(&timer);
  KeInitializeDpc(&dpc, Due, NULL);
  Driver->MajorFunction[IRP_MJ_CREATE] = Driver->MajorFunction[IRP_MJ_CLOSE] =
      Driver->MajorFunction[IRP_MJ_READ] = Driver->MajorFunction[IRP_MJ_CLEANUP] = Dispatch;
  Driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
