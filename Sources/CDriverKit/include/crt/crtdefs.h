// What the headers of the C runtime have in common.
#ifndef R3_CRTDEFS_H
#define R3_CRTDEFS_H

#include <stdarg.h>
#include <stddef.h>

#include "../r3host.h"

#ifndef _ERRNO_T_DEFINED
#define _ERRNO_T_DEFINED
typedef int errno_t;
#endif
typedef size_t rsize_t;
typedef unsigned short wint_t;
typedef unsigned short wctype_t;

#ifndef _CRTIMP
#define _CRTIMP
#endif
#ifndef _TRUNCATE
#define _TRUNCATE ((size_t)-1)
#endif
#ifndef _countof
#define _countof(Array) (sizeof(Array) / sizeof((Array)[0]))
#endif

#endif
