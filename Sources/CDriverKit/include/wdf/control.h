// Control devices.
#ifndef R3_WDF_CONTROL_H
#define R3_WDF_CONTROL_H

#include "base.h"

R3_EVENT(void, WDF_DEVICE_SHUTDOWN_NOTIFICATION, (WDFDEVICE Device));

typedef enum _WDF_DEVICE_SHUTDOWN_FLAGS {
  WdfDeviceShutdown = 0x01,
  WdfDeviceLastChanceShutdown = 0x02
} WDF_DEVICE_SHUTDOWN_FLAGS;

#endif
