// Instructions by name. Takes the place of the compiler's header, which leaves some undefined.
#ifndef __INTRIN_H
#define __INTRIN_H

#include "r3intrin.h"
#include <emmintrin.h>

#endif
