// A function driver that offers a block to WMI, and looks at what the system knows of its device.
#include "pnp.h"
#include <devpropdef.h>
#include <wmistr.h>
#include <wmilib.h>

// {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0003}: a block; {...0004}: an event
DEFINE_GUID(GUID_BLOCK, 0x8f1c1f0e, 0x4c1a, 0x4c4e, 0x9d, 0x0c, 0x4b, 0x1f, 0x6a, 0x6f, 0x00, 0x03);
DEFINE_GUID(GUID_EVENT, 0x8f1c1f0e, 0x4c1a, 0x4c4e, 0x9d, 0x0c, 0x4b, 0x1f, 0x6a, 0x6f, 0x00, 0x04);
DEFINE_DEVPROPKEY(OwnKey, 0x8f1c1f0e, 0x4c1a, 0x4c4e, 0x9d, 0x0c, 0x4b, 0x1f, 0x6a, 0x6f, 0x00, 0x05,
                  7);

static WMIGUIDREGINFO blocks[] = {{&GUID_BLOCK, 2, 0}, {&GUID_EVENT, 1, WMIREG_FLAG_EVENT_ONLY_GUID}};

typedef struct {
  PDEVICE_OBJECT self, lower, physical;
  WMILIB_CONTEXT library;
  UNICODE_STRING path;
  ULONG values[2];
} Extension;

static int failures;
#define CHECK(Condition)                               \
  do {                                                 \
    if (!(Condition)) {                                \
      failures++;                                      \
      DbgPrint("line %d: %s\n", __LINE__, #Condition); \
    }                                                  \
  } while (0)

// MARK: The block

static NTSTATUS NTAPI Register(PDEVICE_OBJECT object, PULONG flags, PUNICODE_STRING name,
                               PUNICODE_STRING *path, PUNICODE_STRING resource,
                               PDEVICE_OBJECT *physical) {
  Extension *device = object->DeviceExtension;
  UNREFERENCED_PARAMETER(name);
  *flags = WMIREG_FLAG_INSTANCE_PDO;
  *path = &device->path;
  *physical = device->physical;
  RtlInitUnicodeString(resource, L"Resource");
  return STATUS_SUCCESS;
}

static NTSTATUS NTAPI Query(PDEVICE_OBJECT object, PIRP irp, ULONG guid, ULONG instance,
                            ULONG count, PULONG lengths, ULONG available, PUCHAR buffer) {
  Extension *device = object->DeviceExtension;
  if (guid || count != 1) {
    return WmiCompleteRequest(object, irp, STATUS_WMI_GUID_NOT_FOUND, 0, IO_NO_INCREMENT);
  }
  if (available < sizeof(ULONG)) {
    return WmiCompleteRequest(object, irp, STATUS_BUFFER_TOO_SMALL, sizeof(ULONG), IO_NO_INCREMENT);
  }
  *(PULONG)buffer = device->values[instance];
  *lengths = sizeof(ULONG);
  return WmiCompleteRequest(object, irp, STATUS_SUCCESS, sizeof(ULONG), IO_NO_INCREMENT);
}

static NTSTATUS NTAPI Set(PDEVICE_OBJECT object, PIRP irp, ULONG guid, ULONG instance, ULONG size,
                          PUCHAR buffer) {
  Extension *device = object->DeviceExtension;
  NTSTATUS status = STATUS_SUCCESS;
  if (guid || size != sizeof(ULONG)) {
    status = STATUS_INVALID_PARAMETER;
  } else {
    PULONG data = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(ULONG), 'vEtB');
    device->values[instance] = *data = *(PULONG)buffer;
    WmiFireEvent(object, (GUID *)&GUID_EVENT, 0, sizeof(ULONG), data);
  }
  return WmiCompleteRequest(object, irp, status, 0, IO_NO_INCREMENT);
}

static NTSTATUS NTAPI Execute(PDEVICE_OBJECT object, PIRP irp, ULONG guid, ULONG instance,
                              ULONG method, ULONG inSize, ULONG outSize, PUCHAR buffer) {
  UNREFERENCED_PARAMETER(guid);
  UNREFERENCED_PARAMETER(instance);
  if (method != 5 || inSize != sizeof(ULONG) || outSize < 5000) {
    ULONG needed = method == 5 && inSize == sizeof(ULONG) ? 5000 : 0;
    return WmiCompleteRequest(object, irp,
                              needed ? STATUS_BUFFER_TOO_SMALL : STATUS_WMI_ITEMID_NOT_FOUND,
                              needed, IO_NO_INCREMENT);
  }
  *(PULONG)buffer *= 2;
  return WmiCompleteRequest(object, irp, STATUS_SUCCESS, 5000, IO_NO_INCREMENT);
}

static NTSTATUS SystemControl(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  SYSCTL_IRP_DISPOSITION disposition;
  NTSTATUS status = WmiSystemControl(&device->library, object, irp, &disposition);
  switch (disposition) {
    case IrpProcessed: return status;
    case IrpNotCompleted:
      IoCompleteRequest(irp, IO_NO_INCREMENT);
      return status;
    default:
      IoSkipCurrentIrpStackLocation(irp);
      return IoCallDriver(device->lower, irp);
  }
}

// MARK: Properties

static void Properties(PDEVICE_OBJECT physical) {
  WCHAR text[64];
  ULONG length, number = 42, type, value = 0;
  CHECK(IoGetDeviceProperty(physical, DevicePropertyHardwareID, sizeof text, text, &length) ==
        STATUS_SUCCESS);
  CHECK(!wcscmp(text, L"ROOT\\WmiTest") && !text[length / 2 - 1] && !text[length / 2 - 2]);
  CHECK(IoGetDeviceProperty(physical, DevicePropertyDeviceDescription, sizeof text, text,
                            &length) == STATUS_SUCCESS);
  CHECK(!wcscmp(text, L"A test"));
  CHECK(IoGetDeviceProperty(physical, DevicePropertyEnumeratorName, sizeof text, text, &length) ==
        STATUS_SUCCESS);
  CHECK(!wcscmp(text, L"ROOT") && length == 10);
  CHECK(IoGetDeviceProperty(physical, DevicePropertyEnumeratorName, 4, text, &length) ==
        STATUS_BUFFER_TOO_SMALL);
  CHECK(length == 10);
  CHECK(IoGetDeviceProperty(physical, DevicePropertyPhysicalDeviceObjectName, sizeof text, text,
                            &length) == STATUS_SUCCESS);
  CHECK(!wcsncmp(text, L"\\Device\\", 8));
  CHECK(IoGetDeviceProperty(physical, DevicePropertyFriendlyName, sizeof text, text, &length) ==
        STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(IoGetDevicePropertyData(physical, &OwnKey, 0, 0, sizeof value, &value, &length, &type) ==
        STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(IoSetDevicePropertyData(physical, &OwnKey, 0, 0, DEVPROP_TYPE_UINT32, sizeof number,
                                &number) == STATUS_SUCCESS);
  CHECK(IoGetDevicePropertyData(physical, &OwnKey, 0, 0, sizeof value, &value, &length, &type) ==
        STATUS_SUCCESS);
  CHECK(value == 42 && length == sizeof value && type == DEVPROP_TYPE_UINT32);
}

static NTSTATUS NTAPI SettingChanged(LPCGUID guid, PVOID value, ULONG length, PVOID context) {
  UNREFERENCED_PARAMETER(guid);
  UNREFERENCED_PARAMETER(context);
  if (length == sizeof(ULONG)) DbgPrint("setting %d\n", *(PULONG)value);
  return STATUS_SUCCESS;
}

static PVOID settingHandle;

static NTSTATUS Pnp(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  UCHAR minor = IoGetCurrentIrpStackLocation(irp)->MinorFunction;
  NTSTATUS status;
  if (minor == IRP_MN_START_DEVICE) {
    Properties(device->physical);
    CHECK(NT_SUCCESS(IoWMIRegistrationControl(object, WMIREG_ACTION_REGISTER)));
    DbgPrint("%d failures\n", failures);
  }
  if (minor == IRP_MN_REMOVE_DEVICE) {
    IoWMIRegistrationControl(object, WMIREG_ACTION_DEREGISTER);
    PoUnregisterPowerSettingCallback(settingHandle);
  }
  if (PnpName(minor)) irp->IoStatus.Status = STATUS_SUCCESS;
  IoSkipCurrentIrpStackLocation(irp);
  status = IoCallDriver(device->lower, irp);
  if (minor == IRP_MN_REMOVE_DEVICE) {
    IoDetachDevice(device->lower);
    IoDeleteDevice(object);
  }
  return status;
}

static NTSTATUS Power(PDEVICE_OBJECT object, PIRP irp) {
  Extension *device = object->DeviceExtension;
  PoStartNextPowerIrp(irp);
  IoSkipCurrentIrpStackLocation(irp);
  return PoCallDriver(device->lower, irp);
}

// {5d3e9a59-e9d5-4b00-a6bd-ff34ff516548}: where the power comes from
DEFINE_GUID(GUID_SOURCE, 0x5d3e9a59, 0xe9d5, 0x4b00, 0xa6, 0xbd, 0xff, 0x34, 0xff, 0x51, 0x65, 0x48);

static NTSTATUS AddDevice(PDRIVER_OBJECT driver, PDEVICE_OBJECT physical) {
  PDEVICE_OBJECT object;
  Extension *device;
  NTSTATUS status = IoCreateDevice(driver, sizeof(Extension), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
                                   &object);
  if (!NT_SUCCESS(status)) return status;
  device = object->DeviceExtension;
  device->self = object;
  device->physical = physical;
  device->values[0] = 11;
  device->values[1] = 22;
  device->library.GuidCount = 2;
  device->library.GuidList = blocks;
  device->library.QueryWmiRegInfo = Register;
  device->library.QueryWmiDataBlock = Query;
  device->library.SetWmiDataBlock = Set;
  device->library.ExecuteWmiMethod = Execute;
  RtlInitUnicodeString(&device->path, L"\\Registry\\Machine\\Test");
  device->lower = IoAttachDeviceToDeviceStack(object, physical);
  PoRegisterPowerSettingCallback(object, &GUID_SOURCE, SettingChanged, NULL, &settingHandle);
  object->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

static void Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->MajorFunction[IRP_MJ_PNP] = Pnp;
  driver->MajorFunction[IRP_MJ_POWER] = Power;
  driver->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = SystemControl;
  driver->DriverExtension->AddDevice = AddDevice;
  driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
