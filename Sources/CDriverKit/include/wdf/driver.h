// The driver object of the framework.
#ifndef R3_WDF_DRIVER_H
#define R3_WDF_DRIVER_H

#include "base.h"

typedef enum _WDF_DRIVER_INIT_FLAGS {
  WdfDriverInitNonPnpDriver = 0x00000001,
  WdfDriverInitNoDispatchOverride = 0x00000002,
  WdfVerifyOn = 0x00000004,
  WdfVerifierOn = 0x00000008,
  WdfDriverInitCompanion = 0x00000010
} WDF_DRIVER_INIT_FLAGS;

R3_EVENT(NTSTATUS, WDF_DRIVER_DEVICE_ADD, (WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit));
R3_EVENT(void, WDF_DRIVER_UNLOAD, (WDFDRIVER Driver));

R3_EVENT(NTSTATUS, WDF_TRACE_CALLBACK,
         (UCHAR minorFunction, PVOID dataPath, ULONG bufferLength, PVOID buffer, PVOID context,
          PULONG size));

typedef struct _WDF_DRIVER_CONFIG {
  ULONG Size;
  PFN_WDF_DRIVER_DEVICE_ADD EvtDriverDeviceAdd;
  PFN_WDF_DRIVER_UNLOAD EvtDriverUnload;
  ULONG DriverInitFlags;
#if KMDF_VERSION_MINOR >= 5
  ULONG DriverPoolTag;
#endif
} WDF_DRIVER_CONFIG, *PWDF_DRIVER_CONFIG;

typedef struct _WDF_DRIVER_VERSION_AVAILABLE_PARAMS {
  ULONG Size;
  ULONG MajorVersion;
  ULONG MinorVersion;
} WDF_DRIVER_VERSION_AVAILABLE_PARAMS, *PWDF_DRIVER_VERSION_AVAILABLE_PARAMS;

#define WDF_TRACE_ID 'TRAC'

#endif
