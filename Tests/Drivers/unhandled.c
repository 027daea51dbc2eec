// Accesses and locks whose verdicts tests look at: pointers that lead nowhere without an exception handler,
// a push lock that is taken twice, a program's memory without a probe, a copy over a local variable.
#include <ntddk.h>

#define CODE(n) CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800 + (n), METHOD_NEITHER, FILE_ANY_ACCESS)

static UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\Defect");
static UNICODE_STRING Link = RTL_CONSTANT_STRING(L"\\DosDevices\\Defect");
static volatile ULONG value;
static EX_PUSH_LOCK lock;
static ULONG *volatile nothing;

DRIVER_INITIALIZE DriverEntry;

static void AtDispatchLevel(void) {
  KIRQL old;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  value = *nothing;
  KeLowerIrql(old);
}

static void TakeTwice(void) {
  KeEnterCriticalRegion();
  ExAcquirePushLockExclusive(&lock);
  ExAcquirePushLockShared(&lock);
  ExReleasePushLockShared(&lock);
  ExReleasePushLockExclusive(&lock);
  KeLeaveCriticalRegion();
}

__declspec(noinline) static void CopyOver(ULONG Count) {
  struct {
    UCHAR first[32];
    UCHAR second[64];
  } local;
  RtlFillMemory(&local, sizeof local, 1);
  RtlCopyMemory(local.first, local.second, Count);
  value = local.first[0];
}

static NTSTATUS Control(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  volatile ULONG *input = stack->Parameters.DeviceIoControl.Type3InputBuffer;
  ULONG count = stack->Parameters.DeviceIoControl.InputBufferLength, index;
  UNREFERENCED_PARAMETER(Device);
  switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case CODE(0):
      value = *nothing;
      break;
    case CODE(1):
      value = *(volatile ULONG *)0x8123456789ABCDEFull;
      break;
    case CODE(2):
      AtDispatchLevel();
      break;
    case CODE(3):
      TakeTwice();
      break;
    case CODE(4):
#pragma clang loop unroll(disable)
      for (index = 0; index < count / 4; index++) value = input[index];
      value = *nothing;
      break;
    case CODE(5):
      CopyOver(count);
      break;
    case CODE(6):
      // Of a program, but not probed and not there.
      value = *input;
      break;
    case CODE(7):
      value = (ULONG)KeNumberProcessors;
      break;
  }
  Irp->IoStatus.Status = STATUS_SUCCESS;
  Irp->IoStatus.Information = value;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}

static NTSTATUS Create(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  Irp->IoStatus.Status = STATUS_SUCCESS;
  Irp->IoStatus.Information = 0;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT Driver) {
  IoDeleteSymbolicLink(&Link);
  IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PDEVICE_OBJECT device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Path);
  Driver->DriverUnload = Unload;
  Driver->MajorFunction[IRP_MJ_CREATE] = Create;
  Driver->MajorFunction[IRP_MJ_CLOSE] = Create;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  ExInitializePushLock(&lock);
  status = IoCreateDevice(Driver, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  status = IoCreateSymbolicLink(&Link, &Name);
  if (!NT_SUCCESS(status)) {
    IoDeleteDevice(device);
    return status;
  }
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}
