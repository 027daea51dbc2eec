// The framework driver under measurement: reads through a sequential queue, completed at once.
#include <ntddk.h>

#include <wdf.h>

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_IO_QUEUE_IO_READ EvtIoRead;

static void EvtIoRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UCHAR *buffer;
  NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, Length, (void **)&buffer, NULL);
  UNREFERENCED_PARAMETER(Queue);
  if (NT_SUCCESS(status)) buffer[0] = 1;
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? Length : 0);
}

static NTSTATUS MakeDevice(WDFDRIVER Driver) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfQueue");
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\WdfQueue");
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status;
  PWDFDEVICE_INIT init =
      WdfControlDeviceInitAllocate(Driver, &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R);
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  status = WdfDeviceInitAssignName(init, &name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) {
    WdfDeviceInitFree(init);
    return status;
  }
  status = WdfDeviceCreateSymbolicLink(device, &link);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchSequential);
  config.EvtIoRead = EvtIoRead;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(device);
  return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDFDRIVER driver;
  NTSTATUS status;
  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  status =
      WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, &driver);
  return NT_SUCCESS(status) ? MakeDevice(driver) : status;
}
