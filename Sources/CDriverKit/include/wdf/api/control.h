// Control devices.
#ifndef R3_WDF_API_CONTROL_H
#define R3_WDF_API_CONTROL_H

#include "../control.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE PWDFDEVICE_INIT WdfControlDeviceInitAllocate(WDFDRIVER Driver,
                                                         const UNICODE_STRING *SDDLString) {
  return R3_WDF(WdfControlDeviceInitAllocate, PWDFDEVICE_INIT, WDFDRIVER, const UNICODE_STRING *)
      (WdfDriverGlobals, Driver, SDDLString);
}

FORCEINLINE void WdfControlDeviceInitSetShutdownNotification(
    PWDFDEVICE_INIT DeviceInit, PFN_WDF_DEVICE_SHUTDOWN_NOTIFICATION Notification, UCHAR Flags) {
  R3_WDF(WdfControlDeviceInitSetShutdownNotification, void, PWDFDEVICE_INIT,
         PFN_WDF_DEVICE_SHUTDOWN_NOTIFICATION, UCHAR)
      (WdfDriverGlobals, DeviceInit, Notification, Flags);
}

FORCEINLINE void WdfControlFinishInitializing(WDFDEVICE Device) {
  R3_WDF(WdfControlFinishInitializing, void, WDFDEVICE)(WdfDriverGlobals, Device);
}

R3_END

#endif
#endif
