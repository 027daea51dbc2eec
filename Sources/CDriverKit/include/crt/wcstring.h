// Strings of wide characters.
#ifndef R3_WCSTRING_H
#define R3_WCSTRING_H

#include "crtdefs.h"

R3_BEGIN

size_t wcslen(const wchar_t *text);
size_t wcsnlen(const wchar_t *text, size_t limit);
wchar_t *wcscpy(wchar_t *target, const wchar_t *source);
wchar_t *wcsncpy(wchar_t *target, const wchar_t *source, size_t count);
wchar_t *wcscat(wchar_t *target, const wchar_t *source);
wchar_t *wcsncat(wchar_t *target, const wchar_t *source, size_t count);
int wcscmp(const wchar_t *a, const wchar_t *b);
int wcsncmp(const wchar_t *a, const wchar_t *b, size_t count);
int _wcsicmp(const wchar_t *a, const wchar_t *b);
int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t count);
wchar_t *wcschr(const wchar_t *text, wchar_t character);
wchar_t *wcsrchr(const wchar_t *text, wchar_t character);
wchar_t *wcsstr(const wchar_t *text, const wchar_t *part);
size_t wcsspn(const wchar_t *text, const wchar_t *set);
size_t wcscspn(const wchar_t *text, const wchar_t *set);
wchar_t *_wcslwr(wchar_t *text);
wchar_t *_wcsupr(wchar_t *text);
wchar_t *_wcsrev(wchar_t *text);
wchar_t *_wcsset(wchar_t *text, wchar_t character);
wchar_t *_wcsnset(wchar_t *text, wchar_t character, size_t count);
errno_t wcscpy_s(wchar_t *target, rsize_t size, const wchar_t *source);
errno_t wcsncpy_s(wchar_t *target, rsize_t size, const wchar_t *source, rsize_t count);
errno_t wcscat_s(wchar_t *target, rsize_t size, const wchar_t *source);
errno_t wcsncat_s(wchar_t *target, rsize_t size, const wchar_t *source, rsize_t count);
errno_t _wcslwr_s(wchar_t *text, size_t size);
errno_t _wcsupr_s(wchar_t *text, size_t size);
wchar_t *wcstok_s(wchar_t *text, const wchar_t *separators, wchar_t **context);

#define wcsnlen_s(Text, Limit) ((Text) != 0 ? wcsnlen((Text), (Limit)) : 0)

R3_END

#ifdef __cplusplus
extern "C++" {
template <size_t Size>
inline errno_t wcscpy_s(wchar_t (&target)[Size], const wchar_t *source) {
  return wcscpy_s(target, Size, source);
}
template <size_t Size>
inline errno_t wcsncpy_s(wchar_t (&target)[Size], const wchar_t *source, size_t count) {
  return wcsncpy_s(target, Size, source, count);
}
template <size_t Size>
inline errno_t wcscat_s(wchar_t (&target)[Size], const wchar_t *source) {
  return wcscat_s(target, Size, source);
}
}
#endif

#endif
