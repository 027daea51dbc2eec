// A filter driver of Plug and Play that says what passes it.
#include "pnp.h"

typedef struct {
  PDEVICE_OBJECT lower;
} Extension;

static NTSTATUS Forward(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  IoSkipCurrentIrpStackLocation(irp);
  return IoCallDriver(device->lower, irp);
}

static NTSTATUS Pnp(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  UCHAR minor = IoGetCurrentIrpStackLocation(irp)->MinorFunction;
  NTSTATUS status;
  LogPnp("filter", minor);
  status = Forward(object, irp);
  if (minor == IRP_MN_REMOVE_DEVICE) {
    IoDetachDevice(device->lower);
    IoDeleteDevice(object);
  }
  return status;
}

static NTSTATUS Power(PDEVICE_OBJECT object, PIRP irp) {
  LogPower("filter", IoGetCurrentIrpStackLocation(irp));
  return Forward(object, irp);
}

static NTSTATUS AddDevice(PDRIVER_OBJECT driver, PDEVICE_OBJECT physical) {
  PDEVICE_OBJECT object;
  Extension *device;
  NTSTATUS status = IoCreateDevice(driver, sizeof(Extension), NULL, FILE_DEVICE_UNKNOWN,
                                   FILE_DEVICE_SECURE_OPEN, FALSE, &object);
  DbgPrint("filter add\n");
  if (!NT_SUCCESS(status)) return status;
  device = object->DeviceExtension;
  device->lower = IoAttachDeviceToDeviceStack(object, physical);
  object->Flags |= device->lower->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO | DO_POWER_PAGABLE);
  object->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

static void Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  ULONG index;
  UNREFERENCED_PARAMETER(path);
  for (index = 0; index <= IRP_MJ_MAXIMUM_FUNCTION; index++) {
    driver->MajorFunction[index] = Forward;
  }
  driver->MajorFunction[IRP_MJ_PNP] = Pnp;
  driver->MajorFunction[IRP_MJ_POWER] = Power;
  driver->DriverExtension->AddDevice = AddDevice;
  driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
