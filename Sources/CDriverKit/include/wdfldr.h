// The loader of the Kernel-Mode Driver Framework.
#ifndef R3_WDFLDR_H
#define R3_WDFLDR_H

#include "wdf/loader.h"

#endif
