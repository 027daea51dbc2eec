// What is special to devices that a bus driver makes.
#ifndef R3_WDF_API_PDO_H
#define R3_WDF_API_PDO_H

#include "../pdo.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_PDO_EVENT_CALLBACKS_INIT(PWDF_PDO_EVENT_CALLBACKS Callbacks) {
  R3_WDF_INIT(WDF_PDO_EVENT_CALLBACKS, Callbacks);
}

FORCEINLINE PWDFDEVICE_INIT WdfPdoInitAllocate(WDFDEVICE ParentDevice) {
  return R3_WDF(WdfPdoInitAllocate, PWDFDEVICE_INIT, WDFDEVICE)(WdfDriverGlobals, ParentDevice);
}

FORCEINLINE void WdfPdoInitSetEventCallbacks(PWDFDEVICE_INIT DeviceInit,
                                             PWDF_PDO_EVENT_CALLBACKS DispatchTable) {
  R3_WDF(WdfPdoInitSetEventCallbacks, void, PWDFDEVICE_INIT, PWDF_PDO_EVENT_CALLBACKS)
      (WdfDriverGlobals, DeviceInit, DispatchTable);
}

FORCEINLINE NTSTATUS WdfPdoInitAssignDeviceID(PWDFDEVICE_INIT DeviceInit,
                                              PCUNICODE_STRING DeviceID) {
  return R3_WDF(WdfPdoInitAssignDeviceID, NTSTATUS, PWDFDEVICE_INIT, PCUNICODE_STRING)
      (WdfDriverGlobals, DeviceInit, DeviceID);
}

FORCEINLINE NTSTATUS WdfPdoInitAssignInstanceID(PWDFDEVICE_INIT DeviceInit,
                                                PCUNICODE_STRING InstanceID) {
  return R3_WDF(WdfPdoInitAssignInstanceID, NTSTATUS, PWDFDEVICE_INIT, PCUNICODE_STRING)
      (WdfDriverGlobals, DeviceInit, InstanceID);
}

FORCEINLINE NTSTATUS WdfPdoInitAddHardwareID(PWDFDEVICE_INIT DeviceInit,
                                             PCUNICODE_STRING HardwareID) {
  return R3_WDF(WdfPdoInitAddHardwareID, NTSTATUS, PWDFDEVICE_INIT, PCUNICODE_STRING)
      (WdfDriverGlobals, DeviceInit, HardwareID);
}

FORCEINLINE NTSTATUS WdfPdoInitAddCompatibleID(PWDFDEVICE_INIT DeviceInit,
                                               PCUNICODE_STRING CompatibleID) {
  return R3_WDF(WdfPdoInitAddCompatibleID, NTSTATUS, PWDFDEVICE_INIT, PCUNICODE_STRING)
      (WdfDriverGlobals, DeviceInit, CompatibleID);
}

#if KMDF_VERSION_MINOR >= 9
FORCEINLINE NTSTATUS WdfPdoInitAssignContainerID(PWDFDEVICE_INIT DeviceInit,
                                                 PCUNICODE_STRING ContainerID) {
  return R3_WDF(WdfPdoInitAssignContainerID, NTSTATUS, PWDFDEVICE_INIT, PCUNICODE_STRING)
      (WdfDriverGlobals, DeviceInit, ContainerID);
}

#endif

FORCEINLINE NTSTATUS WdfPdoInitAddDeviceText(PWDFDEVICE_INIT DeviceInit,
                                             PCUNICODE_STRING DeviceDescription,
                                             PCUNICODE_STRING DeviceLocation, LCID LocaleId) {
  return R3_WDF(WdfPdoInitAddDeviceText, NTSTATUS, PWDFDEVICE_INIT, PCUNICODE_STRING,
                PCUNICODE_STRING, LCID)
      (WdfDriverGlobals, DeviceInit, DeviceDescription, DeviceLocation, LocaleId);
}

FORCEINLINE void WdfPdoInitSetDefaultLocale(PWDFDEVICE_INIT DeviceInit, LCID LocaleId) {
  R3_WDF(WdfPdoInitSetDefaultLocale, void, PWDFDEVICE_INIT, LCID)
      (WdfDriverGlobals, DeviceInit, LocaleId);
}

FORCEINLINE NTSTATUS WdfPdoInitAssignRawDevice(PWDFDEVICE_INIT DeviceInit,
                                               const GUID *DeviceClassGuid) {
  return R3_WDF(WdfPdoInitAssignRawDevice, NTSTATUS, PWDFDEVICE_INIT, const GUID *)
      (WdfDriverGlobals, DeviceInit, DeviceClassGuid);
}

#if KMDF_VERSION_MINOR >= 9
FORCEINLINE void WdfPdoInitAllowForwardingRequestToParent(PWDFDEVICE_INIT DeviceInit) {
  R3_WDF(WdfPdoInitAllowForwardingRequestToParent, void, PWDFDEVICE_INIT)
      (WdfDriverGlobals, DeviceInit);
}

#endif

FORCEINLINE NTSTATUS WdfPdoMarkMissing(WDFDEVICE Device) {
  return R3_WDF(WdfPdoMarkMissing, NTSTATUS, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE void WdfPdoRequestEject(WDFDEVICE Device) {
  R3_WDF(WdfPdoRequestEject, void, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE WDFDEVICE WdfPdoGetParent(WDFDEVICE Device) {
  return R3_WDF(WdfPdoGetParent, WDFDEVICE, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE NTSTATUS WdfPdoRetrieveIdentificationDescription(
    WDFDEVICE Device, PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER IdentificationDescription) {
  return R3_WDF(WdfPdoRetrieveIdentificationDescription, NTSTATUS, WDFDEVICE,
                PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER)
      (WdfDriverGlobals, Device, IdentificationDescription);
}

FORCEINLINE NTSTATUS WdfPdoRetrieveAddressDescription(
    WDFDEVICE Device, PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER AddressDescription) {
  return R3_WDF(WdfPdoRetrieveAddressDescription, NTSTATUS, WDFDEVICE,
                PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER)
      (WdfDriverGlobals, Device, AddressDescription);
}

FORCEINLINE NTSTATUS WdfPdoUpdateAddressDescription(
    WDFDEVICE Device, PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER AddressDescription) {
  return R3_WDF(WdfPdoUpdateAddressDescription, NTSTATUS, WDFDEVICE,
                PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER)
      (WdfDriverGlobals, Device, AddressDescription);
}

FORCEINLINE NTSTATUS WdfPdoAddEjectionRelationsPhysicalDevice(WDFDEVICE Device,
                                                              PDEVICE_OBJECT PhysicalDevice) {
  return R3_WDF(WdfPdoAddEjectionRelationsPhysicalDevice, NTSTATUS, WDFDEVICE, PDEVICE_OBJECT)
      (WdfDriverGlobals, Device, PhysicalDevice);
}

FORCEINLINE void WdfPdoRemoveEjectionRelationsPhysicalDevice(WDFDEVICE Device,
                                                             PDEVICE_OBJECT PhysicalDevice) {
  R3_WDF(WdfPdoRemoveEjectionRelationsPhysicalDevice, void, WDFDEVICE, PDEVICE_OBJECT)
      (WdfDriverGlobals, Device, PhysicalDevice);
}

FORCEINLINE void WdfPdoClearEjectionRelationsDevices(WDFDEVICE Device) {
  R3_WDF(WdfPdoClearEjectionRelationsDevices, void, WDFDEVICE)(WdfDriverGlobals, Device);
}

#if KMDF_VERSION_MINOR >= 29
FORCEINLINE void WdfPdoInitRemovePowerDependencyOnParent(PWDFDEVICE_INIT DeviceInit) {
  R3_WDF_REQUIRE(WdfPdoInitRemovePowerDependencyOnParent);
  R3_WDF(WdfPdoInitRemovePowerDependencyOnParent, void, PWDFDEVICE_INIT)
      (WdfDriverGlobals, DeviceInit);
}

#endif

R3_END

#endif
#endif
