// What the string functions share: limits, flags, the workers for one kind of character.
#ifndef R3_NTSTRSAFE_BASE_H
#define R3_NTSTRSAFE_BASE_H

#include "../ntdef.h"
#include "../ntstatus.h"
#ifndef R3_HOST

#include "../crt/stdio.h"
#include "../crt/string.h"

#define NTSTRSAFE_MAX_CCH 2147483647
#define NTSTRSAFE_MAX_LENGTH (NTSTRSAFE_MAX_CCH - 1)
#define NTSTRSAFE_UNICODE_STRING_MAX_CCH 32767
#define STRSAFE_MAX_CCH NTSTRSAFE_MAX_CCH

#define STRSAFE_FILL_BYTE_MASK 0x000000FF
#define STRSAFE_IGNORE_NULLS 0x00000100
#define STRSAFE_FILL_BEHIND_NULL 0x00000200
#define STRSAFE_FILL_BEHIND 0x00000200
#define STRSAFE_FILL_ON_FAILURE 0x00000400
#define STRSAFE_NULL_ON_FAILURE 0x00000800
#define STRSAFE_ZERO_LENGTH_ON_FAILURE 0x00000800
#define STRSAFE_NO_TRUNCATION 0x00001000
#define STRSAFE_FILL_BYTE(Byte) \
  ((ULONG)(((Byte) & STRSAFE_FILL_BYTE_MASK) | STRSAFE_FILL_BEHIND_NULL))
#define STRSAFE_FAILURE_BYTE(Byte) \
  ((ULONG)(((Byte) & STRSAFE_FILL_BYTE_MASK) | STRSAFE_FILL_ON_FAILURE))

typedef char *NTSTRSAFE_PSTR;
typedef const char *NTSTRSAFE_PCSTR;
typedef wchar_t *NTSTRSAFE_PWSTR;
typedef const wchar_t *NTSTRSAFE_PCWSTR;

#define R3_STRSAFE static __inline __attribute__((unused))

// The result of a worker: a status, and where the terminator stands.
typedef struct R3StringResult {
  NTSTATUS Status;
  size_t Length;
} R3StringResult;

// One set of workers: `Kind` is A or W, `Size` counts characters of the target.
#define R3_STRING_WORKERS(Kind, Character, Format)                                             \
  R3_STRSAFE NTSTATUS R3StringLength##Kind(const Character *text, size_t limit,                \
                                           size_t *length) {                                   \
    size_t count = 0;                                                                          \
    if (length) *length = 0;                                                                   \
    if (text == 0 || limit > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;               \
    while (count < limit && text[count] != 0) count++;                                         \
    if (count == limit) return STATUS_INVALID_PARAMETER;                                       \
    if (length) *length = count;                                                               \
    return STATUS_SUCCESS;                                                                     \
  }                                                                                            \
  R3_STRSAFE R3StringResult R3StringCopy##Kind(Character *target, size_t size, size_t start,   \
                                               const Character *source, size_t count) {        \
    R3StringResult result = {STATUS_SUCCESS, start};                                           \
    while (count != 0 && *source != 0) {                                                       \
      if (result.Length + 1 >= size) {                                                         \
        result.Status = STATUS_BUFFER_OVERFLOW;                                                \
        break;                                                                                 \
      }                                                                                        \
      target[result.Length++] = *source++;                                                     \
      count--;                                                                                 \
    }                                                                                          \
    target[result.Length] = 0;                                                                 \
    return result;                                                                             \
  }                                                                                            \
  R3_STRSAFE R3StringResult R3StringFormat##Kind(Character *target, size_t size,               \
                                                 const Character *format, va_list arguments) { \
    R3StringResult result = {STATUS_SUCCESS, size - 1};                                        \
    int written = Format(target, size - 1, format, arguments);                                 \
    if (written < 0 || (size_t)written > size - 1) {                                           \
      result.Status = STATUS_BUFFER_OVERFLOW;                                                  \
    } else {                                                                                   \
      result.Length = (size_t)written;                                                         \
    }                                                                                          \
    target[result.Length] = 0;                                                                 \
    return result;                                                                             \
  }                                                                                            \
  R3_STRSAFE NTSTATUS R3StringFinish##Kind(Character *target, size_t size, size_t start,       \
                                           R3StringResult result, Character **end,             \
                                           size_t *left, ULONG flags) {                        \
    size_t bytes = size * sizeof(Character);                                                   \
    if (NT_SUCCESS(result.Status)) {                                                           \
      if ((flags & STRSAFE_FILL_BEHIND_NULL) && result.Length + 1 < size) {                    \
        memset(target + result.Length + 1, (int)(flags & STRSAFE_FILL_BYTE_MASK),              \
               (size - result.Length - 1) * sizeof(Character));                                \
      }                                                                                        \
    } else if (size != 0) {                                                                    \
      if (flags & STRSAFE_FILL_ON_FAILURE) {                                                   \
        memset(target, (int)(flags & STRSAFE_FILL_BYTE_MASK), bytes);                          \
        result.Length = (flags & STRSAFE_FILL_BYTE_MASK) ? size - 1 : 0;                       \
        target[result.Length] = 0;                                                             \
      }                                                                                        \
      if (flags & STRSAFE_NULL_ON_FAILURE) target[result.Length = 0] = 0;                      \
      else if (flags & STRSAFE_NO_TRUNCATION) target[result.Length = start] = 0;               \
    }                                                                                          \
    if (NT_SUCCESS(result.Status) || result.Status == STATUS_BUFFER_OVERFLOW) {                \
      if (end) *end = target + result.Length;                                                  \
      if (left) *left = size - result.Length;                                                  \
    }                                                                                          \
    return result.Status;                                                                      \
  }

R3_STRING_WORKERS(A, char, _vsnprintf)
R3_STRING_WORKERS(W, wchar_t, _vsnwprintf)
#undef R3_STRING_WORKERS

#endif
#endif
