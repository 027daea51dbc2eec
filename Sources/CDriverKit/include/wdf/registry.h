// Registry keys.
#ifndef R3_WDF_REGISTRY_H
#define R3_WDF_REGISTRY_H

#include "base.h"

#define WDF_REGKEY_DEVICE_SUBKEY 0
#define WDF_REGKEY_DRIVER_SUBKEY 0

#endif
