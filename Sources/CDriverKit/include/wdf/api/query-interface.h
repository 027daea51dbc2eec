// Offering an interface.
#ifndef R3_WDF_API_QUERY_INTERFACE_H
#define R3_WDF_API_QUERY_INTERFACE_H

#include "../query-interface.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_QUERY_INTERFACE_CONFIG_INIT(
    PWDF_QUERY_INTERFACE_CONFIG InterfaceConfig, PINTERFACE Interface, const GUID *InterfaceType,
    PFN_WDF_DEVICE_PROCESS_QUERY_INTERFACE_REQUEST EvtDeviceProcessQueryInterfaceRequest) {
  R3_WDF_INIT(WDF_QUERY_INTERFACE_CONFIG, InterfaceConfig);
  InterfaceConfig->Interface = Interface;
  InterfaceConfig->InterfaceType = InterfaceType;
  InterfaceConfig->EvtDeviceProcessQueryInterfaceRequest = EvtDeviceProcessQueryInterfaceRequest;
}

FORCEINLINE void WdfDeviceInterfaceReferenceNoOp(PVOID Context) { UNREFERENCED_PARAMETER(Context); }

FORCEINLINE void WdfDeviceInterfaceDereferenceNoOp(PVOID Context) {
  UNREFERENCED_PARAMETER(Context);
}

FORCEINLINE NTSTATUS WdfDeviceAddQueryInterface(WDFDEVICE Device,
                                                PWDF_QUERY_INTERFACE_CONFIG InterfaceConfig) {
  return R3_WDF(WdfDeviceAddQueryInterface, NTSTATUS, WDFDEVICE, PWDF_QUERY_INTERFACE_CONFIG)
      (WdfDriverGlobals, Device, InterfaceConfig);
}

R3_END

#endif
#endif
