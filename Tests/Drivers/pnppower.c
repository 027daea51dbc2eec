// A power policy owner that keeps the system's request in its extension, and ends the requests for
// its device in a work item or a DPC.
#include "pnp.h"

typedef struct {
  PDEVICE_OBJECT self, lower, physical;
  PIO_WORKITEM item;
  KDPC dpc;
  PIRP system, device;
  ULONG count;
} Extension;

static NTSTATUS Pass(Extension *device, PIRP irp) {
  IoSkipCurrentIrpStackLocation(irp);
  return PoCallDriver(device->lower, irp);
}

// MARK: The system's requests

// Completes the kept request, and only then forgets it: nobody may have kept another one meanwhile.
static void NTAPI DeviceDone(PDEVICE_OBJECT object, UCHAR minor, POWER_STATE state, PVOID context,
                             PIO_STATUS_BLOCK answer) {
  Extension *device = context;
  PIRP system = device->system;
  ULONG round;
  UNREFERENCED_PARAMETER(object);
  UNREFERENCED_PARAMETER(minor);
  UNREFERENCED_PARAMETER(state);
  Complete(system, answer->Status, 0);
  for (round = 0; round < 50 && *(PIRP volatile *)&device->system == system; round++) {
    KeStallExecutionProcessor(10);
  }
  if (device->system != system) DbgPrint("overtaken\n");
  device->system = NULL;
}

static NTSTATUS NTAPI SystemDone(PDEVICE_OBJECT object, PIRP irp, PVOID context) {
  Extension *device = context;
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
  POWER_STATE state;
  UNREFERENCED_PARAMETER(object);
  state.DeviceState = location->Parameters.Power.State.SystemState == PowerSystemWorking
                          ? PowerDeviceD0 : PowerDeviceD3;
  device->system = irp;
  if (PoRequestPowerIrp(device->physical, location->MinorFunction, state, DeviceDone, device,
                        NULL) != STATUS_PENDING) {
    return STATUS_CONTINUE_COMPLETION;
  }
  return STATUS_MORE_PROCESSING_REQUIRED;
}

// MARK: The device's requests

static void Work(PDEVICE_OBJECT object, PVOID context) {
  Extension *device = context;
  UNREFERENCED_PARAMETER(object);
  Pass(device, InterlockedExchangePointer((PVOID *)&device->device, NULL));
}

static void Deferred(PKDPC dpc, PVOID context, PVOID first, PVOID second) {
  UNREFERENCED_PARAMETER(dpc);
  UNREFERENCED_PARAMETER(first);
  UNREFERENCED_PARAMETER(second);
  Work(NULL, context);
}

static NTSTATUS Power(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
  PoStartNextPowerIrp(irp);
  if (location->MinorFunction != IRP_MN_SET_POWER && location->MinorFunction != IRP_MN_QUERY_POWER) {
    return Pass(device, irp);
  }
  IoMarkIrpPending(irp);
  if (location->Parameters.Power.Type == SystemPowerState) {
    IoCopyCurrentIrpStackLocationToNext(irp);
    IoSetCompletionRoutine(irp, SystemDone, device, TRUE, TRUE, TRUE);
    PoCallDriver(device->lower, irp);
    return STATUS_PENDING;
  }
  if (InterlockedExchangePointer((PVOID *)&device->device, irp)) DbgPrint("two at once\n");
  // Twice in a work item, twice in a DPC of another processor.
  if (device->count++ & 2) {
    KeInsertQueueDpc(&device->dpc, NULL, NULL);
  } else {
    IoQueueWorkItem(device->item, Work, DelayedWorkQueue, device);
  }
  return STATUS_PENDING;
}

// MARK: Plug and Play

static NTSTATUS Pnp(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  NTSTATUS status;
  UCHAR minor = IoGetCurrentIrpStackLocation(irp)->MinorFunction;
  if (PnpName(minor) && minor != IRP_MN_START_DEVICE) irp->IoStatus.Status = STATUS_SUCCESS;
  IoSkipCurrentIrpStackLocation(irp);
  status = IoCallDriver(device->lower, irp);
  if (minor == IRP_MN_REMOVE_DEVICE) {
    IoDetachDevice(device->lower);
    IoFreeWorkItem(device->item);
    IoDeleteDevice(device->self);
  }
  return status;
}

static NTSTATUS Forward(PDEVICE_OBJECT object, PIRP irp) {
  IoSkipCurrentIrpStackLocation(irp);
  return IoCallDriver(((Extension *)object->DeviceExtension)->lower, irp);
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
  device->item = IoAllocateWorkItem(object);
  KeInitializeDpc(&device->dpc, Deferred, device);
  KeSetTargetProcessorDpc(&device->dpc, 1);
  device->lower = IoAttachDeviceToDeviceStack(object, physical);
  object->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

static void Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->MajorFunction[IRP_MJ_PNP] = Pnp;
  driver->MajorFunction[IRP_MJ_POWER] = Power;
  driver->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = Forward;
  driver->DriverExtension->AddDevice = AddDevice;
  driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
