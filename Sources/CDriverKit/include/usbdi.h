// The USB driver interface by its old name.
#ifndef R3_USBDI_H
#define R3_USBDI_H

#include "usb.h"

#include "usbioctl.h"

#endif
