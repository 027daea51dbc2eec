// A device that gives back what was written to it.
//
// Read and write use buffered I/O; the control codes show the four transfer methods side by side.
#include <ntddk.h>

#include "echo.h"

#define ECHO_TAG 'ohcE'

typedef struct ECHO_EXTENSION {
  FAST_MUTEX Lock;
  PUCHAR Data;   // what was written last; pool
  ULONG Length;  // bytes of it
} ECHO_EXTENSION, *PECHO_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD EchoUnload;
static DRIVER_DISPATCH EchoCreateClose;
static DRIVER_DISPATCH EchoRead;
static DRIVER_DISPATCH EchoWrite;
static DRIVER_DISPATCH EchoControl;

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\Echo");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\DosDevices\\Echo");

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information) {
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = Information;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

// Keeps a copy of `Length` bytes in place of what was kept before.
static NTSTATUS Keep(PECHO_EXTENSION Echo, const void *Bytes, ULONG Length) {
  PUCHAR data = NULL;
  if (Length != 0) {
    data = ExAllocatePoolWithTag(NonPagedPoolNx, Length, ECHO_TAG);
    if (data == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    RtlCopyMemory(data, Bytes, Length);
  }
  ExAcquireFastMutex(&Echo->Lock);
  PUCHAR old = Echo->Data;
  Echo->Data = data;
  Echo->Length = Length;
  ExReleaseFastMutex(&Echo->Lock);
  if (old != NULL) ExFreePoolWithTag(old, ECHO_TAG);
  return STATUS_SUCCESS;
}

// Copies at most `Length` of the kept bytes to `Bytes`; gives how many.
static ULONG Fetch(PECHO_EXTENSION Echo, void *Bytes, ULONG Length) {
  ExAcquireFastMutex(&Echo->Lock);
  ULONG count = Length < Echo->Length ? Length : Echo->Length;
  if (count != 0) RtlCopyMemory(Bytes, Echo->Data, count);
  ExReleaseFastMutex(&Echo->Lock);
  return count;
}

static NTSTATUS EchoCreateClose(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS EchoRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG count =
      Fetch(Device->DeviceExtension, Irp->AssociatedIrp.SystemBuffer, stack->Parameters.Read.Length);
  return Complete(Irp, STATUS_SUCCESS, count);
}

static NTSTATUS EchoWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length;
  NTSTATUS status = Keep(Device->DeviceExtension, Irp->AssociatedIrp.SystemBuffer, length);
  return Complete(Irp, status, NT_SUCCESS(status) ? length : 0);
}

static NTSTATUS Reverse(PIRP Irp, ULONG Input, ULONG Output) {
  PUCHAR bytes = Irp->AssociatedIrp.SystemBuffer;
  if (Output < Input) return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
  // Input and output share one buffer: the input is gone once the output is written.
  for (ULONG i = 0; i < Input / 2; i++) {
    UCHAR byte = bytes[i];
    bytes[i] = bytes[Input - 1 - i];
    bytes[Input - 1 - i] = byte;
  }
  return Complete(Irp, STATUS_SUCCESS, Input);
}

static NTSTATUS CopyUserMemory(PIRP Irp, PVOID Source, ULONG Input, ULONG Output) {
  ULONG count = Input < Output ? Input : Output;
  __try {
    ProbeForRead(Source, count, 1);
    ProbeForWrite(Irp->UserBuffer, count, 1);
    RtlCopyMemory(Irp->UserBuffer, Source, count);
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return Complete(Irp, GetExceptionCode(), 0);
  }
  return Complete(Irp, STATUS_SUCCESS, count);
}

static NTSTATUS EchoControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG input = stack->Parameters.DeviceIoControl.InputBufferLength;
  ULONG output = stack->Parameters.DeviceIoControl.OutputBufferLength;
  PVOID mapped = NULL;
  NTSTATUS status;

  if (Irp->MdlAddress != NULL) {
    mapped = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority | MdlMappingNoExecute);
    if (mapped == NULL) return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  }
  switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_ECHO_REVERSE:
      return Reverse(Irp, input, output);
    case IOCTL_ECHO_STORE:
      status = Keep(Device->DeviceExtension, mapped, output);
      return Complete(Irp, status, NT_SUCCESS(status) ? output : 0);
    case IOCTL_ECHO_FETCH:
      return Complete(Irp, STATUS_SUCCESS, Fetch(Device->DeviceExtension, mapped, output));
    case IOCTL_ECHO_COPY:
      return CopyUserMemory(Irp, stack->Parameters.DeviceIoControl.Type3InputBuffer, input, output);
    case IOCTL_ECHO_CRASH:
      *(volatile ULONG *)NULL = 0x52494E47;
      return Complete(Irp, STATUS_SUCCESS, 0);
    default:
      return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
  }
}

static VOID EchoUnload(PDRIVER_OBJECT Driver) {
  PECHO_EXTENSION echo = Driver->DeviceObject->DeviceExtension;
  IoDeleteSymbolicLink(&LinkName);
  if (echo->Data != NULL) ExFreePoolWithTag(echo->Data, ECHO_TAG);
  IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  PDEVICE_OBJECT device;
  UNREFERENCED_PARAMETER(RegistryPath);

  NTSTATUS status = IoCreateDevice(Driver, sizeof(ECHO_EXTENSION), &DeviceName, ECHO_DEVICE_TYPE,
                                   FILE_DEVICE_SECURE_OPEN, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  status = IoCreateSymbolicLink(&LinkName, &DeviceName);
  if (!NT_SUCCESS(status)) {
    IoDeleteDevice(device);
    return status;
  }
  PECHO_EXTENSION echo = device->DeviceExtension;
  ExInitializeFastMutex(&echo->Lock);
  Driver->MajorFunction[IRP_MJ_CREATE] = EchoCreateClose;
  Driver->MajorFunction[IRP_MJ_CLOSE] = EchoCreateClose;
  Driver->MajorFunction[IRP_MJ_READ] = EchoRead;
  Driver->MajorFunction[IRP_MJ_WRITE] = EchoWrite;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = EchoControl;
  Driver->DriverUnload = EchoUnload;
  device->Flags |= DO_BUFFERED_IO;
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}
