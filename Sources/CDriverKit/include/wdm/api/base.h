// What every file of functions begins with.
#ifndef R3_WDM_API_BASE_H
#define R3_WDM_API_BASE_H

#include "../../ntdef.h"
#ifndef R3_HOST

#include "../../crt/excpt.h"
#include "../../crt/r3intrin.h"
#include "../../crt/string.h"

#ifndef DBG
#define DBG 0
#endif

#endif
#endif
