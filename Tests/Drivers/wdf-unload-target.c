// A target that a read opens, to the driver's own device, and that goes as the driver is unloaded.
#include <ntddk.h>

#include <wdf.h>

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_UNLOAD EvtUnload;
static EVT_WDF_IO_QUEUE_IO_READ EvtRead;

static WDFDEVICE device;
static WDFIOTARGET target;

static void EvtUnload(WDFDRIVER Driver) {
  UNREFERENCED_PARAMETER(Driver);
  if (target != NULL) WdfObjectDelete(target);
}

static void EvtRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfUnloadTarget");
  WDF_IO_TARGET_OPEN_PARAMS parameters;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(Length);
  status = WdfIoTargetCreate(device, WDF_NO_OBJECT_ATTRIBUTES, &target);
  if (NT_SUCCESS(status)) {
    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&parameters, &name, GENERIC_READ);
    status = WdfIoTargetOpen(target, &parameters);
  }
  WdfRequestComplete(Request, status);
}

static NTSTATUS MakeDevice(WDFDRIVER Driver) {
  DECLARE_CONST_UNICODE_STRING(sddl, L"D:P(A;;GA;;;WD)");
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfUnloadTarget");
  PWDFDEVICE_INIT init = WdfControlDeviceInitAllocate(Driver, &sddl);
  NTSTATUS status;
  if (init == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  status = WdfDeviceInitAssignName(init, &name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status) && init != NULL) WdfDeviceInitFree(init);
  return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_IO_QUEUE_CONFIG queue;
  WDFDRIVER driver;
  NTSTATUS status;
  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  config.EvtDriverUnload = EvtUnload;
  status = WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, &driver);
  if (NT_SUCCESS(status)) status = MakeDevice(driver);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queue, WdfIoQueueDispatchParallel);
  queue.EvtIoRead = EvtRead;
  status = WdfIoQueueCreate(device, &queue, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(device);
  return status;
}
