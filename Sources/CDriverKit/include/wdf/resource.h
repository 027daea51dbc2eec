// Lists of hardware resources.
#ifndef R3_WDF_RESOURCE_H
#define R3_WDF_RESOURCE_H

#include "base.h"

#define WDF_INSERT_AT_END ((ULONG)-1)

#endif
