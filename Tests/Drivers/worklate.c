// \Device\WorkLate: a control request is completed in a work item, whose routine is still running when
// the unload routine returns, and frees what it has after that.
#include <ntddk.h>

static UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\WorkLate");
static UNICODE_STRING Link = RTL_CONSTANT_STRING(L"\\DosDevices\\WorkLate");

struct Job {
  PIO_WORKITEM Item;
  PIRP Irp;
};

static KEVENT Unloading;

static NTSTATUS Complete(PIRP Irp) {
  Irp->IoStatus.Status = STATUS_SUCCESS;
  Irp->IoStatus.Information = 0;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}

static VOID Work(PDEVICE_OBJECT Device, PVOID Context) {
  struct Job *job = (struct Job *)Context;
  UNREFERENCED_PARAMETER(Device);
  Complete(job->Irp);
  KeWaitForSingleObject(&Unloading, Executive, KernelMode, FALSE, NULL);
  IoFreeWorkItem(job->Item);
  ExFreePoolWithTag(job, 'etaL');
}

static NTSTATUS CreateClose(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Complete(Irp);
}

static NTSTATUS Control(PDEVICE_OBJECT Device, PIRP Irp) {
  struct Job *job = (struct Job *)ExAllocatePoolWithTag(NonPagedPoolNx, sizeof *job, 'etaL');
  if (job == NULL) return Complete(Irp);
  job->Item = IoAllocateWorkItem(Device);
  if (job->Item == NULL) {
    ExFreePoolWithTag(job, 'etaL');
    return Complete(Irp);
  }
  job->Irp = Irp;
  IoMarkIrpPending(Irp);
  IoQueueWorkItem(job->Item, Work, DelayedWorkQueue, job);
  return STATUS_PENDING;
}

static VOID Unload(PDRIVER_OBJECT Driver) {
  IoDeleteSymbolicLink(&Link);
  IoDeleteDevice(Driver->DeviceObject);
  KeSetEvent(&Unloading, IO_NO_INCREMENT, FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  PDEVICE_OBJECT device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(RegistryPath);
  KeInitializeEvent(&Unloading, NotificationEvent, FALSE);
  status = IoCreateDevice(Driver, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  status = IoCreateSymbolicLink(&Link, &Name);
  if (!NT_SUCCESS(status)) {
    IoDeleteDevice(device);
    return status;
  }
  Driver->MajorFunction[IRP_MJ_CREATE] = CreateClose;
  Driver->MajorFunction[IRP_MJ_CLOSE] = CreateClose;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  Driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
