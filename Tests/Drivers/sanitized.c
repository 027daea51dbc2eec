// \Device\Sanitized, for builds with the address sanitizer.
//   0x222000 leaves frames with arrays by exceptions, and then uses their stack
//   0x222004 copies the input into an array of 32 bytes
//   0x222008 copies a structure from behind an array of them
#include <ntddk.h>

#include <malloc.h>

static UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\Sanitized");
static UNICODE_STRING Link = RTL_CONSTANT_STRING(L"\\DosDevices\\Sanitized");

struct Wide {
  ULONG Values[24];
};
struct Wide Table[2];

__declspec(noinline) static ULONG Deep(ULONG Level) {
  volatile UCHAR before[40];
  volatile ULONG counts[10];
  before[Level] = (UCHAR)Level;
  counts[Level % 10] = Level;
  if (Level == 30) ExRaiseStatus(STATUS_DATA_ERROR);
  return Deep(Level + 1) + before[Level] + counts[Level % 10];
}

__declspec(noinline) static ULONG Catch(VOID) {
  __try {
    return Deep(0);
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return 1;
  }
}

__declspec(noinline) static ULONG Refill(ULONG Length) {
  volatile UCHAR *block = _alloca(Length);
  ULONG index, sum = 0;
  for (index = 0; index < Length; index++) block[index] = 1;
  for (index = 0; index < Length; index++) sum += block[index];
  return sum;
}

__declspec(noinline) static ULONG Copy(const VOID *Data, ULONG Length) {
  UCHAR copy[32];
  RtlCopyMemory(copy, Data, Length);
  return ((volatile UCHAR *)copy)[0];
}

__declspec(noinline) static ULONG Last(struct Wide *Wide) {
  return ++((volatile struct Wide *)Wide)->Values[23];
}

__declspec(noinline) static ULONG CopyWide(ULONG Index) {
  struct Wide copy = Table[Index];
  return Last(&copy);
}

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG Length) {
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = Length;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

static NTSTATUS CreateClose(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS Control(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
  ULONG answer = 0, round;
  UNREFERENCED_PARAMETER(Device);
  if (stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof answer) {
    return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
  }
  switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case 0x222000:
      for (round = 0; round < 3; round++) answer += Catch() + Refill(4096);
      break;
    case 0x222004:
      answer = Copy(Irp->AssociatedIrp.SystemBuffer, length);
      break;
    case 0x222008:
      answer = CopyWide(length);
      break;
    default:
      return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
  }
  *(PULONG)Irp->AssociatedIrp.SystemBuffer = answer;
  return Complete(Irp, STATUS_SUCCESS, sizeof answer);
}

static VOID Unload(PDRIVER_OBJECT Driver) {
  IoDeleteSymbolicLink(&Link);
  IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  PDEVICE_OBJECT device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(RegistryPath);
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
