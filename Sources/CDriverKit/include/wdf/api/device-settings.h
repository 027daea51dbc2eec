// Structures that configure a device, with their usual values.
#ifndef R3_WDF_API_DEVICE_SETTINGS_H
#define R3_WDF_API_DEVICE_SETTINGS_H

#include "../device.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_DEVICE_POWER_CAPABILITIES_INIT(PWDF_DEVICE_POWER_CAPABILITIES Caps) {
  R3_WDF_INIT(WDF_DEVICE_POWER_CAPABILITIES, Caps);
  Caps->DeviceD1 = Caps->DeviceD2 = WdfUseDefault;
  Caps->WakeFromD0 = Caps->WakeFromD1 = Caps->WakeFromD2 = Caps->WakeFromD3 = WdfUseDefault;
  for (int state = 0; state < PowerSystemMaximum; state++) {
    Caps->DeviceState[state] = PowerDeviceMaximum;
  }
  Caps->DeviceWake = PowerDeviceMaximum;
  Caps->SystemWake = PowerSystemMaximum;
  Caps->D1Latency = Caps->D2Latency = Caps->D3Latency = (ULONG)-1;
  Caps->IdealDxStateForSx = PowerDeviceMaximum;
}

FORCEINLINE void WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(
    PWDF_DEVICE_POWER_POLICY_IDLE_SETTINGS Settings,
    WDF_POWER_POLICY_S0_IDLE_CAPABILITIES IdleCaps) {
  R3_WDF_INIT(WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS, Settings);
  Settings->IdleCaps = IdleCaps;
  Settings->IdleTimeout = IdleTimeoutDefaultValue;
  Settings->UserControlOfIdleSettings = IdleAllowUserControl;
  Settings->Enabled = WdfUseDefault;
#if KMDF_VERSION_MINOR >= 9
  Settings->PowerUpIdleDeviceOnSystemWake = WdfUseDefault;
#endif
#if KMDF_VERSION_MINOR >= 11
  Settings->IdleTimeoutType = DriverManagedIdleTimeout;
  Settings->ExcludeD3Cold = WdfUseDefault;
#endif
  if (IdleCaps == IdleCanWakeFromS0 || IdleCaps == IdleUsbSelectiveSuspend) {
    Settings->DxState = PowerDeviceMaximum;
  } else if (IdleCaps == IdleCannotWakeFromS0) {
    Settings->DxState = PowerDeviceD3;
  }
}

FORCEINLINE void WDF_FILEOBJECT_CONFIG_INIT(PWDF_FILEOBJECT_CONFIG FileEventCallbacks,
                                            PFN_WDF_DEVICE_FILE_CREATE EvtDeviceFileCreate,
                                            PFN_WDF_FILE_CLOSE EvtFileClose,
                                            PFN_WDF_FILE_CLEANUP EvtFileCleanup) {
  R3_WDF_INIT(WDF_FILEOBJECT_CONFIG, FileEventCallbacks);
  FileEventCallbacks->EvtDeviceFileCreate = EvtDeviceFileCreate;
  FileEventCallbacks->EvtFileClose = EvtFileClose;
  FileEventCallbacks->EvtFileCleanup = EvtFileCleanup;
  FileEventCallbacks->FileObjectClass = WdfFileObjectWdfCannotUseFsContexts;
  FileEventCallbacks->AutoForwardCleanupClose = WdfUseDefault;
}

FORCEINLINE void WDF_POWER_POLICY_EVENT_CALLBACKS_INIT(
    PWDF_POWER_POLICY_EVENT_CALLBACKS Callbacks) {
  R3_WDF_INIT(WDF_POWER_POLICY_EVENT_CALLBACKS, Callbacks);
}

FORCEINLINE void WDF_PNPPOWER_EVENT_CALLBACKS_INIT(PWDF_PNPPOWER_EVENT_CALLBACKS Callbacks) {
  R3_WDF_INIT(WDF_PNPPOWER_EVENT_CALLBACKS, Callbacks);
}

FORCEINLINE ULONG WdfDevStateNormalize(ULONG State) { return State & ~WdfDevStateNP; }

FORCEINLINE BOOLEAN WdfDevStateIsNP(ULONG State) { return (State & WdfDevStateNP) ? TRUE : FALSE; }

FORCEINLINE void WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(
    PWDF_DEVICE_POWER_POLICY_WAKE_SETTINGS Settings) {
  R3_WDF_INIT(WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS, Settings);
  Settings->Enabled = WdfUseDefault;
  Settings->DxState = PowerDeviceMaximum;
  Settings->UserControlOfWakeSettings = WakeAllowUserControl;
}

FORCEINLINE void WDF_DEVICE_STATE_INIT(PWDF_DEVICE_STATE PnpDeviceState) {
  R3_WDF_INIT(WDF_DEVICE_STATE, PnpDeviceState);
  PnpDeviceState->Disabled = WdfUseDefault;
  PnpDeviceState->DontDisplayInUI = WdfUseDefault;
  PnpDeviceState->Failed = WdfUseDefault;
  PnpDeviceState->NotDisableable = WdfUseDefault;
  PnpDeviceState->Removed = WdfUseDefault;
  PnpDeviceState->ResourcesChanged = WdfUseDefault;
#if KMDF_VERSION_MINOR >= 29
  PnpDeviceState->AssignedToGuest = WdfUseDefault;
#endif
}

FORCEINLINE void WDF_DEVICE_PNP_CAPABILITIES_INIT(PWDF_DEVICE_PNP_CAPABILITIES Caps) {
  R3_WDF_INIT(WDF_DEVICE_PNP_CAPABILITIES, Caps);
  Caps->LockSupported = WdfUseDefault;
  Caps->EjectSupported = WdfUseDefault;
  Caps->Removable = WdfUseDefault;
  Caps->DockDevice = WdfUseDefault;
  Caps->UniqueID = WdfUseDefault;
  Caps->SilentInstall = WdfUseDefault;
  Caps->SurpriseRemovalOK = WdfUseDefault;
  Caps->HardwareDisabled = WdfUseDefault;
  Caps->NoDisplayInUI = WdfUseDefault;
  Caps->Address = (ULONG)-1;
  Caps->UINumber = (ULONG)-1;
}

FORCEINLINE void WDF_REMOVE_LOCK_OPTIONS_INIT(PWDF_REMOVE_LOCK_OPTIONS RemoveLockOptions,
                                              ULONG Flags) {
  R3_WDF_INIT(WDF_REMOVE_LOCK_OPTIONS, RemoveLockOptions);
  RemoveLockOptions->Flags = Flags;
}

FORCEINLINE void WDF_POWER_FRAMEWORK_SETTINGS_INIT(
    PWDF_POWER_FRAMEWORK_SETTINGS PowerFrameworkSettings) {
  R3_WDF_INIT(WDF_POWER_FRAMEWORK_SETTINGS, PowerFrameworkSettings);
#if KMDF_VERSION_MINOR >= 33
  PowerFrameworkSettings->DirectedPoFxEnabled = WdfUseDefault;
#endif
}

FORCEINLINE void WDF_IO_TYPE_CONFIG_INIT(PWDF_IO_TYPE_CONFIG IoTypeConfig) {
  R3_WDF_INIT(WDF_IO_TYPE_CONFIG, IoTypeConfig);
  IoTypeConfig->ReadWriteIoType = WdfDeviceIoBuffered;
  IoTypeConfig->DeviceControlIoType = WdfDeviceIoBuffered;
}

FORCEINLINE void WDF_DEVICE_PROPERTY_DATA_INIT(PWDF_DEVICE_PROPERTY_DATA PropertyData,
                                               const DEVPROPKEY *PropertyKey) {
  R3_WDF_INIT(WDF_DEVICE_PROPERTY_DATA, PropertyData);
  PropertyData->PropertyKey = PropertyKey;
}

R3_END

#endif
#endif
