// Interfaces that drivers offer each other.
#ifndef R3_WDF_QUERY_INTERFACE_H
#define R3_WDF_QUERY_INTERFACE_H

#include "base.h"

R3_EVENT(NTSTATUS, WDF_DEVICE_PROCESS_QUERY_INTERFACE_REQUEST,
         (WDFDEVICE Device, LPGUID InterfaceType, PINTERFACE ExposedInterface,
          PVOID ExposedInterfaceSpecificData));

typedef struct _WDF_QUERY_INTERFACE_CONFIG {
  ULONG Size;
  PINTERFACE Interface;
  const GUID *InterfaceType;
  BOOLEAN SendQueryToParentStack;
  PFN_WDF_DEVICE_PROCESS_QUERY_INTERFACE_REQUEST EvtDeviceProcessQueryInterfaceRequest;
  BOOLEAN ImportInterface;
} WDF_QUERY_INTERFACE_CONFIG, *PWDF_QUERY_INTERFACE_CONFIG;

#endif
