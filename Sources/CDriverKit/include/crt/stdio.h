// Formatting into memory.
#ifndef R3_STDIO_H
#define R3_STDIO_H

#include "crtdefs.h"

R3_BEGIN

int sprintf(char *target, const char *format, ...);
int vsprintf(char *target, const char *format, va_list arguments);
int sprintf_s(char *target, size_t size, const char *format, ...);
int vsprintf_s(char *target, size_t size, const char *format, va_list arguments);
int _snprintf(char *target, size_t count, const char *format, ...);
int _vsnprintf(char *target, size_t count, const char *format, va_list arguments);
int _snprintf_s(char *target, size_t size, size_t count, const char *format, ...);
int _vsnprintf_s(char *target, size_t size, size_t count, const char *format, va_list arguments);
int _vscprintf(const char *format, va_list arguments);
int sscanf_s(const char *text, const char *format, ...);
int sscanf(const char *text, const char *format, ...);

int swprintf(wchar_t *target, const wchar_t *format, ...);
int _swprintf(wchar_t *target, const wchar_t *format, ...);
int _vswprintf(wchar_t *target, const wchar_t *format, va_list arguments);
int vswprintf(wchar_t *target, const wchar_t *format, va_list arguments);
int swprintf_s(wchar_t *target, size_t size, const wchar_t *format, ...);
int vswprintf_s(wchar_t *target, size_t size, const wchar_t *format, va_list arguments);
int _snwprintf(wchar_t *target, size_t count, const wchar_t *format, ...);
int _vsnwprintf(wchar_t *target, size_t count, const wchar_t *format, va_list arguments);
int _snwprintf_s(wchar_t *target, size_t size, size_t count, const wchar_t *format, ...);
int _vsnwprintf_s(wchar_t *target, size_t size, size_t count, const wchar_t *format,
                  va_list arguments);
int _vscwprintf(const wchar_t *format, va_list arguments);
int swscanf_s(const wchar_t *text, const wchar_t *format, ...);

R3_END

#ifdef __cplusplus
extern "C++" {
template <size_t Size, typename... Arguments>
inline int sprintf_s(char (&target)[Size], const char *format, Arguments... arguments) {
  return sprintf_s(target, Size, format, arguments...);
}
template <size_t Size, typename... Arguments>
inline int swprintf_s(wchar_t (&target)[Size], const wchar_t *format, Arguments... arguments) {
  return swprintf_s(target, Size, format, arguments...);
}
}
#endif

#endif
