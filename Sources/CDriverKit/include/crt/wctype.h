// Everything about wide characters.
#ifndef R3_WCTYPE_H
#define R3_WCTYPE_H

#include "ctype.h"

#endif
