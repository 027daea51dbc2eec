// A control device that opens the device whose name it is given, writes four bytes to it and gives what
// it reads then.
#include <ntddk.h>

#include <wdf.h>

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_UNLOAD EvtUnload;
static EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EvtControl;

static NTSTATUS Exchange(WDFIOTARGET Target, void *Output, size_t Length, ULONG_PTR *Count) {
  UCHAR bytes[4] = {'p', 'i', 'n', 'g'};
  WDF_MEMORY_DESCRIPTOR memory;
  NTSTATUS status;
  WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&memory, bytes, sizeof bytes);
  status = WdfIoTargetSendWriteSynchronously(Target, NULL, &memory, NULL, NULL, NULL);
  if (!NT_SUCCESS(status)) return status;
  WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&memory, Output, (ULONG)Length);
  return WdfIoTargetSendReadSynchronously(Target, NULL, &memory, NULL, NULL, Count);
}

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  WDF_IO_TARGET_OPEN_PARAMS parameters;
  WDFIOTARGET target = NULL;
  UNICODE_STRING name;
  void *output = NULL;
  ULONG_PTR count = 0;
  NTSTATUS status = WdfRequestRetrieveInputBuffer(Request, 2, (void **)&name.Buffer, NULL);
  UNREFERENCED_PARAMETER(Code);
  name.Length = name.MaximumLength = (USHORT)InputLength;
  if (NT_SUCCESS(status)) status = WdfRequestRetrieveOutputBuffer(Request, 1, &output, NULL);
  if (NT_SUCCESS(status)) {
    status = WdfIoTargetCreate(WdfIoQueueGetDevice(Queue), WDF_NO_OBJECT_ATTRIBUTES, &target);
  }
  if (NT_SUCCESS(status)) {
    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&parameters, &name, GENERIC_READ | GENERIC_WRITE);
    status = WdfIoTargetOpen(target, &parameters);
  }
  if (NT_SUCCESS(status)) status = Exchange(target, output, OutputLength, &count);
  if (target != NULL) WdfObjectDelete(target);
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? count : 0);
}

static NTSTATUS MakeDevice(WDFDRIVER Driver) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfOpener");
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status;
  PWDFDEVICE_INIT init =
      WdfControlDeviceInitAllocate(Driver, &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R);
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  status = WdfDeviceInitAssignName(init, &name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) {
    if (init) WdfDeviceInitFree(init);
    return status;
  }
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchSequential);
  config.EvtIoDeviceControl = EvtControl;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(device);
  return status;
}

static void EvtUnload(WDFDRIVER Driver) { UNREFERENCED_PARAMETER(Driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDFDRIVER driver;
  NTSTATUS status;
  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  config.EvtDriverUnload = EvtUnload;
  status =
      WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, &driver);
  return NT_SUCCESS(status) ? MakeDevice(driver) : status;
}
