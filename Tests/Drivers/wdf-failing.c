// A driver whose DriverEntry fails after WdfDriverCreate.
#include <ntddk.h>

#include <wdf.h>

static void EvtDriverCleanup(WDFOBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
  DbgPrint("driver cleaned at level %d\n", KeGetCurrentIrql());
}

static void EvtDriverUnload(WDFDRIVER Driver) {
  UNREFERENCED_PARAMETER(Driver);
  DbgPrint("unload\n");
}

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  NTSTATUS status;
  WDF_DRIVER_CONFIG_INIT(&config, (PFN_WDF_DRIVER_DEVICE_ADD)1);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  // A driver without devices of Plug and Play has no use for EvtDriverDeviceAdd.
  status = WdfDriverCreate(DriverObject, RegistryPath, NULL, &config, NULL);
  if (status != STATUS_INVALID_PARAMETER) DbgPrint("created\n");
  config.EvtDriverDeviceAdd = NULL;
  config.EvtDriverUnload = EvtDriverUnload;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.EvtCleanupCallback = EvtDriverCleanup;
  status = WdfDriverCreate(DriverObject, RegistryPath, &attributes, &config, NULL);
  if (!NT_SUCCESS(status)) DbgPrint("not created\n");
  status = WdfDriverCreate(DriverObject, RegistryPath, &attributes, &config, NULL);
  if (status != STATUS_DRIVER_INTERNAL_ERROR) DbgPrint("created twice\n");
  return STATUS_NO_SUCH_DEVICE;
}
