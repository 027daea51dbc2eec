// Memory, by its older name.
#ifndef R3_MEMORY_H
#define R3_MEMORY_H

#include "string.h"

#endif
