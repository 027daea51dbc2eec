// A driver that makes the mistake it is asked for.
#include <ntddk.h>

#define MISTAKE(n) CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800 + (n), METHOD_BUFFERED, FILE_ANY_ACCESS)

NTKERNELAPI VOID NTAPI ExNotThere(VOID);

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\Misbehave");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\??\\Misbehave");
static volatile ULONG Zero;
static PIRP Kept;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information) {
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = Information;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

static NTSTATUS Succeed(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Complete(Irp, STATUS_SUCCESS, 0);
}

#pragma clang diagnostic ignored "-Winfinite-recursion"
static __declspec(noinline) ULONG Recurse(volatile ULONG *Value) {
  volatile ULONG frame[64];
  frame[0] = *Value + 1;
  return Recurse(frame) + frame[0];
}

static NTSTATUS Misbehave(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG output = stack->Parameters.DeviceIoControl.OutputBufferLength;
  KIRQL irql;
  UNREFERENCED_PARAMETER(Device);

  switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case MISTAKE(0):  // writes through NULL
      *(volatile ULONG *)(ULONG_PTR)Zero = 1;
      break;
    case MISTAKE(1):  // divides by zero
      return Complete(Irp, STATUS_SUCCESS, 100 / Zero);
    case MISTAKE(2):  // calls through a bad pointer
      ((VOID(*)(VOID))(ULONG_PTR)(0x1234 + Zero))();
      break;
    case MISTAKE(3):  // uses its stack up
      return Complete(Irp, STATUS_SUCCESS, Recurse(&Zero));
    case MISTAKE(4):  // stops the machine
      KeBugCheckEx(0xE2, 1, 2, 3, 4);
      break;
    case MISTAKE(5):  // completes twice
      Complete(Irp, STATUS_SUCCESS, 0);
      return Complete(Irp, STATUS_SUCCESS, 0);
    case MISTAKE(6):  // returns success and keeps the request
      return STATUS_SUCCESS;
    case MISTAKE(7):  // reports more than fits
      if (output != 0) RtlFillMemory(Irp->AssociatedIrp.SystemBuffer, output, 0x77);
      return Complete(Irp, STATUS_SUCCESS, output + 100);
    case MISTAKE(8):  // pends and never completes
      IoMarkIrpPending(Irp);
      Kept = Irp;
      return STATUS_PENDING;
    case MISTAKE(9):  // completes what MISTAKE(8) kept
      if (Kept != NULL) Complete(Kept, STATUS_SUCCESS, 0);
      Kept = NULL;
      return Complete(Irp, STATUS_SUCCESS, 0);
    case MISTAKE(10):  // loops at DISPATCH_LEVEL
      KeRaiseIrql(DISPATCH_LEVEL, &irql);
      while (Zero == 0) YieldProcessor();
      KeLowerIrql(irql);
      break;
    case MISTAKE(11):  // calls a function that no system has
      ExNotThere();
      break;
    case MISTAKE(12):  // raises what nobody handles
      ExRaiseStatus(STATUS_DATA_ERROR);
      break;
    case MISTAKE(13):  // completes with STATUS_PENDING
      return Complete(Irp, STATUS_PENDING, 0);
    case MISTAKE(14):  // returns garbage, after completing
      Complete(Irp, STATUS_SUCCESS, 0);
      return (NTSTATUS)0x12345678;
    case MISTAKE(15):  // reads a user address that it made up
      return Complete(Irp, STATUS_SUCCESS, *(volatile UCHAR *)(ULONG_PTR)(0x123456789000 + Zero));
    case MISTAKE(16): {  // sets an event that it never initialized
      KEVENT event;
      RtlZeroMemory(&event, sizeof event);
      KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
      break;
    }
    case MISTAKE(17): {  // sets an event whose list leads nowhere, and goes on
      KEVENT event;
      KeInitializeEvent(&event, NotificationEvent, FALSE);
      event.Header.WaitListHead.Flink = (PLIST_ENTRY)(ULONG_PTR)(0x1000 + Zero);
      __try {
        KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
      } __except (EXCEPTION_EXECUTE_HANDLER) {
        return Complete(Irp, STATUS_ACCESS_VIOLATION, 0);
      }
      break;
    }
    case MISTAKE(18):  // sets an event at an address that it made up, and goes on
      __try {
        KeSetEvent((PKEVENT)(ULONG_PTR)(0x1000 + Zero), IO_NO_INCREMENT, FALSE);
      } __except (EXCEPTION_EXECUTE_HANDLER) {
        return Complete(Irp, STATUS_ACCESS_VIOLATION, 0);
      }
      break;
    default:
      return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
  }
  return Complete(Irp, STATUS_SUCCESS, 0);
}

static VOID Unload(PDRIVER_OBJECT Driver) {
  IoDeleteSymbolicLink(&LinkName);
  IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  PDEVICE_OBJECT device;
  UNREFERENCED_PARAMETER(RegistryPath);
  NTSTATUS status =
      IoCreateDevice(Driver, 0, &DeviceName, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  IoCreateSymbolicLink(&LinkName, &DeviceName);
  Driver->MajorFunction[IRP_MJ_CREATE] = Succeed;
  Driver->MajorFunction[IRP_MJ_CLOSE] = Succeed;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Misbehave;
  Driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
