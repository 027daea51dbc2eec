// The Kernel-Mode Driver Framework for its extensions.
#ifndef R3_WDFCX_H
#define R3_WDFCX_H

#include "wdf.h"

#include "wdf/api/class-extension.h"

#endif
