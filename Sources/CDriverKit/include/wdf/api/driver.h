// The driver and its configuration.
#ifndef R3_WDF_API_DRIVER_H
#define R3_WDF_API_DRIVER_H

#include "../driver.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_DRIVER_CONFIG_INIT(PWDF_DRIVER_CONFIG Config,
                                        PFN_WDF_DRIVER_DEVICE_ADD EvtDriverDeviceAdd) {
  R3_WDF_INIT(WDF_DRIVER_CONFIG, Config);
  Config->EvtDriverDeviceAdd = EvtDriverDeviceAdd;
}

FORCEINLINE void WDF_DRIVER_VERSION_AVAILABLE_PARAMS_INIT(
    PWDF_DRIVER_VERSION_AVAILABLE_PARAMS Params, ULONG MajorVersion, ULONG MinorVersion) {
  R3_WDF_INIT(WDF_DRIVER_VERSION_AVAILABLE_PARAMS, Params);
  Params->MajorVersion = MajorVersion;
  Params->MinorVersion = MinorVersion;
}

FORCEINLINE WDFDRIVER WdfGetDriver(void) { return WdfDriverGlobals->Driver; }

FORCEINLINE NTSTATUS WdfDriverCreate(PDRIVER_OBJECT DriverObject, PCUNICODE_STRING RegistryPath,
                                     PWDF_OBJECT_ATTRIBUTES DriverAttributes,
                                     PWDF_DRIVER_CONFIG DriverConfig, WDFDRIVER *Driver) {
  return R3_WDF(WdfDriverCreate, NTSTATUS, PDRIVER_OBJECT, PCUNICODE_STRING, PWDF_OBJECT_ATTRIBUTES,
                PWDF_DRIVER_CONFIG, WDFDRIVER *)
      (WdfDriverGlobals, DriverObject, RegistryPath, DriverAttributes, DriverConfig, Driver);
}

FORCEINLINE PWSTR WdfDriverGetRegistryPath(WDFDRIVER Driver) {
  return R3_WDF(WdfDriverGetRegistryPath, PWSTR, WDFDRIVER)(WdfDriverGlobals, Driver);
}

FORCEINLINE PDRIVER_OBJECT WdfDriverWdmGetDriverObject(WDFDRIVER Driver) {
  return R3_WDF(WdfDriverWdmGetDriverObject, PDRIVER_OBJECT, WDFDRIVER)(WdfDriverGlobals, Driver);
}

FORCEINLINE NTSTATUS WdfDriverOpenParametersRegistryKey(WDFDRIVER Driver, ACCESS_MASK DesiredAccess,
                                                        PWDF_OBJECT_ATTRIBUTES KeyAttributes,
                                                        WDFKEY *Key) {
  return R3_WDF(WdfDriverOpenParametersRegistryKey, NTSTATUS, WDFDRIVER, ACCESS_MASK,
                PWDF_OBJECT_ATTRIBUTES, WDFKEY *)
      (WdfDriverGlobals, Driver, DesiredAccess, KeyAttributes, Key);
}

FORCEINLINE WDFDRIVER WdfWdmDriverGetWdfDriverHandle(PDRIVER_OBJECT DriverObject) {
  return R3_WDF(WdfWdmDriverGetWdfDriverHandle, WDFDRIVER, PDRIVER_OBJECT)
      (WdfDriverGlobals, DriverObject);
}

FORCEINLINE NTSTATUS WdfDriverRegisterTraceInfo(PDRIVER_OBJECT DriverObject,
                                                PFN_WDF_TRACE_CALLBACK EvtTraceCallback,
                                                PVOID ControlBlock) {
  return R3_WDF(WdfDriverRegisterTraceInfo, NTSTATUS, PDRIVER_OBJECT, PFN_WDF_TRACE_CALLBACK, PVOID)
      (WdfDriverGlobals, DriverObject, EvtTraceCallback, ControlBlock);
}

FORCEINLINE NTSTATUS WdfDriverRetrieveVersionString(WDFDRIVER Driver, WDFSTRING String) {
  return R3_WDF(WdfDriverRetrieveVersionString, NTSTATUS, WDFDRIVER, WDFSTRING)
      (WdfDriverGlobals, Driver, String);
}

FORCEINLINE BOOLEAN WdfDriverIsVersionAvailable(
    WDFDRIVER Driver, PWDF_DRIVER_VERSION_AVAILABLE_PARAMS VersionAvailableParams) {
  return R3_WDF(WdfDriverIsVersionAvailable, BOOLEAN, WDFDRIVER,
                PWDF_DRIVER_VERSION_AVAILABLE_PARAMS)
      (WdfDriverGlobals, Driver, VersionAvailableParams);
}

#if KMDF_VERSION_MINOR >= 25
FORCEINLINE NTSTATUS WdfDriverErrorReportApiMissing(WDFDRIVER Driver, PCWSTR FrameworkExtensionName,
                                                    ULONG ApiIndex, BOOLEAN DoesApiReturnNtstatus) {
  return R3_WDF(WdfDriverErrorReportApiMissing, NTSTATUS, WDFDRIVER, PCWSTR, ULONG, BOOLEAN)
      (WdfDriverGlobals, Driver, FrameworkExtensionName, ApiIndex, DoesApiReturnNtstatus);
}

FORCEINLINE NTSTATUS WdfDriverOpenPersistentStateRegistryKey(WDFDRIVER Driver,
                                                             ACCESS_MASK DesiredAccess,
                                                             PWDF_OBJECT_ATTRIBUTES KeyAttributes,
                                                             WDFKEY *Key) {
  return R3_WDF(WdfDriverOpenPersistentStateRegistryKey, NTSTATUS, WDFDRIVER, ACCESS_MASK,
                PWDF_OBJECT_ATTRIBUTES, WDFKEY *)
      (WdfDriverGlobals, Driver, DesiredAccess, KeyAttributes, Key);
}

#endif

R3_END

#endif
#endif
