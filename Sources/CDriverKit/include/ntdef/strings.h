// Counted strings: lengths are in bytes and do not include a terminator.
#ifndef R3_NTDEF_STRINGS_H
#define R3_NTDEF_STRINGS_H

#include "basic.h"

typedef struct _STRING {
  USHORT Length;
  USHORT MaximumLength;
  PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING, OEM_STRING, *POEM_STRING, UTF8_STRING,
    *PUTF8_STRING;
typedef const STRING *PCANSI_STRING, *PCOEM_STRING, *PCUTF8_STRING;

typedef struct _CSTRING {
  USHORT Length;
  USHORT MaximumLength;
  const char *Buffer;
} CSTRING, *PCSTRING;

typedef struct _UNICODE_STRING {
  USHORT Length;
  USHORT MaximumLength;
  PWCH Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

#define UNICODE_STRING_MAX_BYTES 65534
#define UNICODE_STRING_MAX_CHARS 32767
#define UNICODE_NULL ((WCHAR)0)
#define ANSI_NULL ((CHAR)0)

#endif
