// What is decided before a device is made.
#ifndef R3_WDF_API_DEVICE_INIT_H
#define R3_WDF_API_DEVICE_INIT_H

#include "../device.h"
#include "../request.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WdfDeviceInitFree(PWDFDEVICE_INIT DeviceInit) {
  R3_WDF(WdfDeviceInitFree, void, PWDFDEVICE_INIT)(WdfDriverGlobals, DeviceInit);
}

FORCEINLINE void WdfDeviceInitSetPnpPowerEventCallbacks(
    PWDFDEVICE_INIT DeviceInit, PWDF_PNPPOWER_EVENT_CALLBACKS PnpPowerEventCallbacks) {
  R3_WDF(WdfDeviceInitSetPnpPowerEventCallbacks, void, PWDFDEVICE_INIT,
         PWDF_PNPPOWER_EVENT_CALLBACKS)
      (WdfDriverGlobals, DeviceInit, PnpPowerEventCallbacks);
}

FORCEINLINE void WdfDeviceInitSetPowerPolicyEventCallbacks(
    PWDFDEVICE_INIT DeviceInit, PWDF_POWER_POLICY_EVENT_CALLBACKS PowerPolicyEventCallbacks) {
  R3_WDF(WdfDeviceInitSetPowerPolicyEventCallbacks, void, PWDFDEVICE_INIT,
         PWDF_POWER_POLICY_EVENT_CALLBACKS)
      (WdfDriverGlobals, DeviceInit, PowerPolicyEventCallbacks);
}

FORCEINLINE void WdfDeviceInitSetPowerPolicyOwnership(PWDFDEVICE_INIT DeviceInit,
                                                      BOOLEAN IsPowerPolicyOwner) {
  R3_WDF(WdfDeviceInitSetPowerPolicyOwnership, void, PWDFDEVICE_INIT, BOOLEAN)
      (WdfDriverGlobals, DeviceInit, IsPowerPolicyOwner);
}

FORCEINLINE NTSTATUS WdfDeviceInitRegisterPnpStateChangeCallback(
    PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_PNP_STATE PnpState,
    PFN_WDF_DEVICE_PNP_STATE_CHANGE_NOTIFICATION EvtDevicePnpStateChange, ULONG CallbackTypes) {
  return R3_WDF(WdfDeviceInitRegisterPnpStateChangeCallback, NTSTATUS, PWDFDEVICE_INIT,
                WDF_DEVICE_PNP_STATE, PFN_WDF_DEVICE_PNP_STATE_CHANGE_NOTIFICATION, ULONG)
      (WdfDriverGlobals, DeviceInit, PnpState, EvtDevicePnpStateChange, CallbackTypes);
}

FORCEINLINE NTSTATUS WdfDeviceInitRegisterPowerStateChangeCallback(
    PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_POWER_STATE PowerState,
    PFN_WDF_DEVICE_POWER_STATE_CHANGE_NOTIFICATION EvtDevicePowerStateChange, ULONG CallbackTypes) {
  return R3_WDF(WdfDeviceInitRegisterPowerStateChangeCallback, NTSTATUS, PWDFDEVICE_INIT,
                WDF_DEVICE_POWER_STATE, PFN_WDF_DEVICE_POWER_STATE_CHANGE_NOTIFICATION, ULONG)
      (WdfDriverGlobals, DeviceInit, PowerState, EvtDevicePowerStateChange, CallbackTypes);
}

FORCEINLINE NTSTATUS WdfDeviceInitRegisterPowerPolicyStateChangeCallback(
    PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_POWER_POLICY_STATE PowerPolicyState,
    PFN_WDF_DEVICE_POWER_POLICY_STATE_CHANGE_NOTIFICATION EvtDevicePowerPolicyStateChange,
    ULONG CallbackTypes) {
  return R3_WDF(WdfDeviceInitRegisterPowerPolicyStateChangeCallback, NTSTATUS, PWDFDEVICE_INIT,
                WDF_DEVICE_POWER_POLICY_STATE,
                PFN_WDF_DEVICE_POWER_POLICY_STATE_CHANGE_NOTIFICATION, ULONG)
      (WdfDriverGlobals, DeviceInit, PowerPolicyState, EvtDevicePowerPolicyStateChange,
       CallbackTypes);
}

FORCEINLINE void WdfDeviceInitSetIoType(PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_IO_TYPE IoType) {
  R3_WDF(WdfDeviceInitSetIoType, void, PWDFDEVICE_INIT, WDF_DEVICE_IO_TYPE)
      (WdfDriverGlobals, DeviceInit, IoType);
}

FORCEINLINE void WdfDeviceInitSetExclusive(PWDFDEVICE_INIT DeviceInit, BOOLEAN IsExclusive) {
  R3_WDF(WdfDeviceInitSetExclusive, void, PWDFDEVICE_INIT, BOOLEAN)
      (WdfDriverGlobals, DeviceInit, IsExclusive);
}

FORCEINLINE void WdfDeviceInitSetPowerNotPageable(PWDFDEVICE_INIT DeviceInit) {
  R3_WDF(WdfDeviceInitSetPowerNotPageable, void, PWDFDEVICE_INIT)(WdfDriverGlobals, DeviceInit);
}

FORCEINLINE void WdfDeviceInitSetPowerPageable(PWDFDEVICE_INIT DeviceInit) {
  R3_WDF(WdfDeviceInitSetPowerPageable, void, PWDFDEVICE_INIT)(WdfDriverGlobals, DeviceInit);
}

FORCEINLINE void WdfDeviceInitSetPowerInrush(PWDFDEVICE_INIT DeviceInit) {
  R3_WDF(WdfDeviceInitSetPowerInrush, void, PWDFDEVICE_INIT)(WdfDriverGlobals, DeviceInit);
}

FORCEINLINE void WdfDeviceInitSetDeviceType(PWDFDEVICE_INIT DeviceInit, DEVICE_TYPE DeviceType) {
  R3_WDF(WdfDeviceInitSetDeviceType, void, PWDFDEVICE_INIT, DEVICE_TYPE)
      (WdfDriverGlobals, DeviceInit, DeviceType);
}

FORCEINLINE NTSTATUS WdfDeviceInitAssignName(PWDFDEVICE_INIT DeviceInit,
                                             PCUNICODE_STRING DeviceName) {
  return R3_WDF(WdfDeviceInitAssignName, NTSTATUS, PWDFDEVICE_INIT, PCUNICODE_STRING)
      (WdfDriverGlobals, DeviceInit, DeviceName);
}

FORCEINLINE NTSTATUS WdfDeviceInitAssignSDDLString(PWDFDEVICE_INIT DeviceInit,
                                                   PCUNICODE_STRING SDDLString) {
  return R3_WDF(WdfDeviceInitAssignSDDLString, NTSTATUS, PWDFDEVICE_INIT, PCUNICODE_STRING)
      (WdfDriverGlobals, DeviceInit, SDDLString);
}

FORCEINLINE void WdfDeviceInitSetDeviceClass(PWDFDEVICE_INIT DeviceInit,
                                             const GUID *DeviceClassGuid) {
  R3_WDF(WdfDeviceInitSetDeviceClass, void, PWDFDEVICE_INIT, const GUID *)
      (WdfDriverGlobals, DeviceInit, DeviceClassGuid);
}

FORCEINLINE void WdfDeviceInitSetCharacteristics(PWDFDEVICE_INIT DeviceInit,
                                                 ULONG DeviceCharacteristics, BOOLEAN OrInValues) {
  R3_WDF(WdfDeviceInitSetCharacteristics, void, PWDFDEVICE_INIT, ULONG, BOOLEAN)
      (WdfDriverGlobals, DeviceInit, DeviceCharacteristics, OrInValues);
}

FORCEINLINE void WdfDeviceInitSetFileObjectConfig(PWDFDEVICE_INIT DeviceInit,
                                                  PWDF_FILEOBJECT_CONFIG FileObjectConfig,
                                                  PWDF_OBJECT_ATTRIBUTES FileObjectAttributes) {
  R3_WDF(WdfDeviceInitSetFileObjectConfig, void, PWDFDEVICE_INIT, PWDF_FILEOBJECT_CONFIG,
         PWDF_OBJECT_ATTRIBUTES)
      (WdfDriverGlobals, DeviceInit, FileObjectConfig, FileObjectAttributes);
}

FORCEINLINE void WdfDeviceInitSetRequestAttributes(PWDFDEVICE_INIT DeviceInit,
                                                   PWDF_OBJECT_ATTRIBUTES RequestAttributes) {
  R3_WDF(WdfDeviceInitSetRequestAttributes, void, PWDFDEVICE_INIT, PWDF_OBJECT_ATTRIBUTES)
      (WdfDriverGlobals, DeviceInit, RequestAttributes);
}

FORCEINLINE NTSTATUS WdfDeviceInitAssignWdmIrpPreprocessCallback(
    PWDFDEVICE_INIT DeviceInit, PFN_WDFDEVICE_WDM_IRP_PREPROCESS EvtDeviceWdmIrpPreprocess,
    UCHAR MajorFunction, PUCHAR MinorFunctions, ULONG NumMinorFunctions) {
  return R3_WDF(WdfDeviceInitAssignWdmIrpPreprocessCallback, NTSTATUS, PWDFDEVICE_INIT,
                PFN_WDFDEVICE_WDM_IRP_PREPROCESS, UCHAR, PUCHAR, ULONG)
      (WdfDriverGlobals, DeviceInit, EvtDeviceWdmIrpPreprocess, MajorFunction, MinorFunctions,
       NumMinorFunctions);
}

FORCEINLINE void WdfDeviceInitSetIoInCallerContextCallback(
    PWDFDEVICE_INIT DeviceInit, PFN_WDF_IO_IN_CALLER_CONTEXT EvtIoInCallerContext) {
  R3_WDF(WdfDeviceInitSetIoInCallerContextCallback, void, PWDFDEVICE_INIT,
         PFN_WDF_IO_IN_CALLER_CONTEXT)
      (WdfDriverGlobals, DeviceInit, EvtIoInCallerContext);
}

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE void WdfDeviceInitSetRemoveLockOptions(PWDFDEVICE_INIT DeviceInit,
                                                   PWDF_REMOVE_LOCK_OPTIONS Options) {
  R3_WDF(WdfDeviceInitSetRemoveLockOptions, void, PWDFDEVICE_INIT, PWDF_REMOVE_LOCK_OPTIONS)
      (WdfDriverGlobals, DeviceInit, Options);
}

FORCEINLINE void WdfDeviceInitSetReleaseHardwareOrderOnFailure(
    PWDFDEVICE_INIT DeviceInit,
    WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE ReleaseHardwareOrderOnFailure) {
  R3_WDF(WdfDeviceInitSetReleaseHardwareOrderOnFailure, void, PWDFDEVICE_INIT,
         WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE)
      (WdfDriverGlobals, DeviceInit, ReleaseHardwareOrderOnFailure);
}

#endif

#if KMDF_VERSION_MINOR >= 13
FORCEINLINE void WdfDeviceInitSetIoTypeEx(PWDFDEVICE_INIT DeviceInit,
                                          PWDF_IO_TYPE_CONFIG IoTypeConfig) {
  R3_WDF(WdfDeviceInitSetIoTypeEx, void, PWDFDEVICE_INIT, PWDF_IO_TYPE_CONFIG)
      (WdfDriverGlobals, DeviceInit, IoTypeConfig);
}

#endif

#if KMDF_VERSION_MINOR >= 15
FORCEINLINE void WdfDeviceInitAllowSelfIoTarget(PWDFDEVICE_INIT DeviceInit) {
  R3_WDF(WdfDeviceInitAllowSelfIoTarget, void, PWDFDEVICE_INIT)(WdfDriverGlobals, DeviceInit);
}

#endif

R3_END

#endif
#endif
