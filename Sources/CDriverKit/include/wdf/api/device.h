// Devices.
#ifndef R3_WDF_API_DEVICE_H
#define R3_WDF_API_DEVICE_H

#include "../device.h"
#include "../io-target.h"
#include "../queue.h"
#include "../request.h"
#include "driver.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WdfDeviceGetDeviceState(WDFDEVICE Device, PWDF_DEVICE_STATE DeviceState) {
  R3_WDF(WdfDeviceGetDeviceState, void, WDFDEVICE, PWDF_DEVICE_STATE)
      (WdfDriverGlobals, Device, DeviceState);
}

FORCEINLINE void WdfDeviceSetDeviceState(WDFDEVICE Device, PWDF_DEVICE_STATE DeviceState) {
  R3_WDF(WdfDeviceSetDeviceState, void, WDFDEVICE, PWDF_DEVICE_STATE)
      (WdfDriverGlobals, Device, DeviceState);
}

FORCEINLINE WDFDEVICE WdfWdmDeviceGetWdfDeviceHandle(PDEVICE_OBJECT DeviceObject) {
  return R3_WDF(WdfWdmDeviceGetWdfDeviceHandle, WDFDEVICE, PDEVICE_OBJECT)
      (WdfDriverGlobals, DeviceObject);
}

FORCEINLINE PDEVICE_OBJECT WdfDeviceWdmGetDeviceObject(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceWdmGetDeviceObject, PDEVICE_OBJECT, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE PDEVICE_OBJECT WdfDeviceWdmGetAttachedDevice(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceWdmGetAttachedDevice, PDEVICE_OBJECT, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE PDEVICE_OBJECT WdfDeviceWdmGetPhysicalDevice(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceWdmGetPhysicalDevice, PDEVICE_OBJECT, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE NTSTATUS WdfDeviceWdmDispatchPreprocessedIrp(WDFDEVICE Device, PIRP Irp) {
  return R3_WDF(WdfDeviceWdmDispatchPreprocessedIrp, NTSTATUS, WDFDEVICE, PIRP)
      (WdfDriverGlobals, Device, Irp);
}

FORCEINLINE NTSTATUS WdfDeviceAddDependentUsageDeviceObject(WDFDEVICE Device,
                                                            PDEVICE_OBJECT DependentDevice) {
  return R3_WDF(WdfDeviceAddDependentUsageDeviceObject, NTSTATUS, WDFDEVICE, PDEVICE_OBJECT)
      (WdfDriverGlobals, Device, DependentDevice);
}

FORCEINLINE NTSTATUS WdfDeviceAddRemovalRelationsPhysicalDevice(WDFDEVICE Device,
                                                                PDEVICE_OBJECT PhysicalDevice) {
  return R3_WDF(WdfDeviceAddRemovalRelationsPhysicalDevice, NTSTATUS, WDFDEVICE, PDEVICE_OBJECT)
      (WdfDriverGlobals, Device, PhysicalDevice);
}

FORCEINLINE void WdfDeviceRemoveRemovalRelationsPhysicalDevice(WDFDEVICE Device,
                                                               PDEVICE_OBJECT PhysicalDevice) {
  R3_WDF(WdfDeviceRemoveRemovalRelationsPhysicalDevice, void, WDFDEVICE, PDEVICE_OBJECT)
      (WdfDriverGlobals, Device, PhysicalDevice);
}

FORCEINLINE void WdfDeviceClearRemovalRelationsDevices(WDFDEVICE Device) {
  R3_WDF(WdfDeviceClearRemovalRelationsDevices, void, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE WDFDRIVER WdfDeviceGetDriver(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceGetDriver, WDFDRIVER, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE NTSTATUS WdfDeviceRetrieveDeviceName(WDFDEVICE Device, WDFSTRING String) {
  return R3_WDF(WdfDeviceRetrieveDeviceName, NTSTATUS, WDFDEVICE, WDFSTRING)
      (WdfDriverGlobals, Device, String);
}

FORCEINLINE NTSTATUS WdfDeviceAssignMofResourceName(WDFDEVICE Device,
                                                    PCUNICODE_STRING MofResourceName) {
  return R3_WDF(WdfDeviceAssignMofResourceName, NTSTATUS, WDFDEVICE, PCUNICODE_STRING)
      (WdfDriverGlobals, Device, MofResourceName);
}

FORCEINLINE WDFIOTARGET WdfDeviceGetIoTarget(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceGetIoTarget, WDFIOTARGET, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE WDF_DEVICE_PNP_STATE WdfDeviceGetDevicePnpState(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceGetDevicePnpState, WDF_DEVICE_PNP_STATE, WDFDEVICE)
      (WdfDriverGlobals, Device);
}

FORCEINLINE WDF_DEVICE_POWER_STATE WdfDeviceGetDevicePowerState(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceGetDevicePowerState, WDF_DEVICE_POWER_STATE, WDFDEVICE)
      (WdfDriverGlobals, Device);
}

FORCEINLINE WDF_DEVICE_POWER_POLICY_STATE WdfDeviceGetDevicePowerPolicyState(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceGetDevicePowerPolicyState, WDF_DEVICE_POWER_POLICY_STATE, WDFDEVICE)
      (WdfDriverGlobals, Device);
}

FORCEINLINE NTSTATUS WdfDeviceAssignS0IdleSettings(
    WDFDEVICE Device, PWDF_DEVICE_POWER_POLICY_IDLE_SETTINGS Settings) {
  return R3_WDF(WdfDeviceAssignS0IdleSettings, NTSTATUS, WDFDEVICE,
                PWDF_DEVICE_POWER_POLICY_IDLE_SETTINGS)
      (WdfDriverGlobals, Device, Settings);
}

FORCEINLINE NTSTATUS WdfDeviceAssignSxWakeSettings(
    WDFDEVICE Device, PWDF_DEVICE_POWER_POLICY_WAKE_SETTINGS Settings) {
  return R3_WDF(WdfDeviceAssignSxWakeSettings, NTSTATUS, WDFDEVICE,
                PWDF_DEVICE_POWER_POLICY_WAKE_SETTINGS)
      (WdfDriverGlobals, Device, Settings);
}

FORCEINLINE NTSTATUS WdfDeviceOpenRegistryKey(WDFDEVICE Device, ULONG DeviceInstanceKeyType,
                                              ACCESS_MASK DesiredAccess,
                                              PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY *Key) {
  return R3_WDF(WdfDeviceOpenRegistryKey, NTSTATUS, WDFDEVICE, ULONG, ACCESS_MASK,
                PWDF_OBJECT_ATTRIBUTES, WDFKEY *)
      (WdfDriverGlobals, Device, DeviceInstanceKeyType, DesiredAccess, KeyAttributes, Key);
}

FORCEINLINE void WdfDeviceSetSpecialFileSupport(WDFDEVICE Device, WDF_SPECIAL_FILE_TYPE FileType,
                                                BOOLEAN FileTypeIsSupported) {
  R3_WDF(WdfDeviceSetSpecialFileSupport, void, WDFDEVICE, WDF_SPECIAL_FILE_TYPE, BOOLEAN)
      (WdfDriverGlobals, Device, FileType, FileTypeIsSupported);
}

FORCEINLINE void WdfDeviceSetCharacteristics(WDFDEVICE Device, ULONG DeviceCharacteristics) {
  R3_WDF(WdfDeviceSetCharacteristics, void, WDFDEVICE, ULONG)
      (WdfDriverGlobals, Device, DeviceCharacteristics);
}

FORCEINLINE ULONG WdfDeviceGetCharacteristics(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceGetCharacteristics, ULONG, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE ULONG WdfDeviceGetAlignmentRequirement(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceGetAlignmentRequirement, ULONG, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE void WdfDeviceSetAlignmentRequirement(WDFDEVICE Device, ULONG AlignmentRequirement) {
  R3_WDF(WdfDeviceSetAlignmentRequirement, void, WDFDEVICE, ULONG)
      (WdfDriverGlobals, Device, AlignmentRequirement);
}

FORCEINLINE NTSTATUS WdfDeviceCreate(PWDFDEVICE_INIT *DeviceInit,
                                     PWDF_OBJECT_ATTRIBUTES DeviceAttributes, WDFDEVICE *Device) {
  return R3_WDF(WdfDeviceCreate, NTSTATUS, PWDFDEVICE_INIT *, PWDF_OBJECT_ATTRIBUTES, WDFDEVICE *)
      (WdfDriverGlobals, DeviceInit, DeviceAttributes, Device);
}

FORCEINLINE void WdfDeviceSetStaticStopRemove(WDFDEVICE Device, BOOLEAN Stoppable) {
  R3_WDF(WdfDeviceSetStaticStopRemove, void, WDFDEVICE, BOOLEAN)
      (WdfDriverGlobals, Device, Stoppable);
}

FORCEINLINE NTSTATUS WdfDeviceCreateDeviceInterface(WDFDEVICE Device,
                                                    const GUID *InterfaceClassGUID,
                                                    PCUNICODE_STRING ReferenceString) {
  return R3_WDF(WdfDeviceCreateDeviceInterface, NTSTATUS, WDFDEVICE, const GUID *, PCUNICODE_STRING)
      (WdfDriverGlobals, Device, InterfaceClassGUID, ReferenceString);
}

FORCEINLINE void WdfDeviceSetDeviceInterfaceState(WDFDEVICE Device, const GUID *InterfaceClassGUID,
                                                  PCUNICODE_STRING ReferenceString,
                                                  BOOLEAN IsInterfaceEnabled) {
  R3_WDF(WdfDeviceSetDeviceInterfaceState, void, WDFDEVICE, const GUID *, PCUNICODE_STRING, BOOLEAN)
      (WdfDriverGlobals, Device, InterfaceClassGUID, ReferenceString, IsInterfaceEnabled);
}

FORCEINLINE NTSTATUS WdfDeviceRetrieveDeviceInterfaceString(WDFDEVICE Device,
                                                            const GUID *InterfaceClassGUID,
                                                            PCUNICODE_STRING ReferenceString,
                                                            WDFSTRING String) {
  return R3_WDF(WdfDeviceRetrieveDeviceInterfaceString, NTSTATUS, WDFDEVICE, const GUID *,
                PCUNICODE_STRING, WDFSTRING)
      (WdfDriverGlobals, Device, InterfaceClassGUID, ReferenceString, String);
}

FORCEINLINE NTSTATUS WdfDeviceCreateSymbolicLink(WDFDEVICE Device,
                                                 PCUNICODE_STRING SymbolicLinkName) {
  return R3_WDF(WdfDeviceCreateSymbolicLink, NTSTATUS, WDFDEVICE, PCUNICODE_STRING)
      (WdfDriverGlobals, Device, SymbolicLinkName);
}

FORCEINLINE NTSTATUS WdfDeviceQueryProperty(WDFDEVICE Device,
                                            DEVICE_REGISTRY_PROPERTY DeviceProperty,
                                            ULONG BufferLength, PVOID PropertyBuffer,
                                            PULONG ResultLength) {
  return R3_WDF(WdfDeviceQueryProperty, NTSTATUS, WDFDEVICE, DEVICE_REGISTRY_PROPERTY, ULONG, PVOID,
                PULONG)
      (WdfDriverGlobals, Device, DeviceProperty, BufferLength, PropertyBuffer, ResultLength);
}

FORCEINLINE NTSTATUS WdfDeviceAllocAndQueryProperty(WDFDEVICE Device,
                                                    DEVICE_REGISTRY_PROPERTY DeviceProperty,
                                                    POOL_TYPE PoolType,
                                                    PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes,
                                                    WDFMEMORY *PropertyMemory) {
  return R3_WDF(WdfDeviceAllocAndQueryProperty, NTSTATUS, WDFDEVICE, DEVICE_REGISTRY_PROPERTY,
                POOL_TYPE, PWDF_OBJECT_ATTRIBUTES, WDFMEMORY *)
      (WdfDriverGlobals, Device, DeviceProperty, PoolType, PropertyMemoryAttributes,
       PropertyMemory);
}

FORCEINLINE void WdfDeviceSetPnpCapabilities(WDFDEVICE Device,
                                             PWDF_DEVICE_PNP_CAPABILITIES PnpCapabilities) {
  R3_WDF(WdfDeviceSetPnpCapabilities, void, WDFDEVICE, PWDF_DEVICE_PNP_CAPABILITIES)
      (WdfDriverGlobals, Device, PnpCapabilities);
}

FORCEINLINE void WdfDeviceSetPowerCapabilities(WDFDEVICE Device,
                                               PWDF_DEVICE_POWER_CAPABILITIES PowerCapabilities) {
  R3_WDF(WdfDeviceSetPowerCapabilities, void, WDFDEVICE, PWDF_DEVICE_POWER_CAPABILITIES)
      (WdfDriverGlobals, Device, PowerCapabilities);
}

FORCEINLINE void WdfDeviceSetBusInformationForChildren(WDFDEVICE Device,
                                                       PPNP_BUS_INFORMATION BusInformation) {
  R3_WDF(WdfDeviceSetBusInformationForChildren, void, WDFDEVICE, PPNP_BUS_INFORMATION)
      (WdfDriverGlobals, Device, BusInformation);
}

FORCEINLINE NTSTATUS WdfDeviceIndicateWakeStatus(WDFDEVICE Device, NTSTATUS WaitWakeStatus) {
  return R3_WDF(WdfDeviceIndicateWakeStatus, NTSTATUS, WDFDEVICE, NTSTATUS)
      (WdfDriverGlobals, Device, WaitWakeStatus);
}

FORCEINLINE void WdfDeviceSetFailed(WDFDEVICE Device, WDF_DEVICE_FAILED_ACTION FailedAction) {
  R3_WDF(WdfDeviceSetFailed, void, WDFDEVICE, WDF_DEVICE_FAILED_ACTION)
      (WdfDriverGlobals, Device, FailedAction);
}

FORCEINLINE NTSTATUS WdfDeviceStopIdleNoTrack(WDFDEVICE Device, BOOLEAN WaitForD0) {
  return R3_WDF(WdfDeviceStopIdleNoTrack, NTSTATUS, WDFDEVICE, BOOLEAN)
      (WdfDriverGlobals, Device, WaitForD0);
}

FORCEINLINE void WdfDeviceResumeIdleNoTrack(WDFDEVICE Device) {
  R3_WDF(WdfDeviceResumeIdleNoTrack, void, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE WDFFILEOBJECT WdfDeviceGetFileObject(WDFDEVICE Device, PFILE_OBJECT FileObject) {
  return R3_WDF(WdfDeviceGetFileObject, WDFFILEOBJECT, WDFDEVICE, PFILE_OBJECT)
      (WdfDriverGlobals, Device, FileObject);
}

FORCEINLINE NTSTATUS WdfDeviceEnqueueRequest(WDFDEVICE Device, WDFREQUEST Request) {
  return R3_WDF(WdfDeviceEnqueueRequest, NTSTATUS, WDFDEVICE, WDFREQUEST)
      (WdfDriverGlobals, Device, Request);
}

FORCEINLINE WDFQUEUE WdfDeviceGetDefaultQueue(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceGetDefaultQueue, WDFQUEUE, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE NTSTATUS WdfDeviceConfigureRequestDispatching(WDFDEVICE Device, WDFQUEUE Queue,
                                                          WDF_REQUEST_TYPE RequestType) {
  return R3_WDF(WdfDeviceConfigureRequestDispatching, NTSTATUS, WDFDEVICE, WDFQUEUE,
                WDF_REQUEST_TYPE)
      (WdfDriverGlobals, Device, Queue, RequestType);
}

#if KMDF_VERSION_MINOR >= 9
FORCEINLINE void WdfDeviceRemoveDependentUsageDeviceObject(WDFDEVICE Device,
                                                           PDEVICE_OBJECT DependentDevice) {
  R3_WDF(WdfDeviceRemoveDependentUsageDeviceObject, void, WDFDEVICE, PDEVICE_OBJECT)
      (WdfDriverGlobals, Device, DependentDevice);
}

FORCEINLINE POWER_ACTION WdfDeviceGetSystemPowerAction(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceGetSystemPowerAction, POWER_ACTION, WDFDEVICE)(WdfDriverGlobals, Device);
}

#endif

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE NTSTATUS WdfDeviceWdmDispatchIrp(WDFDEVICE Device, PIRP Irp,
                                             WDFCONTEXT DispatchContext) {
  return R3_WDF(WdfDeviceWdmDispatchIrp, NTSTATUS, WDFDEVICE, PIRP, WDFCONTEXT)
      (WdfDriverGlobals, Device, Irp, DispatchContext);
}

FORCEINLINE NTSTATUS WdfDeviceWdmDispatchIrpToIoQueue(WDFDEVICE Device, PIRP Irp, WDFQUEUE Queue,
                                                      ULONG Flags) {
  return R3_WDF(WdfDeviceWdmDispatchIrpToIoQueue, NTSTATUS, WDFDEVICE, PIRP, WDFQUEUE, ULONG)
      (WdfDriverGlobals, Device, Irp, Queue, Flags);
}

FORCEINLINE NTSTATUS WdfDeviceConfigureWdmIrpDispatchCallback(
    WDFDEVICE Device, WDFDRIVER Driver, UCHAR MajorFunction,
    PFN_WDFDEVICE_WDM_IRP_DISPATCH EvtDeviceWdmIrpDispatch, WDFCONTEXT DriverContext) {
  return R3_WDF(WdfDeviceConfigureWdmIrpDispatchCallback, NTSTATUS, WDFDEVICE, WDFDRIVER, UCHAR,
                PFN_WDFDEVICE_WDM_IRP_DISPATCH, WDFCONTEXT)
      (WdfDriverGlobals, Device, Driver, MajorFunction, EvtDeviceWdmIrpDispatch, DriverContext);
}

FORCEINLINE NTSTATUS WdfDeviceWdmAssignPowerFrameworkSettings(
    WDFDEVICE Device, PWDF_POWER_FRAMEWORK_SETTINGS PowerFrameworkSettings) {
  return R3_WDF(WdfDeviceWdmAssignPowerFrameworkSettings, NTSTATUS, WDFDEVICE,
                PWDF_POWER_FRAMEWORK_SETTINGS)
      (WdfDriverGlobals, Device, PowerFrameworkSettings);
}

#endif

#if KMDF_VERSION_MINOR >= 13
FORCEINLINE NTSTATUS WdfDeviceQueryPropertyEx(WDFDEVICE Device,
                                              PWDF_DEVICE_PROPERTY_DATA DeviceProperty,
                                              ULONG BufferLength, PVOID PropertyBuffer,
                                              PULONG RequiredSize, PDEVPROPTYPE Type) {
  return R3_WDF(WdfDeviceQueryPropertyEx, NTSTATUS, WDFDEVICE, PWDF_DEVICE_PROPERTY_DATA, ULONG,
                PVOID, PULONG, PDEVPROPTYPE)
      (WdfDriverGlobals, Device, DeviceProperty, BufferLength, PropertyBuffer, RequiredSize, Type);
}

FORCEINLINE NTSTATUS WdfDeviceAllocAndQueryPropertyEx(
    WDFDEVICE Device, PWDF_DEVICE_PROPERTY_DATA DeviceProperty, POOL_TYPE PoolType,
    PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes, WDFMEMORY *PropertyMemory, PDEVPROPTYPE Type) {
  return R3_WDF(WdfDeviceAllocAndQueryPropertyEx, NTSTATUS, WDFDEVICE, PWDF_DEVICE_PROPERTY_DATA,
                POOL_TYPE, PWDF_OBJECT_ATTRIBUTES, WDFMEMORY *, PDEVPROPTYPE)
      (WdfDriverGlobals, Device, DeviceProperty, PoolType, PropertyMemoryAttributes, PropertyMemory,
       Type);
}

FORCEINLINE NTSTATUS WdfDeviceAssignProperty(WDFDEVICE Device,
                                             PWDF_DEVICE_PROPERTY_DATA DeviceProperty,
                                             DEVPROPTYPE Type, ULONG Size, PVOID Data) {
  return R3_WDF(WdfDeviceAssignProperty, NTSTATUS, WDFDEVICE, PWDF_DEVICE_PROPERTY_DATA,
                DEVPROPTYPE, ULONG, PVOID)
      (WdfDriverGlobals, Device, DeviceProperty, Type, Size, Data);
}

#endif

#if KMDF_VERSION_MINOR >= 15
FORCEINLINE NTSTATUS WdfDeviceStopIdleActual(WDFDEVICE Device, BOOLEAN WaitForD0, PVOID Tag,
                                             LONG Line, PCCH File) {
  return R3_WDF(WdfDeviceStopIdleActual, NTSTATUS, WDFDEVICE, BOOLEAN, PVOID, LONG, PCCH)
      (WdfDriverGlobals, Device, WaitForD0, Tag, Line, File);
}

FORCEINLINE void WdfDeviceResumeIdleActual(WDFDEVICE Device, PVOID Tag, LONG Line, PCCH File) {
  R3_WDF(WdfDeviceResumeIdleActual, void, WDFDEVICE, PVOID, LONG, PCCH)
      (WdfDriverGlobals, Device, Tag, Line, File);
}

FORCEINLINE WDFIOTARGET WdfDeviceGetSelfIoTarget(WDFDEVICE Device) {
  return R3_WDF(WdfDeviceGetSelfIoTarget, WDFIOTARGET, WDFDEVICE)(WdfDriverGlobals, Device);
}

FORCEINLINE NTSTATUS WdfIoTargetSelfAssignDefaultIoQueue(WDFIOTARGET IoTarget, WDFQUEUE Queue) {
  return R3_WDF(WdfIoTargetSelfAssignDefaultIoQueue, NTSTATUS, WDFIOTARGET, WDFQUEUE)
      (WdfDriverGlobals, IoTarget, Queue);
}

FORCEINLINE NTSTATUS WdfDeviceOpenDevicemapKey(WDFDEVICE Device, PCUNICODE_STRING KeyName,
                                               ACCESS_MASK DesiredAccess,
                                               PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY *Key) {
  return R3_WDF(WdfDeviceOpenDevicemapKey, NTSTATUS, WDFDEVICE, PCUNICODE_STRING, ACCESS_MASK,
                PWDF_OBJECT_ATTRIBUTES, WDFKEY *)
      (WdfDriverGlobals, Device, KeyName, DesiredAccess, KeyAttributes, Key);
}

#endif

#if KMDF_VERSION_MINOR >= 23
FORCEINLINE NTSTATUS WdfDeviceRetrieveCompanionTarget(WDFDEVICE Device,
                                                      WDFCOMPANIONTARGET *CompanionTarget) {
  return R3_WDF(WdfDeviceRetrieveCompanionTarget, NTSTATUS, WDFDEVICE, WDFCOMPANIONTARGET *)
      (WdfDriverGlobals, Device, CompanionTarget);
}

#endif

#if KMDF_VERSION_MINOR >= 31
FORCEINLINE void WdfDeviceSetDeviceInterfaceStateEx(WDFDEVICE Device,
                                                    const GUID *InterfaceClassGUID,
                                                    PCUNICODE_STRING ReferenceString,
                                                    BOOLEAN IsInterfaceEnabled) {
  R3_WDF_REQUIRE(WdfDeviceSetDeviceInterfaceStateEx);
  R3_WDF(WdfDeviceSetDeviceInterfaceStateEx, void, WDFDEVICE, const GUID *, PCUNICODE_STRING,
         BOOLEAN)
      (WdfDriverGlobals, Device, InterfaceClassGUID, ReferenceString, IsInterfaceEnabled);
}

#endif

#define WdfDeviceStopIdleWithTag(Device, WaitForD0, Tag) \
  WdfDeviceStopIdleActual(Device, WaitForD0, Tag, __LINE__, __FILE__)
#define WdfDeviceResumeIdleWithTag(Device, Tag) \
  WdfDeviceResumeIdleActual(Device, Tag, __LINE__, __FILE__)
#define WdfDeviceStopIdle(Device, WaitForD0) WdfDeviceStopIdleWithTag(Device, WaitForD0, NULL)
#define WdfDeviceResumeIdle(Device) WdfDeviceResumeIdleWithTag(Device, NULL)

R3_END

#endif
#endif
