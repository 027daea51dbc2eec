// USB 1.1: all of it is in usbspec.h.
#ifndef R3_USB100_H
#define R3_USB100_H

#include "usbspec.h"

#endif
