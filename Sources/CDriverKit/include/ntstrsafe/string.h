// RtlStringCch... and RtlStringCb...: terminated strings in buffers of a known size.
#ifndef R3_NTSTRSAFE_STRING_H
#define R3_NTSTRSAFE_STRING_H

#include "base.h"
#ifndef R3_HOST

#define R3_NO_LIMIT ((size_t)NTSTRSAFE_MAX_CCH)
#define R3_BAD_SIZE(Size) ((Size) == 0 || (Size) > NTSTRSAFE_MAX_CCH)

// The functions that count characters. `_Ex` may be given no buffer at all.
#define R3_STRING_FUNCTIONS(Kind, Character)                                                   \
  R3_STRSAFE NTSTATUS RtlStringCchLength##Kind(const Character *text, size_t limit,            \
                                               size_t *length) {                               \
    return R3StringLength##Kind(text, limit, length);                                          \
  }                                                                                            \
  R3_STRSAFE NTSTATUS R3StringEx##Kind(                                          \
      Character *target, size_t size, const Character *source, size_t count, Character **end,  \
      size_t *left, ULONG flags, BOOLEAN append) {                                             \
    static const Character empty[1] = {0};                                                     \
    R3StringResult result = {STATUS_SUCCESS, 0};                                               \
    size_t start = 0;                                                                          \
    if (size > NTSTRSAFE_MAX_CCH || count > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER; \
    if ((flags & STRSAFE_IGNORE_NULLS) && source == 0) source = empty;                         \
    if (target == 0 && (size != 0 || !(flags & STRSAFE_IGNORE_NULLS))) {                       \
      return STATUS_INVALID_PARAMETER;                                                         \
    }                                                                                          \
    if (append && size != 0) {                                                                 \
      NTSTATUS status = R3StringLength##Kind(target, size, &start);                            \
      if (!NT_SUCCESS(status)) return status;                                                  \
    }                                                                                          \
    if (size == 0) {                                                                           \
      if (count != 0 && *source != 0) {                                                        \
        result.Status = target == 0 ? STATUS_INVALID_PARAMETER : STATUS_BUFFER_OVERFLOW;       \
      }                                                                                        \
    } else {                                                                                   \
      result = R3StringCopy##Kind(target, size, start, source, count);                         \
    }                                                                                          \
    return R3StringFinish##Kind(target, size, start, result, end, left, flags);                \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchCopyN##Kind(Character *target, size_t size,                  \
                                              const Character *source, size_t count) {         \
    if (R3_BAD_SIZE(size)) return STATUS_INVALID_PARAMETER;                                    \
    if (count > NTSTRSAFE_MAX_CCH) {                                                           \
      *target = 0;                                                                             \
      return STATUS_INVALID_PARAMETER;                                                         \
    }                                                                                          \
    return R3StringCopy##Kind(target, size, 0, source, count).Status;                          \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchCopy##Kind(Character *target, size_t size,                   \
                                             const Character *source) {                        \
    if (R3_BAD_SIZE(size)) return STATUS_INVALID_PARAMETER;                                    \
    return R3StringCopy##Kind(target, size, 0, source, R3_NO_LIMIT).Status;                    \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchCatN##Kind(Character *target, size_t size,                   \
                                             const Character *source, size_t count) {          \
    size_t start;                                                                              \
    NTSTATUS status = R3StringLength##Kind(target, size, &start);                              \
    if (!NT_SUCCESS(status)) return status;                                                    \
    if (count > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;                            \
    return R3StringCopy##Kind(target, size, start, source, count).Status;                      \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchCat##Kind(Character *target, size_t size,                    \
                                            const Character *source) {                         \
    return RtlStringCchCatN##Kind(target, size, source, R3_NO_LIMIT);                          \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchCopyEx##Kind(Character *target, size_t size,                 \
                                               const Character *source, Character **end,       \
                                               size_t *left, ULONG flags) {                    \
    return R3StringEx##Kind(target, size, source, R3_NO_LIMIT, end, left, flags, 0); \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchCopyNEx##Kind(Character *target, size_t size,                \
                                                const Character *source, size_t count,         \
                                                Character **end, size_t *left, ULONG flags) {  \
    return R3StringEx##Kind(target, size, source, count, end, left, flags, 0);   \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchCatEx##Kind(Character *target, size_t size,                  \
                                              const Character *source, Character **end,        \
                                              size_t *left, ULONG flags) {                     \
    return R3StringEx##Kind(target, size, source, R3_NO_LIMIT, end, left, flags, 1); \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchCatNEx##Kind(Character *target, size_t size,                 \
                                               const Character *source, size_t count,          \
                                               Character **end, size_t *left, ULONG flags) {   \
    return R3StringEx##Kind(target, size, source, count, end, left, flags, 1);   \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchVPrintf##Kind(Character *target, size_t size,                \
                                                const Character *format, va_list arguments) {  \
    if (R3_BAD_SIZE(size)) return STATUS_INVALID_PARAMETER;                                    \
    return R3StringFormat##Kind(target, size, format, arguments).Status;                       \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchPrintf##Kind(Character *target, size_t size,                 \
                                               const Character *format, ...) {                 \
    NTSTATUS status;                                                                           \
    va_list arguments;                                                                         \
    va_start(arguments, format);                                                               \
    status = RtlStringCchVPrintf##Kind(target, size, format, arguments);                       \
    va_end(arguments);                                                                         \
    return status;                                                                             \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchVPrintfEx##Kind(                                             \
      Character *target, size_t size, Character **end, size_t *left, ULONG flags,              \
      const Character *format, va_list arguments) {                                            \
    static const Character empty[1] = {0};                                                     \
    R3StringResult result = {STATUS_SUCCESS, 0};                                               \
    if (size > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;                             \
    if ((flags & STRSAFE_IGNORE_NULLS) && format == 0) format = empty;                         \
    if (target == 0 && (size != 0 || !(flags & STRSAFE_IGNORE_NULLS))) {                       \
      return STATUS_INVALID_PARAMETER;                                                         \
    }                                                                                          \
    if (size == 0) {                                                                           \
      if (*format != 0) {                                                                      \
        result.Status = target == 0 ? STATUS_INVALID_PARAMETER : STATUS_BUFFER_OVERFLOW;       \
      }                                                                                        \
    } else {                                                                                   \
      result = R3StringFormat##Kind(target, size, format, arguments);                          \
    }                                                                                          \
    return R3StringFinish##Kind(target, size, 0, result, end, left, flags);                    \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCchPrintfEx##Kind(Character *target, size_t size,               \
                                                 Character **end, size_t *left, ULONG flags,   \
                                                 const Character *format, ...) {               \
    NTSTATUS status;                                                                           \
    va_list arguments;                                                                         \
    va_start(arguments, format);                                                               \
    status = RtlStringCchVPrintfEx##Kind(target, size, end, left, flags, format, arguments);   \
    va_end(arguments);                                                                         \
    return status;                                                                             \
  }

R3_STRING_FUNCTIONS(A, char)
R3_STRING_FUNCTIONS(W, wchar_t)
#undef R3_STRING_FUNCTIONS

// The same, counting bytes.
#define R3_BYTES(Count) ((Count) / sizeof(*target))
#define R3_STRING_FUNCTIONS(Kind, Character)                                                   \
  R3_STRSAFE NTSTATUS RtlStringCbLength##Kind(const Character *text, size_t limit,             \
                                              size_t *length) {                                \
    NTSTATUS status = R3StringLength##Kind(text, limit / sizeof(*text), length);               \
    if (length) *length *= sizeof(*text);                                                      \
    return status;                                                                             \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbCopy##Kind(Character *target, size_t size,                    \
                                            const Character *source) {                         \
    return RtlStringCchCopy##Kind(target, R3_BYTES(size), source);                             \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbCopyN##Kind(Character *target, size_t size,                   \
                                             const Character *source, size_t count) {          \
    return RtlStringCchCopyN##Kind(target, R3_BYTES(size), source, R3_BYTES(count));           \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbCat##Kind(Character *target, size_t size,                     \
                                           const Character *source) {                          \
    return RtlStringCchCat##Kind(target, R3_BYTES(size), source);                              \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbCatN##Kind(Character *target, size_t size,                    \
                                            const Character *source, size_t count) {           \
    return RtlStringCchCatN##Kind(target, R3_BYTES(size), source, R3_BYTES(count));            \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbVPrintf##Kind(Character *target, size_t size,                 \
                                               const Character *format, va_list arguments) {   \
    return RtlStringCchVPrintf##Kind(target, R3_BYTES(size), format, arguments);               \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbPrintf##Kind(Character *target, size_t size,                  \
                                              const Character *format, ...) {                  \
    NTSTATUS status;                                                                           \
    va_list arguments;                                                                         \
    va_start(arguments, format);                                                               \
    status = RtlStringCchVPrintf##Kind(target, R3_BYTES(size), format, arguments);             \
    va_end(arguments);                                                                         \
    return status;                                                                             \
  }                                                                                            \
  R3_STRSAFE NTSTATUS R3InBytes##Kind(NTSTATUS status, size_t size, size_t *left) {            \
    if (left && (NT_SUCCESS(status) || status == STATUS_BUFFER_OVERFLOW)) {                    \
      *left = *left * sizeof(Character) + size % sizeof(Character);                            \
    }                                                                                          \
    return status;                                                                             \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbCopyEx##Kind(Character *target, size_t size,                  \
                                              const Character *source, Character **end,        \
                                              size_t *left, ULONG flags) {                     \
    return R3InBytes##Kind(                                                                    \
        RtlStringCchCopyEx##Kind(target, R3_BYTES(size), source, end, left, flags), size, left); \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbCatEx##Kind(Character *target, size_t size,                   \
                                             const Character *source, Character **end,         \
                                             size_t *left, ULONG flags) {                      \
    return R3InBytes##Kind(                                                                    \
        RtlStringCchCatEx##Kind(target, R3_BYTES(size), source, end, left, flags), size, left); \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbCopyNEx##Kind(Character *target, size_t size,                 \
                                               const Character *source, size_t count,          \
                                               Character **end, size_t *left, ULONG flags) {   \
    return R3InBytes##Kind(RtlStringCchCopyNEx##Kind(target, R3_BYTES(size), source,           \
                                                     R3_BYTES(count), end, left, flags),       \
                           size, left);                                                        \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbCatNEx##Kind(Character *target, size_t size,                  \
                                              const Character *source, size_t count,           \
                                              Character **end, size_t *left, ULONG flags) {    \
    return R3InBytes##Kind(RtlStringCchCatNEx##Kind(target, R3_BYTES(size), source,            \
                                                    R3_BYTES(count), end, left, flags),        \
                           size, left);                                                        \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbVPrintfEx##Kind(                                              \
      Character *target, size_t size, Character **end, size_t *left, ULONG flags,              \
      const Character *format, va_list arguments) {                                            \
    return R3InBytes##Kind(RtlStringCchVPrintfEx##Kind(target, R3_BYTES(size), end, left, flags, \
                                                       format, arguments),                     \
                           size, left);                                                        \
  }                                                                                            \
  R3_STRSAFE NTSTATUS RtlStringCbPrintfEx##Kind(Character *target, size_t size,                \
                                                Character **end, size_t *left, ULONG flags,    \
                                                const Character *format, ...) {                \
    NTSTATUS status;                                                                           \
    va_list arguments;                                                                         \
    va_start(arguments, format);                                                               \
    status = RtlStringCbVPrintfEx##Kind(target, size, end, left, flags, format, arguments);    \
    va_end(arguments);                                                                         \
    return status;                                                                             \
  }

R3_STRING_FUNCTIONS(A, char)
R3_STRING_FUNCTIONS(W, wchar_t)
#undef R3_STRING_FUNCTIONS
#undef R3_BYTES

#endif
#endif
