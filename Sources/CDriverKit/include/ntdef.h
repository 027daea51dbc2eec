// Elementary types, strings, lists and the macros that every driver uses.
#ifndef R3_NTDEF_H
#define R3_NTDEF_H

#include "guiddef.h"
#include "ntdef/basic.h"
#include "ntdef/constants.h"
#include "ntdef/lists.h"
#include "ntdef/macros.h"
#include "ntdef/objects.h"
#include "ntdef/strings.h"

#endif
