// What a driver can measure of the system from inside. It uses only routines that Wine has too: the
// same image runs there.
#include <ntddk.h>

#define TAG 'disI'
#define BYTES 4096

// The input of IOCTL_MEASURE; the output is one ULONG64, nanoseconds for all turns.
typedef struct INSIDE_WORK {
  ULONG64 Count;
  ULONG64 What;  // 0 pool, 1 request packet, 2 control request
} INSIDE_WORK;

#define CODE(Function) CTL_CODE(0x8000, Function, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_ECHO CODE(0x800)
#define IOCTL_MEASURE CODE(0x801)

DRIVER_INITIALIZE DriverEntry;

static UCHAR Input[BYTES], Output[BYTES];

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information) {
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = Information;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

static NTSTATUS PoolPairs(ULONG64 Count) {
  for (ULONG64 i = 0; i < Count; i++) {
    PVOID block = ExAllocatePoolWithTag(NonPagedPool, 256, TAG);
    if (block == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    ExFreePoolWithTag(block, TAG);
  }
  return STATUS_SUCCESS;
}

static NTSTATUS Keep(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  UNREFERENCED_PARAMETER(Context);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Packets(PDEVICE_OBJECT Device, ULONG64 Count) {
  for (ULONG64 i = 0; i < Count; i++) {
    PIRP irp = IoAllocateIrp(Device->StackSize, FALSE);
    if (irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_FLUSH_BUFFERS;
    IoSetCompletionRoutine(irp, Keep, NULL, TRUE, TRUE, TRUE);
    IoCallDriver(Device, irp);
    IoFreeIrp(irp);
  }
  return STATUS_SUCCESS;
}

static NTSTATUS Controls(PDEVICE_OBJECT Device, ULONG64 Count) {
  for (ULONG64 i = 0; i < Count; i++) {
    KEVENT event;
    IO_STATUS_BLOCK result;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    PIRP irp = IoBuildDeviceIoControlRequest(IOCTL_ECHO, Device, Input, BYTES, Output, BYTES, FALSE,
                                             &event, &result);
    if (irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    if (IoCallDriver(Device, irp) == STATUS_PENDING) {
      KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
  }
  return STATUS_SUCCESS;
}

static NTSTATUS Measure(PDEVICE_OBJECT Device, const INSIDE_WORK *Work, ULONG64 *Nanoseconds) {
  LARGE_INTEGER frequency, start, end;
  NTSTATUS status;
  start = KeQueryPerformanceCounter(&frequency);
  switch (Work->What) {
    case 0: status = PoolPairs(Work->Count); break;
    case 1: status = Packets(Device, Work->Count); break;
    case 2: status = Controls(Device, Work->Count); break;
    default: return STATUS_INVALID_PARAMETER;
  }
  end = KeQueryPerformanceCounter(NULL);
  *Nanoseconds =
      (ULONG64)(end.QuadPart - start.QuadPart) * 1000000000ull / (ULONG64)frequency.QuadPart;
  return status;
}

static NTSTATUS NTAPI InsideControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG input = stack->Parameters.DeviceIoControl.InputBufferLength;
  ULONG output = stack->Parameters.DeviceIoControl.OutputBufferLength;
  ULONG64 *buffer = Irp->AssociatedIrp.SystemBuffer;
  INSIDE_WORK work;
  NTSTATUS status;
  if (stack->Parameters.DeviceIoControl.IoControlCode == IOCTL_ECHO) {
    return Complete(Irp, STATUS_SUCCESS, output);
  }
  if (stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_MEASURE || input < sizeof work ||
      output < sizeof *buffer) {
    return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
  }
  work = *(const INSIDE_WORK *)buffer;
  status = Measure(Device, &work, buffer);
  return Complete(Irp, status, NT_SUCCESS(status) ? sizeof *buffer : 0);
}

static NTSTATUS NTAPI InsideOther(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Complete(Irp, STATUS_SUCCESS, 0);
}

static VOID NTAPI InsideUnload(PDRIVER_OBJECT Driver) {
  UNICODE_STRING link;
  RtlInitUnicodeString(&link, L"\\DosDevices\\BenchInside");
  IoDeleteSymbolicLink(&link);
  IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  UNICODE_STRING name, link;
  PDEVICE_OBJECT device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(RegistryPath);
  RtlInitUnicodeString(&name, L"\\Device\\BenchInside");
  RtlInitUnicodeString(&link, L"\\DosDevices\\BenchInside");
  status = IoCreateDevice(Driver, 0, &name, 0x8000, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  Driver->MajorFunction[IRP_MJ_CREATE] = InsideOther;
  Driver->MajorFunction[IRP_MJ_CLOSE] = InsideOther;
  Driver->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = InsideOther;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = InsideControl;
  Driver->DriverUnload = InsideUnload;
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  status = IoCreateSymbolicLink(&link, &name);
  if (!NT_SUCCESS(status)) IoDeleteDevice(device);
  return status;
}
