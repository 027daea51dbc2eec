// Makes a control device beside its device, and does not finish it.
#include "defect-second.h"

DRIVER_INITIALIZE DriverEntry;

static NTSTATUS AddDevice(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  PWDFDEVICE_INIT init;
  WDFDEVICE device, second;
  NTSTATUS status = WdfDeviceCreate(&Init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) return status;
  init = DefectSecondInit(Driver);
  status = DefectMakeSecond(&init, &second);
#ifdef REPAIRED
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(second);
#endif
  return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, AddDevice);
  return WdfDriverCreate(Driver, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}
