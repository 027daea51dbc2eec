// Makes a control device beside its device, and does not finish it.
#include <ntddk.h>

#include <wdf.h>

DRIVER_INITIALIZE DriverEntry;

static NTSTATUS AddDevice(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  DECLARE_CONST_UNICODE_STRING(sddl, L"D:P");
  PWDFDEVICE_INIT init;
  WDFDEVICE device, other;
  NTSTATUS status = WdfDeviceCreate(&Init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) return status;
  init = WdfControlDeviceInitAllocate(Driver, &sddl);
  if (init == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &other);
  if (!NT_SUCCESS(status)) {
    WdfDeviceInitFree(init);
    return status;
  }
#ifdef REPAIRED
  WdfControlFinishInitializing(other);
#endif
  return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, AddDevice);
  return WdfDriverCreate(Driver, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}
