// USB targets of the Kernel-Mode Driver Framework.
#ifndef R3_WDFUSB_H
#define R3_WDFUSB_H

#include "usb.h"
#include "wdf.h"

#include "wdf/usb.h"

#include "wdf/api/usb-device.h"
#include "wdf/api/usb-pipe.h"
#include "wdf/api/usb.h"

#endif
