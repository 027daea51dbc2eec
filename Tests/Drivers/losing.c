// A driver that loses what it is told to lose, and moves bytes with every transfer method.
//
// Built with NO_UNLOAD it has no unload routine.
#include <ntddk.h>

#define CODE(n, method) CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800 + (n), method, FILE_ANY_ACCESS)
#define LOSE(n) CODE(n, METHOD_BUFFERED)
#define LEAK_TAG 'kaeL'
#define KEPT_TAG 'tpeK'

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\Losing");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\DosDevices\\Losing");
static UNICODE_STRING OtherName = RTL_CONSTANT_STRING(L"\\DosDevices\\LosingToo");
static LOOKASIDE_LIST_EX Lookaside;
static PVOID Kept;
static ULONG KeptLength;
static PIRP Stubborn;
static PDRIVER_OBJECT Self;

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

static VOID Cancel(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  IoReleaseCancelSpinLock(Irp->CancelIrql);
  Complete(Irp, STATUS_CANCELLED, 0);
}

static NTSTATUS Pend(PIRP Irp) {
  KIRQL irql;
  IoAcquireCancelSpinLock(&irql);
  if (Irp->Cancel) {
    IoReleaseCancelSpinLock(irql);
    return Complete(Irp, STATUS_CANCELLED, 0);
  }
  IoMarkIrpPending(Irp);
  IoSetCancelRoutine(Irp, Cancel);
  IoReleaseCancelSpinLock(irql);
  return STATUS_PENDING;
}

static __declspec(noinline) PVOID LosePool(SIZE_T Length, ULONG Tag) {
  return ExAllocatePoolWithTag(NonPagedPoolNx, Length, Tag);
}

// Keeps bytes, or gives the kept ones back: the first when there is input.
static NTSTATUS Exchange(PIRP Irp, PIO_STACK_LOCATION Stack) {
  ULONG method = Stack->Parameters.DeviceIoControl.IoControlCode & 3;
  ULONG input = Stack->Parameters.DeviceIoControl.InputBufferLength;
  ULONG output = Stack->Parameters.DeviceIoControl.OutputBufferLength;
  PVOID from = Irp->AssociatedIrp.SystemBuffer, to = from;
  if (method == METHOD_IN_DIRECT) input = output;
  if ((method == METHOD_IN_DIRECT || method == METHOD_OUT_DIRECT) && Irp->MdlAddress) {
    to = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (!to) return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    if (method == METHOD_IN_DIRECT) from = to;
  }
  if (method == METHOD_NEITHER) {
    from = Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    to = Irp->UserBuffer;
  }
  PVOID copy = NULL;
  __try {
    if (input != 0 || method == METHOD_IN_DIRECT) {
      if (method == METHOD_NEITHER) ProbeForRead(from, input, 1);
      if (input != 0) copy = LosePool(input, KEPT_TAG);
      if (copy != NULL) RtlCopyMemory(copy, from, input);
      if (Kept) ExFreePoolWithTag(Kept, KEPT_TAG);
      Kept = copy;
      copy = NULL;
      KeptLength = input;
      return Complete(Irp, STATUS_SUCCESS, 0);
    }
    if (output > KeptLength) output = KeptLength;
    if (method == METHOD_NEITHER) ProbeForWrite(to, output, 1);
    if (output != 0) RtlCopyMemory(to, Kept, output);
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    if (copy) ExFreePoolWithTag(copy, KEPT_TAG);
    return Complete(Irp, GetExceptionCode(), 0);
  }
  return Complete(Irp, STATUS_SUCCESS, output);
}

static NTSTATUS Control(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
  PVOID buffer;
  HANDLE event;
  OBJECT_ATTRIBUTES attributes;
  PDEVICE_OBJECT other;
  UNREFERENCED_PARAMETER(Device);

  if ((code & ~3u) == CODE(16, METHOD_BUFFERED)) return Exchange(Irp, stack);
  switch (code) {
    case LOSE(0):  // three blocks of pool
      LosePool(64, LEAK_TAG);
      LosePool(64, LEAK_TAG);
      LosePool(5000, LEAK_TAG);
      break;
    case LOSE(1):  // an MDL, with its pages locked
      buffer = LosePool(4096, KEPT_TAG);
      if (Kept) ExFreePoolWithTag(Kept, KEPT_TAG);
      Kept = buffer;
      IoAllocateMdl(buffer, 4096, FALSE, FALSE, NULL);
      break;
    case LOSE(2):  // an IRP
      IoAllocateIrp(1, FALSE);
      break;
    case LOSE(3):  // a lookaside list in the image
      ExInitializeLookasideListEx(&Lookaside, NULL, NULL, NonPagedPoolNx, 0, 48, LEAK_TAG, 0);
      break;
    case LOSE(4):  // an event, by its handle
      InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
      ZwCreateEvent(&event, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE);
      break;
    case LOSE(5):  // a symbolic link
      IoCreateSymbolicLink(&OtherName, &DeviceName);
      break;
    case LOSE(6):  // a device
      IoCreateDevice(Self, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &other);
      break;
    case LOSE(7):  // a request that can be cancelled
      return Pend(Irp);
    case LOSE(8):  // a request that cannot
      IoMarkIrpPending(Irp);
      Stubborn = Irp;
      return STATUS_PENDING;
    case LOSE(9):  // itself
      *(volatile ULONG *)NULL = 1;
      break;
    case LOSE(10):  // nothing, with a warning
      return Complete(Irp, STATUS_BUFFER_OVERFLOW, 0);
    default:
      return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
  }
  return Complete(Irp, STATUS_SUCCESS, 0);
}

#ifndef NO_UNLOAD
static VOID Unload(PDRIVER_OBJECT Driver) {
  if (Kept) ExFreePoolWithTag(Kept, KEPT_TAG);
  IoDeleteSymbolicLink(&LinkName);
  // The device made last is the first: one that was lost stays.
  while (Driver->DeviceObject->NextDevice) Driver->DeviceObject = Driver->DeviceObject->NextDevice;
  IoDeleteDevice(Driver->DeviceObject);
}
#endif

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  PDEVICE_OBJECT device;
  UNREFERENCED_PARAMETER(RegistryPath);
  Self = Driver;
  NTSTATUS status =
      IoCreateDevice(Driver, 0, &DeviceName, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  IoCreateSymbolicLink(&LinkName, &DeviceName);
  Driver->MajorFunction[IRP_MJ_CREATE] = Succeed;
  Driver->MajorFunction[IRP_MJ_CLOSE] = Succeed;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
#ifndef NO_UNLOAD
  Driver->DriverUnload = Unload;
#endif
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}
