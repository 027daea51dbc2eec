// A driver of Plug and Play whose AddDevice leaves DO_DEVICE_INITIALIZING set.
#include <ntddk.h>

typedef struct {
  PDEVICE_OBJECT lower;
} Extension;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_ADD_DEVICE AddDevice;
static DRIVER_DISPATCH PassOn, Pnp;
static DRIVER_UNLOAD Unload;

static NTSTATUS AddDevice(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Physical) {
  PDEVICE_OBJECT device;
  Extension *extension;
  NTSTATUS status =
      IoCreateDevice(Driver, sizeof(Extension), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  extension = device->DeviceExtension;
  extension->lower = IoAttachDeviceToDeviceStack(device, Physical);
  if (extension->lower == NULL) {
    IoDeleteDevice(device);
    return STATUS_NO_SUCH_DEVICE;
  }
#ifdef REPAIRED
  device->Flags &= ~DO_DEVICE_INITIALIZING;
#endif
  return STATUS_SUCCESS;
}

static NTSTATUS PassOn(PDEVICE_OBJECT Device, PIRP Irp) {
  Extension *extension = Device->DeviceExtension;
  IoSkipCurrentIrpStackLocation(Irp);
  return IoCallDriver(extension->lower, Irp);
}

static NTSTATUS Pnp(PDEVICE_OBJECT Device, PIRP Irp) {
  Extension *extension = Device->DeviceExtension;
  UCHAR minor = IoGetCurrentIrpStackLocation(Irp)->MinorFunction;
  NTSTATUS status;
  if (minor == IRP_MN_REMOVE_DEVICE) Irp->IoStatus.Status = STATUS_SUCCESS;
  status = PassOn(Device, Irp);
  if (minor == IRP_MN_REMOVE_DEVICE) {
    IoDetachDevice(extension->lower);
    IoDeleteDevice(Device);
  }
  return status;
}

static VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  UNREFERENCED_PARAMETER(RegistryPath);
  Driver->DriverExtension->AddDevice = AddDevice;
  Driver->DriverUnload = Unload;
  Driver->MajorFunction[IRP_MJ_PNP] = Pnp;
  Driver->MajorFunction[IRP_MJ_POWER] = PassOn;
  Driver->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = PassOn;
  return STATUS_SUCCESS;
}
