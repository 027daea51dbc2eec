// Devices of drivers whose port driver owns the dispatch table.
#ifndef R3_WDF_API_MINIPORT_H
#define R3_WDF_API_MINIPORT_H

#include "../object.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE NTSTATUS WdfDeviceMiniportCreate(WDFDRIVER Driver, PWDF_OBJECT_ATTRIBUTES Attributes,
                                             PDEVICE_OBJECT DeviceObject,
                                             PDEVICE_OBJECT AttachedDeviceObject,
                                             PDEVICE_OBJECT Pdo, WDFDEVICE *Device) {
  return R3_WDF(WdfDeviceMiniportCreate, NTSTATUS, WDFDRIVER, PWDF_OBJECT_ATTRIBUTES,
                PDEVICE_OBJECT, PDEVICE_OBJECT, PDEVICE_OBJECT, WDFDEVICE *)
      (WdfDriverGlobals, Driver, Attributes, DeviceObject, AttachedDeviceObject, Pdo, Device);
}

FORCEINLINE void WdfDriverMiniportUnload(WDFDRIVER Driver) {
  ((void (*)(PWDF_DRIVER_GLOBALS, WDFDRIVER))WdfDriverMiniportUnloadOverride)(WdfDriverGlobals,
                                                                              Driver);
}

R3_END

#endif
#endif
