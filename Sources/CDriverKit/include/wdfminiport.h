// The Kernel-Mode Driver Framework for drivers below a port driver.
#ifndef R3_WDFMINIPORT_H
#define R3_WDFMINIPORT_H

#include "wdf.h"

#include "wdf/api/miniport.h"

#endif
