// A function driver of Plug and Play that uses its resources: registers and an interrupt of a mover.
#include "pnp.h"

enum { CONTROL = 0, STATUS = 1 };

typedef struct {
  PDEVICE_OBJECT self, lower, physical;
  UNICODE_STRING link;
  volatile ULONG *registers;
  ULONG length;
  BOOLEAN hasMessages;
  ULONG version;
  PVOID connection;
  KDPC dpc;
  KEVENT served;
  KIRQL level;
} Extension;

static BOOLEAN Service(PKINTERRUPT interrupt, PVOID context) {
  Extension *device = context;
  UNREFERENCED_PARAMETER(interrupt);
  if (!device->registers[STATUS]) return FALSE;
  device->registers[STATUS] = device->registers[STATUS];
  device->level = KeGetCurrentIrql();
  KeInsertQueueDpc(&device->dpc, NULL, NULL);
  return TRUE;
}

static BOOLEAN ServiceMessage(PKINTERRUPT interrupt, PVOID context, ULONG message) {
  return message == 0 && Service(interrupt, context);
}

static void Deferred(PKDPC dpc, PVOID context, PVOID first, PVOID second) {
  Extension *device = context;
  UNREFERENCED_PARAMETER(dpc);
  UNREFERENCED_PARAMETER(first);
  UNREFERENCED_PARAMETER(second);
  KeSetEvent(&device->served, IO_NO_INCREMENT, FALSE);
}

static NTSTATUS Connect(Extension *device) {
  IO_CONNECT_INTERRUPT_PARAMETERS p = {0};
  NTSTATUS status;
  if (device->connection) return STATUS_SUCCESS;
  if (device->hasMessages) {
    p.Version = CONNECT_MESSAGE_BASED;
    p.MessageBased.PhysicalDeviceObject = device->physical;
    p.MessageBased.ConnectionContext.Generic = &device->connection;
    p.MessageBased.MessageServiceRoutine = ServiceMessage;
    p.MessageBased.ServiceContext = device;
  } else {
    p.Version = CONNECT_LINE_BASED;
    p.LineBased.PhysicalDeviceObject = device->physical;
    p.LineBased.InterruptObject = (PKINTERRUPT *)&device->connection;
    p.LineBased.ServiceRoutine = Service;
    p.LineBased.ServiceContext = device;
  }
  status = IoConnectInterruptEx(&p);
  device->version = p.Version;
  return status;
}

static void Disconnect(Extension *device) {
  IO_DISCONNECT_INTERRUPT_PARAMETERS p = {0};
  if (!device->connection) return;
  p.Version = device->version;
  p.ConnectionContext.Generic = device->connection;
  IoDisconnectInterruptEx(&p);
  device->connection = NULL;
}

static void Release(Extension *device) {
  Disconnect(device);
  if (device->registers) MmUnmapIoSpace((PVOID)device->registers, device->length);
  device->registers = NULL;
}

static void Prepare(Extension *device, PIO_STACK_LOCATION location) {
  PCM_RESOURCE_LIST list = location->Parameters.StartDevice.AllocatedResourcesTranslated;
  ULONG index;
  if (!list) return;
  for (index = 0; index < list->List[0].PartialResourceList.Count; index++) {
    PCM_PARTIAL_RESOURCE_DESCRIPTOR resource =
        &list->List[0].PartialResourceList.PartialDescriptors[index];
    if (resource->Type == CmResourceTypeMemory) {
      device->length = resource->u.Memory.Length;
      device->registers = MmMapIoSpace(resource->u.Memory.Start, device->length, MmNonCached);
    } else if (resource->Type == CmResourceTypeInterrupt) {
      device->hasMessages = (resource->Flags & CM_RESOURCE_INTERRUPT_MESSAGE) != 0;
    }
  }
}

// Has the device move nothing and waits for its interrupt.
static NTSTATUS Try(Extension *device) {
  LARGE_INTEGER limit = {.QuadPart = -100000000};
  device->registers[CONTROL] = 5;
  if (KeWaitForSingleObject(&device->served, Executive, KernelMode, FALSE, &limit)) {
    return STATUS_IO_TIMEOUT;
  }
  DbgPrint("%s at %d\n", device->version == CONNECT_MESSAGE_BASED ? "message" : "line",
           device->level);
  return STATUS_SUCCESS;
}

static NTSTATUS Start(Extension *device, PIRP irp) {
  NTSTATUS status = STATUS_UNSUCCESSFUL;
  if (IoForwardIrpSynchronously(device->lower, irp)) status = irp->IoStatus.Status;
  Prepare(device, IoGetCurrentIrpStackLocation(irp));
  if (NT_SUCCESS(status)) status = Connect(device);
  if (NT_SUCCESS(status) && device->registers) status = Try(device);
  if (NT_SUCCESS(status)) IoSetDeviceInterfaceState(&device->link, TRUE);
  else Release(device);
  return Complete(irp, status, 0);
}

static NTSTATUS Pass(Extension *device, PIRP irp) {
  IoSkipCurrentIrpStackLocation(irp);
  return IoCallDriver(device->lower, irp);
}

static NTSTATUS Pnp(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  NTSTATUS status;
  switch (IoGetCurrentIrpStackLocation(irp)->MinorFunction) {
    case IRP_MN_START_DEVICE: return Start(device, irp);
    case IRP_MN_STOP_DEVICE: Release(device); break;
    case IRP_MN_QUERY_STOP_DEVICE:
    case IRP_MN_CANCEL_STOP_DEVICE:
    case IRP_MN_QUERY_REMOVE_DEVICE:
    case IRP_MN_CANCEL_REMOVE_DEVICE: break;
    case IRP_MN_REMOVE_DEVICE:
      Release(device);
      IoSetDeviceInterfaceState(&device->link, FALSE);
      irp->IoStatus.Status = STATUS_SUCCESS;
      status = Pass(device, irp);
      IoDetachDevice(device->lower);
      RtlFreeUnicodeString(&device->link);
      IoDeleteDevice(device->self);
      return status;
    default: return Pass(device, irp);
  }
  irp->IoStatus.Status = STATUS_SUCCESS;
  return Pass(device, irp);
}

static NTSTATUS Open(PDEVICE_OBJECT object, PIRP irp) {
  UNREFERENCED_PARAMETER(object);
  return Complete(irp, STATUS_SUCCESS, 0);
}

// Every control request: connects the interrupt, if it is not.
static NTSTATUS Control(PDEVICE_OBJECT object, PIRP irp) {
  return Complete(irp, Connect(object->DeviceExtension), 0);
}

static NTSTATUS Forward(PDEVICE_OBJECT object, PIRP irp) {
  return Pass(object->DeviceExtension, irp);
}

static NTSTATUS AddDevice(PDRIVER_OBJECT driver, PDEVICE_OBJECT physical) {
  PDEVICE_OBJECT object;
  Extension *device;
  NTSTATUS status = IoCreateDevice(driver, sizeof(Extension), NULL, FILE_DEVICE_UNKNOWN,
                                   FILE_DEVICE_SECURE_OPEN, FALSE, &object);
  if (!NT_SUCCESS(status)) return status;
  device = object->DeviceExtension;
  device->self = object;
  device->physical = physical;
  KeInitializeDpc(&device->dpc, Deferred, device);
  KeInitializeEvent(&device->served, SynchronizationEvent, FALSE);
  status = IoRegisterDeviceInterface(physical, &GUID_TEST, NULL, &device->link);
  if (!NT_SUCCESS(status)) {
    IoDeleteDevice(object);
    return status;
  }
  device->lower = IoAttachDeviceToDeviceStack(object, physical);
  object->Flags |= DO_POWER_PAGABLE;
  object->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

static void Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->MajorFunction[IRP_MJ_CREATE] = Open;
  driver->MajorFunction[IRP_MJ_CLEANUP] = Open;
  driver->MajorFunction[IRP_MJ_CLOSE] = Open;
  driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  driver->MajorFunction[IRP_MJ_PNP] = Pnp;
  driver->MajorFunction[IRP_MJ_POWER] = Forward;
  driver->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = Forward;
  driver->DriverExtension->AddDevice = AddDevice;
  driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
