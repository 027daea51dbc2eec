// Asks for memory in many ways, and gives everything back: a driver for runs in which one of them fails.
//
// With MISSING_CHECK it uses memory that it did not get, with LEAK it forgets some when it gets no MDL,
// with HANG it waits for nobody when it gets no work item.
#include <ntddk.h>

#define SHORTAGE_TAG 'trhS'
#define LIST_TAG 'LrhS'

// The input buffer of the program itself: locked, mapped, and copied to.
#define IOCTL_SHORTAGE_LOCK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_NEITHER, FILE_ANY_ACCESS)

typedef struct SHORTAGE {
  LOOKASIDE_LIST_EX List;
  UNICODE_STRING Text;
} SHORTAGE, *PSHORTAGE;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD ShortageUnload;
static DRIVER_DISPATCH ShortageCreateClose;
static DRIVER_DISPATCH ShortageRead;
static DRIVER_DISPATCH ShortageWrite;
static DRIVER_DISPATCH ShortageControl;

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\Shortage");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\DosDevices\\Shortage");

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information) {
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = NT_SUCCESS(Status) ? Information : 0;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

static NTSTATUS ShortageCreateClose(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Complete(Irp, STATUS_SUCCESS, 0);
}

// Takes two entries of the lookaside list.
static NTSTATUS ShortageRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PSHORTAGE shortage = Device->DeviceExtension;
  ULONG length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length;
  NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;
  PVOID first = ExAllocateFromLookasideListEx(&shortage->List);
  PVOID second = ExAllocateFromLookasideListEx(&shortage->List);
  if (first != NULL && second != NULL) {
    RtlZeroMemory(Irp->AssociatedIrp.SystemBuffer, length);
    status = STATUS_SUCCESS;
  }
  if (first != NULL) ExFreeToLookasideListEx(&shortage->List, first);
  if (second != NULL) ExFreeToLookasideListEx(&shortage->List, second);
  return Complete(Irp, status, length);
}

#ifdef HANG
static VOID WaitForNobody(VOID) {
  KEVENT event;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
}
#endif

// A work item, which is given back.
static NTSTATUS UseWorkItem(PDEVICE_OBJECT Device) {
  PIO_WORKITEM item = IoAllocateWorkItem(Device);
  if (item == NULL) {
#ifdef HANG
    WaitForNobody();
#endif
    return STATUS_INSUFFICIENT_RESOURCES;
  }
  IoFreeWorkItem(item);
  return STATUS_SUCCESS;
}

// An MDL over a copy of the input.
static NTSTATUS UseCopy(PDEVICE_OBJECT Device, const void *Bytes, ULONG Length) {
  NTSTATUS status;
  PMDL mdl;
  PVOID copy = ExAllocatePool2(POOL_FLAG_NON_PAGED, Length, SHORTAGE_TAG);
#ifndef MISSING_CHECK
  if (copy == NULL) return STATUS_INSUFFICIENT_RESOURCES;
#endif
  RtlCopyMemory(copy, Bytes, Length);
  mdl = IoAllocateMdl(copy, Length, FALSE, FALSE, NULL);
  if (mdl == NULL) {
#ifndef LEAK
    ExFreePoolWithTag(copy, SHORTAGE_TAG);
#endif
    return STATUS_INSUFFICIENT_RESOURCES;
  }
  MmBuildMdlForNonPagedPool(mdl);
  status = UseWorkItem(Device);
  IoFreeMdl(mdl);
  ExFreePoolWithTag(copy, SHORTAGE_TAG);
  return status;
}

static NTSTATUS ShortageWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length;
  NTSTATUS status = STATUS_SUCCESS;
  if (length != 0) status = UseCopy(Device, Irp->AssociatedIrp.SystemBuffer, length);
  return Complete(Irp, status, length);
}

// Locks and maps memory of the program.
static NTSTATUS UseUserMemory(PVOID Address, ULONG Length) {
  NTSTATUS status = STATUS_SUCCESS;
  PMDL mdl = IoAllocateMdl(Address, Length, FALSE, FALSE, NULL);
  if (mdl == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  __try {
    MmProbeAndLockPages(mdl, UserMode, IoReadAccess);
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    status = GetExceptionCode();
  }
  if (NT_SUCCESS(status)) {
    PVOID mapped =
        MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority | MdlMappingNoExecute);
    if (mapped == NULL) status = STATUS_INSUFFICIENT_RESOURCES;
    MmUnlockPages(mdl);
  }
  IoFreeMdl(mdl);
  return status;
}

static NTSTATUS ShortageControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
  UNREFERENCED_PARAMETER(Device);
  if (stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_SHORTAGE_LOCK || length == 0) {
    return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
  }
  return Complete(
      Irp, UseUserMemory(stack->Parameters.DeviceIoControl.Type3InputBuffer, length), 0);
}

// What the device keeps: a list and a string.
static NTSTATUS Prepare(PSHORTAGE Shortage) {
  ANSI_STRING text = RTL_CONSTANT_STRING("shortage");
  NTSTATUS status = ExInitializeLookasideListEx(&Shortage->List, NULL, NULL, NonPagedPoolNx, 0, 64,
                                                LIST_TAG, 0);
  if (!NT_SUCCESS(status)) return status;
  status = RtlAnsiStringToUnicodeString(&Shortage->Text, &text, TRUE);
  if (!NT_SUCCESS(status)) ExDeleteLookasideListEx(&Shortage->List);
  return status;
}

static VOID ShortageUnload(PDRIVER_OBJECT Driver) {
  PSHORTAGE shortage = Driver->DeviceObject->DeviceExtension;
  IoDeleteSymbolicLink(&LinkName);
  RtlFreeUnicodeString(&shortage->Text);
  ExDeleteLookasideListEx(&shortage->List);
  IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  PDEVICE_OBJECT device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(RegistryPath);

  Driver->DriverUnload = ShortageUnload;
  Driver->MajorFunction[IRP_MJ_CREATE] = ShortageCreateClose;
  Driver->MajorFunction[IRP_MJ_CLOSE] = ShortageCreateClose;
  Driver->MajorFunction[IRP_MJ_READ] = ShortageRead;
  Driver->MajorFunction[IRP_MJ_WRITE] = ShortageWrite;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = ShortageControl;
  status = IoCreateDevice(Driver, sizeof(SHORTAGE), &DeviceName, FILE_DEVICE_UNKNOWN,
                          FILE_DEVICE_SECURE_OPEN, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  device->Flags |= DO_BUFFERED_IO;
  status = Prepare(device->DeviceExtension);
  if (!NT_SUCCESS(status)) {
    IoDeleteDevice(device);
    return status;
  }
  status = IoCreateSymbolicLink(&LinkName, &DeviceName);
  if (!NT_SUCCESS(status)) {
    ShortageUnload(Driver);
    return status;
  }
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}
