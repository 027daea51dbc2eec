// A function driver of Plug and Play that says what it is told, and refuses what it is told to.
#include "pnp.h"

typedef struct {
  PDEVICE_OBJECT self, lower, physical;
  UNICODE_STRING link;
  IO_REMOVE_LOCK lock;
  PIRP pending;
  ULONG state, refused, refusesPower;
} Extension;

static NTSTATUS Pass(Extension *device, PIRP irp) {
  IoSkipCurrentIrpStackLocation(irp);
  return IoCallDriver(device->lower, irp);
}

static void EndPending(Extension *device, NTSTATUS status) {
  PIRP irp = InterlockedExchangePointer((PVOID *)&device->pending, NULL);
  if (irp && IoSetCancelRoutine(irp, NULL)) Complete(irp, status, 0);
}

static void LogResources(PIO_STACK_LOCATION location) {
  PCM_RESOURCE_LIST list = location->Parameters.StartDevice.AllocatedResourcesTranslated;
  ULONG index;
  if (!list) return;
  for (index = 0; index < list->List[0].PartialResourceList.Count; index++) {
    PCM_PARTIAL_RESOURCE_DESCRIPTOR resource =
        &list->List[0].PartialResourceList.PartialDescriptors[index];
    switch (resource->Type) {
      case CmResourceTypeMemory:
        DbgPrint("memory %I64x %x\n", resource->u.Memory.Start.QuadPart, resource->u.Memory.Length);
        break;
      case CmResourceTypePort:
        DbgPrint("port %I64x %x\n", resource->u.Port.Start.QuadPart, resource->u.Port.Length);
        break;
      case CmResourceTypeInterrupt:
        DbgPrint("interrupt %x %x\n", resource->u.Interrupt.Level, resource->u.Interrupt.Vector);
        break;
      case CmResourceTypeDma: DbgPrint("dma %x\n", resource->u.Dma.Channel); break;
    }
  }
}

static NTSTATUS Start(Extension *device, PIRP irp) {
  NTSTATUS status = STATUS_UNSUCCESSFUL;
  LogResources(IoGetCurrentIrpStackLocation(irp));
  if (IoForwardIrpSynchronously(device->lower, irp)) status = irp->IoStatus.Status;
  DbgPrint("function started\n");
  if (Setting(device->physical, L"FailStart")) status = STATUS_DEVICE_CONFIGURATION_ERROR;
  if (NT_SUCCESS(status)) IoSetDeviceInterfaceState(&device->link, TRUE);
  return Complete(irp, status, 0);
}

static NTSTATUS Remove(Extension *device, PIRP irp) {
  NTSTATUS status;
  EndPending(device, STATUS_DELETE_PENDING);
  IoReleaseRemoveLockAndWait(&device->lock, irp);
  IoSetDeviceInterfaceState(&device->link, FALSE);
  irp->IoStatus.Status = STATUS_SUCCESS;
  status = Pass(device, irp);
  IoDetachDevice(device->lower);
  RtlFreeUnicodeString(&device->link);
  IoDeleteDevice(device->self);
  return status;
}

static NTSTATUS Pnp(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
  UCHAR minor = location->MinorFunction;
  NTSTATUS status = IoAcquireRemoveLock(&device->lock, irp);
  if (!NT_SUCCESS(status)) return Complete(irp, status, 0);
  LogPnp("function", minor);
  if (minor == IRP_MN_REMOVE_DEVICE) return Remove(device, irp);
  if (minor < 32 && device->refused & 1u << minor) {
    status = Complete(irp, STATUS_DEVICE_NOT_READY, 0);
  } else if (minor == IRP_MN_START_DEVICE) {
    status = Start(device, irp);
  } else if (minor == IRP_MN_QUERY_PNP_DEVICE_STATE) {
    irp->IoStatus.Information |= device->state;
    irp->IoStatus.Status = STATUS_SUCCESS;
    status = Pass(device, irp);
  } else {
    if (PnpName(minor)) irp->IoStatus.Status = STATUS_SUCCESS;
    if (minor == IRP_MN_SURPRISE_REMOVAL) EndPending(device, STATUS_DELETE_PENDING);
    status = Pass(device, irp);
  }
  IoReleaseRemoveLock(&device->lock, irp);
  return status;
}

// MARK: Power

static void NTAPI PowerDone(PDEVICE_OBJECT object, UCHAR minor, POWER_STATE state, PVOID context,
                            PIO_STATUS_BLOCK answer) {
  PIRP system = context;
  UNREFERENCED_PARAMETER(object);
  UNREFERENCED_PARAMETER(minor);
  DbgPrint("function is in D%d\n", state.DeviceState - 1);
  if (system) Complete(system, answer->Status, 0);
}

static NTSTATUS NTAPI SystemDone(PDEVICE_OBJECT object, PIRP irp, PVOID context) {
  Extension *device = context;
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
  POWER_STATE state;
  UNREFERENCED_PARAMETER(object);
  if (location->MinorFunction != IRP_MN_SET_POWER || !NT_SUCCESS(irp->IoStatus.Status)) {
    return STATUS_CONTINUE_COMPLETION;
  }
  state.DeviceState = location->Parameters.Power.State.SystemState == PowerSystemWorking
                          ? PowerDeviceD0 : PowerDeviceD3;
  if (PoRequestPowerIrp(device->physical, IRP_MN_SET_POWER, state, PowerDone, irp, NULL) !=
      STATUS_PENDING) {
    return STATUS_CONTINUE_COMPLETION;
  }
  return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Power(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
  LogPower("function", location);
  PoStartNextPowerIrp(irp);
  if (location->MinorFunction == IRP_MN_QUERY_POWER && device->refusesPower) {
    return Complete(irp, STATUS_DEVICE_BUSY | 0x40000000, 0);
  }
  if (location->MinorFunction < IRP_MN_SET_POWER ||
      location->Parameters.Power.Type != SystemPowerState) {
    IoSkipCurrentIrpStackLocation(irp);
    return PoCallDriver(device->lower, irp);
  }
  IoMarkIrpPending(irp);
  IoCopyCurrentIrpStackLocationToNext(irp);
  IoSetCompletionRoutine(irp, SystemDone, device, TRUE, TRUE, TRUE);
  PoCallDriver(device->lower, irp);
  return STATUS_PENDING;
}

// MARK: Requests of programs

static void NTAPI Cancel(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  IoReleaseCancelSpinLock(irp->CancelIrql);
  InterlockedExchangePointer((PVOID *)&device->pending, NULL);
  Complete(irp, STATUS_CANCELLED, 0);
}

static NTSTATUS Control(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  POWER_STATE state;
  switch (IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl.IoControlCode) {
    case TEST_PEND:
      IoMarkIrpPending(irp);
      device->pending = irp;
      IoSetCancelRoutine(irp, Cancel);
      return STATUS_PENDING;
    case TEST_STATE:
      device->state = Input(irp);
      IoInvalidateDeviceState(device->physical);
      break;
    case TEST_POWER:
      state.DeviceState = Input(irp);
      if (PoRequestPowerIrp(device->physical, IRP_MN_SET_POWER, state, PowerDone, NULL, NULL) !=
          STATUS_PENDING) {
        return Complete(irp, STATUS_UNSUCCESSFUL, 0);
      }
      break;
    case TEST_REFUSE: device->refused = Input(irp); break;
    case TEST_REFUSE_POWER: device->refusesPower = Input(irp); break;
    default: return Complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
  }
  return Complete(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS Open(PDEVICE_OBJECT object, PIRP irp) {
  UNREFERENCED_PARAMETER(object);
  return Complete(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS Forward(PDEVICE_OBJECT object, PIRP irp) {
  return Pass(object->DeviceExtension, irp);
}

static NTSTATUS AddDevice(PDRIVER_OBJECT driver, PDEVICE_OBJECT physical) {
  PDEVICE_OBJECT object;
  Extension *device;
  NTSTATUS status;
  DbgPrint("function add\n");
  if (Setting(physical, L"FailAdd")) return STATUS_DEVICE_NOT_CONNECTED;
  status = IoCreateDevice(driver, sizeof(Extension), NULL, FILE_DEVICE_UNKNOWN,
                          FILE_DEVICE_SECURE_OPEN, FALSE, &object);
  if (!NT_SUCCESS(status)) return status;
  device = object->DeviceExtension;
  device->self = object;
  device->physical = physical;
  IoInitializeRemoveLock(&device->lock, 'tseT', 0, 0);
  status = IoRegisterDeviceInterface(physical, &GUID_TEST, NULL, &device->link);
  if (!NT_SUCCESS(status)) {
    IoDeleteDevice(object);
    return status;
  }
  device->lower = IoAttachDeviceToDeviceStack(object, physical);
  object->Flags |= DO_BUFFERED_IO | DO_POWER_PAGABLE;
  object->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

static void Unload(PDRIVER_OBJECT driver) {
  DbgPrint("function unload %d\n", driver->DeviceObject != NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->MajorFunction[IRP_MJ_CREATE] = Open;
  driver->MajorFunction[IRP_MJ_CLEANUP] = Open;
  driver->MajorFunction[IRP_MJ_CLOSE] = Open;
  driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  driver->MajorFunction[IRP_MJ_PNP] = Pnp;
  driver->MajorFunction[IRP_MJ_POWER] = Power;
  driver->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = Forward;
  driver->DriverExtension->AddDevice = AddDevice;
  driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
