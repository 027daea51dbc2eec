// Numbers from text and back, sorting, byte order.
#ifndef R3_STDLIB_H
#define R3_STDLIB_H

#include "crtdefs.h"
#include <limits.h>

R3_BEGIN

int abs(int value);
long labs(long value);
int atoi(const char *text);
long atol(const char *text);
__int64 _atoi64(const char *text);
int _wtoi(const wchar_t *text);
long _wtol(const wchar_t *text);
__int64 _wtoi64(const wchar_t *text);
long strtol(const char *text, char **end, int base);
unsigned long strtoul(const char *text, char **end, int base);
long wcstol(const wchar_t *text, wchar_t **end, int base);
unsigned long wcstoul(const wchar_t *text, wchar_t **end, int base);
__int64 _strtoi64(const char *text, char **end, int base);
unsigned __int64 _strtoui64(const char *text, char **end, int base);

char *_itoa(int value, char *target, int base);
char *_ltoa(long value, char *target, int base);
char *_ultoa(unsigned long value, char *target, int base);
char *_i64toa(__int64 value, char *target, int base);
wchar_t *_itow(int value, wchar_t *target, int base);
errno_t _itoa_s(int value, char *target, size_t size, int base);
errno_t _ltoa_s(long value, char *target, size_t size, int base);
errno_t _ultoa_s(unsigned long value, char *target, size_t size, int base);
errno_t _i64toa_s(__int64 value, char *target, size_t size, int base);
errno_t _ui64toa_s(unsigned __int64 value, char *target, size_t size, int base);
errno_t _itow_s(int value, wchar_t *target, size_t size, int base);
errno_t _ltow_s(long value, wchar_t *target, size_t size, int base);
errno_t _ultow_s(unsigned long value, wchar_t *target, size_t size, int base);
errno_t _i64tow_s(__int64 value, wchar_t *target, size_t size, int base);
errno_t _ui64tow_s(unsigned __int64 value, wchar_t *target, size_t size, int base);

size_t mbstowcs(wchar_t *target, const char *source, size_t count);
size_t wcstombs(char *target, const wchar_t *source, size_t count);
int mbtowc(wchar_t *target, const char *source, size_t count);
int wctomb(char *target, wchar_t character);

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));
void *bsearch(const void *key, const void *base, size_t count, size_t size,
              int (*compare)(const void *, const void *));
int rand(void);
void srand(unsigned int seed);

R3_END

#define _byteswap_ushort(Value) __builtin_bswap16(Value)
#define _byteswap_ulong(Value) __builtin_bswap32(Value)
#define _byteswap_uint64(Value) __builtin_bswap64(Value)
#define _rotl(Value, Shift) __builtin_rotateleft32((Value), (Shift))
#define _rotr(Value, Shift) __builtin_rotateright32((Value), (Shift))
#define _rotl64(Value, Shift) __builtin_rotateleft64((Value), (Shift))
#define _rotr64(Value, Shift) __builtin_rotateright64((Value), (Shift))

#define __min(a, b) (((a) < (b)) ? (a) : (b))
#define __max(a, b) (((a) > (b)) ? (a) : (b))
#define _MAX_PATH 260
#define RAND_MAX 0x7fff

#endif
