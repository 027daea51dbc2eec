// What is special to function devices.
#ifndef R3_WDF_API_FDO_H
#define R3_WDF_API_FDO_H

#include "../fdo.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_FDO_EVENT_CALLBACKS_INIT(PWDF_FDO_EVENT_CALLBACKS Callbacks) {
  R3_WDF_INIT(WDF_FDO_EVENT_CALLBACKS, Callbacks);
}

FORCEINLINE PDEVICE_OBJECT WdfFdoInitWdmGetPhysicalDevice(PWDFDEVICE_INIT DeviceInit) {
  return R3_WDF(WdfFdoInitWdmGetPhysicalDevice, PDEVICE_OBJECT, PWDFDEVICE_INIT)
      (WdfDriverGlobals, DeviceInit);
}

FORCEINLINE NTSTATUS WdfFdoInitOpenRegistryKey(PWDFDEVICE_INIT DeviceInit,
                                               ULONG DeviceInstanceKeyType,
                                               ACCESS_MASK DesiredAccess,
                                               PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY *Key) {
  return R3_WDF(WdfFdoInitOpenRegistryKey, NTSTATUS, PWDFDEVICE_INIT, ULONG, ACCESS_MASK,
                PWDF_OBJECT_ATTRIBUTES, WDFKEY *)
      (WdfDriverGlobals, DeviceInit, DeviceInstanceKeyType, DesiredAccess, KeyAttributes, Key);
}

FORCEINLINE NTSTATUS WdfFdoInitQueryProperty(PWDFDEVICE_INIT DeviceInit,
                                             DEVICE_REGISTRY_PROPERTY DeviceProperty,
                                             ULONG BufferLength, PVOID PropertyBuffer,
                                             PULONG ResultLength) {
  return R3_WDF(WdfFdoInitQueryProperty, NTSTATUS, PWDFDEVICE_INIT, DEVICE_REGISTRY_PROPERTY, ULONG,
                PVOID, PULONG)
      (WdfDriverGlobals, DeviceInit, DeviceProperty, BufferLength, PropertyBuffer, ResultLength);
}

FORCEINLINE NTSTATUS WdfFdoInitAllocAndQueryProperty(
    PWDFDEVICE_INIT DeviceInit, DEVICE_REGISTRY_PROPERTY DeviceProperty, POOL_TYPE PoolType,
    PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes, WDFMEMORY *PropertyMemory) {
  return R3_WDF(WdfFdoInitAllocAndQueryProperty, NTSTATUS, PWDFDEVICE_INIT,
                DEVICE_REGISTRY_PROPERTY, POOL_TYPE, PWDF_OBJECT_ATTRIBUTES, WDFMEMORY *)
      (WdfDriverGlobals, DeviceInit, DeviceProperty, PoolType, PropertyMemoryAttributes,
       PropertyMemory);
}

#if KMDF_VERSION_MINOR >= 13
FORCEINLINE NTSTATUS WdfFdoInitQueryPropertyEx(PWDFDEVICE_INIT DeviceInit,
                                               PWDF_DEVICE_PROPERTY_DATA DeviceProperty,
                                               ULONG BufferLength, PVOID PropertyBuffer,
                                               PULONG ResultLength, PDEVPROPTYPE Type) {
  return R3_WDF(WdfFdoInitQueryPropertyEx, NTSTATUS, PWDFDEVICE_INIT, PWDF_DEVICE_PROPERTY_DATA,
                ULONG, PVOID, PULONG, PDEVPROPTYPE)
      (WdfDriverGlobals, DeviceInit, DeviceProperty, BufferLength, PropertyBuffer, ResultLength,
       Type);
}

FORCEINLINE NTSTATUS WdfFdoInitAllocAndQueryPropertyEx(
    PWDFDEVICE_INIT DeviceInit, PWDF_DEVICE_PROPERTY_DATA DeviceProperty, POOL_TYPE PoolType,
    PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes, WDFMEMORY *PropertyMemory, PDEVPROPTYPE Type) {
  return R3_WDF(WdfFdoInitAllocAndQueryPropertyEx, NTSTATUS, PWDFDEVICE_INIT,
                PWDF_DEVICE_PROPERTY_DATA, POOL_TYPE, PWDF_OBJECT_ATTRIBUTES, WDFMEMORY *,
                PDEVPROPTYPE)
      (WdfDriverGlobals, DeviceInit, DeviceProperty, PoolType, PropertyMemoryAttributes,
       PropertyMemory, Type);
}

#endif

FORCEINLINE void WdfFdoInitSetEventCallbacks(PWDFDEVICE_INIT DeviceInit,
                                             PWDF_FDO_EVENT_CALLBACKS FdoEventCallbacks) {
  R3_WDF(WdfFdoInitSetEventCallbacks, void, PWDFDEVICE_INIT, PWDF_FDO_EVENT_CALLBACKS)
      (WdfDriverGlobals, DeviceInit, FdoEventCallbacks);
}

FORCEINLINE void WdfFdoInitSetFilter(PWDFDEVICE_INIT DeviceInit) {
  R3_WDF(WdfFdoInitSetFilter, void, PWDFDEVICE_INIT)(WdfDriverGlobals, DeviceInit);
}

FORCEINLINE void WdfFdoInitSetDefaultChildListConfig(
    PWDFDEVICE_INIT DeviceInit, PWDF_CHILD_LIST_CONFIG Config,
    PWDF_OBJECT_ATTRIBUTES DefaultChildListAttributes) {
  R3_WDF(WdfFdoInitSetDefaultChildListConfig, void, PWDFDEVICE_INIT, PWDF_CHILD_LIST_CONFIG,
         PWDF_OBJECT_ATTRIBUTES)
      (WdfDriverGlobals, DeviceInit, Config, DefaultChildListAttributes);
}

FORCEINLINE NTSTATUS WdfFdoQueryForInterface(WDFDEVICE Fdo, LPCGUID InterfaceType,
                                             PINTERFACE Interface, USHORT Size, USHORT Version,
                                             PVOID InterfaceSpecificData) {
  return R3_WDF(WdfFdoQueryForInterface, NTSTATUS, WDFDEVICE, LPCGUID, PINTERFACE, USHORT, USHORT,
                PVOID)
      (WdfDriverGlobals, Fdo, InterfaceType, Interface, Size, Version, InterfaceSpecificData);
}

FORCEINLINE WDFCHILDLIST WdfFdoGetDefaultChildList(WDFDEVICE Fdo) {
  return R3_WDF(WdfFdoGetDefaultChildList, WDFCHILDLIST, WDFDEVICE)(WdfDriverGlobals, Fdo);
}

FORCEINLINE NTSTATUS WdfFdoAddStaticChild(WDFDEVICE Fdo, WDFDEVICE Child) {
  return R3_WDF(WdfFdoAddStaticChild, NTSTATUS, WDFDEVICE, WDFDEVICE)(WdfDriverGlobals, Fdo, Child);
}

FORCEINLINE void WdfFdoLockStaticChildListForIteration(WDFDEVICE Fdo) {
  R3_WDF(WdfFdoLockStaticChildListForIteration, void, WDFDEVICE)(WdfDriverGlobals, Fdo);
}

FORCEINLINE WDFDEVICE WdfFdoRetrieveNextStaticChild(WDFDEVICE Fdo, WDFDEVICE PreviousChild,
                                                    ULONG Flags) {
  return R3_WDF(WdfFdoRetrieveNextStaticChild, WDFDEVICE, WDFDEVICE, WDFDEVICE, ULONG)
      (WdfDriverGlobals, Fdo, PreviousChild, Flags);
}

FORCEINLINE void WdfFdoUnlockStaticChildListFromIteration(WDFDEVICE Fdo) {
  R3_WDF(WdfFdoUnlockStaticChildListFromIteration, void, WDFDEVICE)(WdfDriverGlobals, Fdo);
}

R3_END

#endif
#endif
