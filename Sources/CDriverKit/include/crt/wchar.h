// Everything about wide characters.
#ifndef R3_WCHAR_H
#define R3_WCHAR_H

#include "string.h"
#include "stdio.h"
#include "stdlib.h"
#include "ctype.h"

#endif
