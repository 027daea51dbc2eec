// Management instrumentation.
#ifndef R3_WDF_API_WMI_H
#define R3_WDF_API_WMI_H

#include "../wmi.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE NTSTATUS WDF_WMI_BUFFER_APPEND_STRING(PVOID Buffer, ULONG BufferLength,
                                                  PCUNICODE_STRING String, PULONG RequiredSize) {
  *RequiredSize = sizeof(USHORT) + String->Length;
  if (BufferLength < *RequiredSize) return STATUS_BUFFER_TOO_SMALL;
  *(USHORT *)Buffer = String->Length;
  RtlCopyMemory((PUCHAR)Buffer + sizeof(USHORT), String->Buffer, String->Length);
  return STATUS_SUCCESS;
}

FORCEINLINE void WDF_WMI_PROVIDER_CONFIG_INIT(PWDF_WMI_PROVIDER_CONFIG Config, const GUID *Guid) {
  R3_WDF_INIT(WDF_WMI_PROVIDER_CONFIG, Config);
  RtlCopyMemory(&Config->Guid, Guid, sizeof(GUID));
}

FORCEINLINE void WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER(PWDF_WMI_INSTANCE_CONFIG Config,
                                                       WDFWMIPROVIDER Provider) {
  R3_WDF_INIT(WDF_WMI_INSTANCE_CONFIG, Config);
  Config->Provider = Provider;
}

FORCEINLINE void WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER_CONFIG(
    PWDF_WMI_INSTANCE_CONFIG Config, PWDF_WMI_PROVIDER_CONFIG ProviderConfig) {
  R3_WDF_INIT(WDF_WMI_INSTANCE_CONFIG, Config);
  Config->ProviderConfig = ProviderConfig;
}

FORCEINLINE NTSTATUS WdfWmiProviderCreate(WDFDEVICE Device,
                                          PWDF_WMI_PROVIDER_CONFIG WmiProviderConfig,
                                          PWDF_OBJECT_ATTRIBUTES ProviderAttributes,
                                          WDFWMIPROVIDER *WmiProvider) {
  return R3_WDF(WdfWmiProviderCreate, NTSTATUS, WDFDEVICE, PWDF_WMI_PROVIDER_CONFIG,
                PWDF_OBJECT_ATTRIBUTES, WDFWMIPROVIDER *)
      (WdfDriverGlobals, Device, WmiProviderConfig, ProviderAttributes, WmiProvider);
}

FORCEINLINE WDFDEVICE WdfWmiProviderGetDevice(WDFWMIPROVIDER WmiProvider) {
  return R3_WDF(WdfWmiProviderGetDevice, WDFDEVICE, WDFWMIPROVIDER)(WdfDriverGlobals, WmiProvider);
}

FORCEINLINE BOOLEAN WdfWmiProviderIsEnabled(WDFWMIPROVIDER WmiProvider,
                                            WDF_WMI_PROVIDER_CONTROL ProviderControl) {
  return R3_WDF(WdfWmiProviderIsEnabled, BOOLEAN, WDFWMIPROVIDER, WDF_WMI_PROVIDER_CONTROL)
      (WdfDriverGlobals, WmiProvider, ProviderControl);
}

FORCEINLINE ULONGLONG WdfWmiProviderGetTracingHandle(WDFWMIPROVIDER WmiProvider) {
  return R3_WDF(WdfWmiProviderGetTracingHandle, ULONGLONG, WDFWMIPROVIDER)
      (WdfDriverGlobals, WmiProvider);
}

FORCEINLINE NTSTATUS WdfWmiInstanceCreate(WDFDEVICE Device, PWDF_WMI_INSTANCE_CONFIG InstanceConfig,
                                          PWDF_OBJECT_ATTRIBUTES InstanceAttributes,
                                          WDFWMIINSTANCE *Instance) {
  return R3_WDF(WdfWmiInstanceCreate, NTSTATUS, WDFDEVICE, PWDF_WMI_INSTANCE_CONFIG,
                PWDF_OBJECT_ATTRIBUTES, WDFWMIINSTANCE *)
      (WdfDriverGlobals, Device, InstanceConfig, InstanceAttributes, Instance);
}

FORCEINLINE NTSTATUS WdfWmiInstanceRegister(WDFWMIINSTANCE WmiInstance) {
  return R3_WDF(WdfWmiInstanceRegister, NTSTATUS, WDFWMIINSTANCE)(WdfDriverGlobals, WmiInstance);
}

FORCEINLINE void WdfWmiInstanceDeregister(WDFWMIINSTANCE WmiInstance) {
  R3_WDF(WdfWmiInstanceDeregister, void, WDFWMIINSTANCE)(WdfDriverGlobals, WmiInstance);
}

FORCEINLINE WDFDEVICE WdfWmiInstanceGetDevice(WDFWMIINSTANCE WmiInstance) {
  return R3_WDF(WdfWmiInstanceGetDevice, WDFDEVICE, WDFWMIINSTANCE)(WdfDriverGlobals, WmiInstance);
}

FORCEINLINE WDFWMIPROVIDER WdfWmiInstanceGetProvider(WDFWMIINSTANCE WmiInstance) {
  return R3_WDF(WdfWmiInstanceGetProvider, WDFWMIPROVIDER, WDFWMIINSTANCE)
      (WdfDriverGlobals, WmiInstance);
}

FORCEINLINE NTSTATUS WdfWmiInstanceFireEvent(WDFWMIINSTANCE WmiInstance, ULONG EventDataSize,
                                             PVOID EventData) {
  return R3_WDF(WdfWmiInstanceFireEvent, NTSTATUS, WDFWMIINSTANCE, ULONG, PVOID)
      (WdfDriverGlobals, WmiInstance, EventDataSize, EventData);
}

R3_END

#endif
#endif
