// Types of the application side that shared headers use.
#ifndef R3_WINDEF_H
#define R3_WINDEF_H

#include "ntdef.h"

#define WINAPI __stdcall
#define CALLBACK __stdcall
#define APIENTRY __stdcall
#define MAX_PATH 260

typedef ULONG COLORREF;
typedef int *LPINT;
typedef long *LPLONG;
typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM, LRESULT;

typedef struct tagPOINT {
  LONG x;
  LONG y;
} POINT, *PPOINT;

typedef struct tagSIZE {
  LONG cx;
  LONG cy;
} SIZE, *PSIZE;

typedef struct tagRECT {
  LONG left;
  LONG top;
  LONG right;
  LONG bottom;
} RECT, *PRECT;

#endif
