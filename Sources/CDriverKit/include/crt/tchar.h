// Names that mean wide characters in a kernel.
#ifndef R3_TCHAR_H
#define R3_TCHAR_H

#include "wchar.h"

typedef wchar_t _TCHAR;
#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
typedef wchar_t TCHAR, *PTCHAR;
#endif
#define _T(Text) L##Text
#define _TEXT(Text) L##Text
#define _tcslen wcslen
#define _tcscpy wcscpy
#define _tcscmp wcscmp

#endif
