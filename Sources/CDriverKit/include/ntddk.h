// Kernel drivers: the Windows Driver Model and what lies beside it.
#ifndef R3_NTDDK_H
#define R3_NTDDK_H

#include "bugcodes.h"
#include "wdm.h"

#include "ntddk/api.h"
#include "ntddk/types.h"

#ifndef R3_HOST
#define _NTDDK_
#include "crt/stdlib.h"
#endif

#endif
