// Memory and strings of bytes; ntoskrnl exports what has no body here.
#ifndef R3_STRING_H
#define R3_STRING_H

#include "crtdefs.h"

R3_BEGIN

void *memcpy(void *target, const void *source, size_t count);
void *memmove(void *target, const void *source, size_t count);
void *memset(void *target, int value, size_t count);
int memcmp(const void *a, const void *b, size_t count);
void *memchr(const void *bytes, int value, size_t count);
int _memicmp(const void *a, const void *b, size_t count);
void *_memccpy(void *target, const void *source, int value, size_t count);
errno_t memcpy_s(void *target, rsize_t size, const void *source, rsize_t count);
errno_t memmove_s(void *target, rsize_t size, const void *source, rsize_t count);

size_t strlen(const char *text);
size_t strnlen(const char *text, size_t limit);
char *strcpy(char *target, const char *source);
char *strncpy(char *target, const char *source, size_t count);
char *strcat(char *target, const char *source);
char *strncat(char *target, const char *source, size_t count);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t count);
int _stricmp(const char *a, const char *b);
int _strnicmp(const char *a, const char *b, size_t count);
char *strchr(const char *text, int character);
char *strrchr(const char *text, int character);
char *strstr(const char *text, const char *part);
size_t strspn(const char *text, const char *set);
size_t strcspn(const char *text, const char *set);
char *strpbrk(const char *text, const char *set);
char *_strlwr(char *text);
char *_strupr(char *text);
char *_strrev(char *text);
char *_strset(char *text, int character);
char *_strnset(char *text, int character, size_t count);
errno_t strcpy_s(char *target, rsize_t size, const char *source);
errno_t strncpy_s(char *target, rsize_t size, const char *source, rsize_t count);
errno_t strcat_s(char *target, rsize_t size, const char *source);
errno_t strncat_s(char *target, rsize_t size, const char *source, rsize_t count);
errno_t _strlwr_s(char *text, size_t size);
errno_t _strupr_s(char *text, size_t size);
char *strtok_s(char *text, const char *separators, char **context);

#define strnlen_s(Text, Limit) ((Text) != 0 ? strnlen((Text), (Limit)) : 0)

R3_END

#ifdef __cplusplus
extern "C++" {
template <size_t Size>
inline errno_t strcpy_s(char (&target)[Size], const char *source) {
  return strcpy_s(target, Size, source);
}
template <size_t Size>
inline errno_t strncpy_s(char (&target)[Size], const char *source, size_t count) {
  return strncpy_s(target, Size, source, count);
}
template <size_t Size>
inline errno_t strcat_s(char (&target)[Size], const char *source) {
  return strcat_s(target, Size, source);
}
}
#endif

#include "wcstring.h"

#endif
