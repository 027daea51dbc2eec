// USB 2.0: all of it is in usbspec.h.
#ifndef R3_USB200_H
#define R3_USB200_H

#include "usb100.h"

#endif
