// A function driver that filters what its device needs, keeps properties by their keys, and tries to
// delete what only the framework deletes.
#include "wdf-pnp.h"

DRIVER_INITIALIZE DriverEntry;

// {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0014}: properties of this driver.
static const DEVPROPKEY Key = {
    {0x8f1c1f0e, 0x4c1a, 0x4c4e, {0x9d, 0x0c, 0x4b, 0x1f, 0x6a, 0x6f, 0x00, 0x14}}, 2};

static WDFINTERRUPT interrupt;
static WDFCHILDLIST list;
static WDFWMIPROVIDER provider;
static WDFCMRESLIST resources;

// MARK: Resources

static NTSTATUS EvtFilterAdd(WDFDEVICE Device, WDFIORESREQLIST Requirements) {
  WDFIORESLIST first = WdfIoResourceRequirementsListGetIoResList(Requirements, 0);
  IO_RESOURCE_DESCRIPTOR port;
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("filter add %u\n", first ? WdfIoResourceListGetCount(first) : 99);
  if (!first) return STATUS_UNSUCCESSFUL;
  RtlZeroMemory(&port, sizeof port);
  port.Type = CmResourceTypePort;
  port.u.Port.Length = 4;
  port.u.Port.Alignment = 4;
  port.u.Port.MinimumAddress.QuadPart = 0x500;
  port.u.Port.MaximumAddress.QuadPart = 0x503;
  return WdfIoResourceListAppendDescriptor(first, &port);
}

static NTSTATUS EvtFilterRemove(WDFDEVICE Device, WDFIORESREQLIST Requirements) {
  WDFIORESLIST first = WdfIoResourceRequirementsListGetIoResList(Requirements, 0);
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("filter remove %u\n", first ? WdfIoResourceListGetCount(first) : 99);
  // What the bus asked for is not wanted.
  if (first) WdfIoResourceListRemove(first, 0);
  return STATUS_SUCCESS;
}

static NTSTATUS EvtPrepare(WDFDEVICE Device, WDFCMRESLIST Raw, WDFCMRESLIST Translated) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Raw);
  resources = Translated;
  for (ULONG i = 0; i < WdfCmResourceListGetCount(Translated); i++) {
    PCM_PARTIAL_RESOURCE_DESCRIPTOR one = WdfCmResourceListGetDescriptor(Translated, i);
    DbgPrint("resource %x\n", (ULONG)one->u.Port.Start.QuadPart);
  }
  return STATUS_SUCCESS;
}

// MARK: Properties

static void InitProperty(PWDF_DEVICE_PROPERTY_DATA Data) {
  WDF_DEVICE_PROPERTY_DATA_INIT(Data, &Key);
}

static void SayEarly(PWDFDEVICE_INIT Init) {
  WDF_DEVICE_PROPERTY_DATA data;
  WDFMEMORY memory;
  DEVPROPTYPE type = 0;
  ULONG value = 0, size = 0;
  NTSTATUS status;
  InitProperty(&data);
  status = WdfFdoInitQueryPropertyEx(Init, &data, sizeof value, &value, &size, &type);
  DbgPrint("early %x %u %u %u\n", status, value, size, type);
  status = WdfFdoInitAllocAndQueryPropertyEx(Init, &data, NonPagedPoolNx, WDF_NO_OBJECT_ATTRIBUTES,
                                             &memory, &type);
  if (NT_SUCCESS(status)) DbgPrint("early memory %u\n", *(ULONG *)WdfMemoryGetBuffer(memory, NULL));
}

static void SayProperties(WDFDEVICE Device) {
  WDF_DEVICE_PROPERTY_DATA data;
  WDFMEMORY memory;
  DEVPROPTYPE type = 0;
  ULONG value = 4711, size = 0;
  size_t count = 0;
  NTSTATUS status;
  InitProperty(&data);
  status = WdfDeviceAssignProperty(Device, &data, DEVPROP_TYPE_UINT32, sizeof value, &value);
  DbgPrint("assign %x\n", status);
  value = 0;
  status = WdfDeviceQueryPropertyEx(Device, &data, sizeof value, &value, &size, &type);
  DbgPrint("query %x %u %u %u\n", status, value, size, type);
  size = 0;
  status = WdfDeviceQueryPropertyEx(Device, &data, 0, NULL, &size, &type);
  DbgPrint("size %x %u\n", status, size);
  status = WdfDeviceAllocAndQueryPropertyEx(Device, &data, NonPagedPoolNx, WDF_NO_OBJECT_ATTRIBUTES,
                                            &memory, &type);
  if (NT_SUCCESS(status)) {
    value = *(ULONG *)WdfMemoryGetBuffer(memory, &count);
    DbgPrint("memory %u %u %u\n", value, (ULONG)count, type);
    WdfObjectDelete(memory);
  }
  data.Size--;
  status = WdfDeviceAssignProperty(Device, &data, DEVPROP_TYPE_UINT32, sizeof value, &value);
  DbgPrint("wrong size %x\n", status);
}

// MARK: What may not be deleted

static BOOLEAN EvtIsr(WDFINTERRUPT Interrupt, ULONG Message) {
  UNREFERENCED_PARAMETER(Interrupt);
  UNREFERENCED_PARAMETER(Message);
  return FALSE;
}

static NTSTATUS EvtCreateChild(WDFCHILDLIST List,
                               PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER Identification,
                               PWDFDEVICE_INIT Init) {
  UNREFERENCED_PARAMETER(List);
  UNREFERENCED_PARAMETER(Identification);
  UNREFERENCED_PARAMETER(Init);
  return STATUS_UNSUCCESSFUL;
}

static NTSTATUS MakeParts(WDFDEVICE Device) {
  WDF_INTERRUPT_CONFIG config;
  WDF_CHILD_LIST_CONFIG listConfig;
  WDF_WMI_PROVIDER_CONFIG wmi;
  NTSTATUS status;
  WDF_INTERRUPT_CONFIG_INIT(&config, EvtIsr, NULL);
  status = WdfInterruptCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &interrupt);
  if (!NT_SUCCESS(status)) return status;
  WDF_CHILD_LIST_CONFIG_INIT(&listConfig,
                             sizeof(WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER) + 4,
                             EvtCreateChild);
  status = WdfChildListCreate(Device, &listConfig, WDF_NO_OBJECT_ATTRIBUTES, &list);
  if (!NT_SUCCESS(status)) return status;
  WDF_WMI_PROVIDER_CONFIG_INIT(&wmi, &FunctionInterface);
  return WdfWmiProviderCreate(Device, &wmi, WDF_NO_OBJECT_ATTRIBUTES, &provider);
}

// Each is there as before.
static void DeleteParts(WDFDEVICE Device) {
  WDFOBJECT parts[] = {Device, interrupt, list, provider, resources};
  ULONG count = WdfCmResourceListGetCount(resources);
  for (ULONG i = 0; i < ARRAYSIZE(parts); i++) WdfObjectDelete(parts[i]);
  DbgPrint("still %u %u %u %u %u\n", WdfDeviceWdmGetDeviceObject(Device) != NULL,
           WdfInterruptGetDevice(interrupt) == Device, WdfChildListGetDevice(list) == Device,
           WdfWmiProviderIsEnabled(provider, WdfWmiInstanceControl) == FALSE,
           WdfCmResourceListGetCount(resources) == count);
}

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  if (Code == IOCTL_PROPERTY) SayProperties(WdfIoQueueGetDevice(Queue));
  if (Code == IOCTL_FAIL) DeleteParts(WdfIoQueueGetDevice(Queue));
  WdfRequestComplete(Request, STATUS_SUCCESS);
}

static NTSTATUS EvtAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
  WDF_FDO_EVENT_CALLBACKS fdo;
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  SayEarly(Init);
  WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
  callbacks.EvtDevicePrepareHardware = EvtPrepare;
  WdfDeviceInitSetPnpPowerEventCallbacks(Init, &callbacks);
  WDF_FDO_EVENT_CALLBACKS_INIT(&fdo);
  fdo.EvtDeviceFilterAddResourceRequirements = EvtFilterAdd;
  fdo.EvtDeviceFilterRemoveResourceRequirements = EvtFilterRemove;
  WdfFdoInitSetEventCallbacks(Init, &fdo);
  status = WdfDeviceCreate(&Init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtControl;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (NT_SUCCESS(status)) status = MakeParts(device);
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceCreateDeviceInterface(device, &FunctionInterface, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtAdd);
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
