// RtlUnicodeString...: counted strings, which need no terminator.
#ifndef R3_NTSTRSAFE_UNICODE_H
#define R3_NTSTRSAFE_UNICODE_H

#include "base.h"
#ifndef R3_HOST

R3_STRSAFE NTSTATUS RtlUnicodeStringValidate(PCUNICODE_STRING string) {
  if (string == NULL) return STATUS_INVALID_PARAMETER;
  if (string->Length % sizeof(WCHAR) != 0 || string->MaximumLength % sizeof(WCHAR) != 0 ||
      string->Length > string->MaximumLength ||
      (string->Buffer == NULL && (string->Length != 0 || string->MaximumLength != 0))) {
    return STATUS_INVALID_PARAMETER;
  }
  return STATUS_SUCCESS;
}

R3_STRSAFE NTSTATUS RtlUnicodeStringValidateEx(PCUNICODE_STRING string, ULONG flags) {
  if (string == NULL && (flags & STRSAFE_IGNORE_NULLS)) return STATUS_SUCCESS;
  return RtlUnicodeStringValidate(string);
}

R3_STRSAFE NTSTATUS RtlUnicodeStringInitEx(PUNICODE_STRING target, NTSTRSAFE_PCWSTR source,
                                           ULONG flags) {
  size_t length = 0;
  (void)flags;
  if (target == NULL) return STATUS_INVALID_PARAMETER;
  target->Length = target->MaximumLength = 0;
  target->Buffer = NULL;
  if (source == NULL) return STATUS_SUCCESS;
  while (length < NTSTRSAFE_UNICODE_STRING_MAX_CCH && source[length] != 0) length++;
  if (length == NTSTRSAFE_UNICODE_STRING_MAX_CCH) return STATUS_INVALID_PARAMETER;
  target->Length = (USHORT)(length * sizeof(WCHAR));
  target->MaximumLength = (USHORT)(target->Length + sizeof(WCHAR));
  target->Buffer = (PWCH)source;
  return STATUS_SUCCESS;
}

R3_STRSAFE NTSTATUS RtlUnicodeStringInit(PUNICODE_STRING target, NTSTRSAFE_PCWSTR source) {
  return RtlUnicodeStringInitEx(target, source, 0);
}

// Appends up to `count` characters from `start` on, stopping at a terminator when asked to.
R3_STRSAFE NTSTATUS R3UnicodeStringFill(PUNICODE_STRING target, size_t start, const WCHAR *source,
                                        size_t count, BOOLEAN terminated) {
  size_t size, length;
  NTSTATUS status = RtlUnicodeStringValidate(target);
  if (!NT_SUCCESS(status)) return status;
  size = target->MaximumLength / sizeof(WCHAR);
  length = start;
  while (count-- != 0 && !(terminated && *source == 0)) {
    if (length == size) {
      status = STATUS_BUFFER_OVERFLOW;
      break;
    }
    target->Buffer[length++] = *source++;
  }
  target->Length = (USHORT)(length * sizeof(WCHAR));
  return status;
}

R3_STRSAFE NTSTATUS RtlUnicodeStringCopy(PUNICODE_STRING target, PCUNICODE_STRING source) {
  NTSTATUS status = RtlUnicodeStringValidate(source);
  if (!NT_SUCCESS(status)) return status;
  return R3UnicodeStringFill(target, 0, source->Buffer, source->Length / sizeof(WCHAR), FALSE);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCat(PUNICODE_STRING target, PCUNICODE_STRING source) {
  NTSTATUS status = RtlUnicodeStringValidate(source);
  if (!NT_SUCCESS(status)) return status;
  if (target == NULL) return STATUS_INVALID_PARAMETER;
  return R3UnicodeStringFill(target, target->Length / sizeof(WCHAR), source->Buffer,
                             source->Length / sizeof(WCHAR), FALSE);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCopyString(PUNICODE_STRING target, NTSTRSAFE_PCWSTR source) {
  return R3UnicodeStringFill(target, 0, source, NTSTRSAFE_UNICODE_STRING_MAX_CCH, TRUE);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCatString(PUNICODE_STRING target, NTSTRSAFE_PCWSTR source) {
  if (target == NULL) return STATUS_INVALID_PARAMETER;
  return R3UnicodeStringFill(target, target->Length / sizeof(WCHAR), source,
                             NTSTRSAFE_UNICODE_STRING_MAX_CCH, TRUE);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCchCopyStringN(PUNICODE_STRING target,
                                                   NTSTRSAFE_PCWSTR source, size_t count) {
  return R3UnicodeStringFill(target, 0, source, count, TRUE);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCbCopyStringN(PUNICODE_STRING target,
                                                  NTSTRSAFE_PCWSTR source, size_t count) {
  return R3UnicodeStringFill(target, 0, source, count / sizeof(WCHAR), TRUE);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCchCatStringN(PUNICODE_STRING target, NTSTRSAFE_PCWSTR source,
                                                  size_t count) {
  if (target == NULL) return STATUS_INVALID_PARAMETER;
  return R3UnicodeStringFill(target, target->Length / sizeof(WCHAR), source, count, TRUE);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCbCatStringN(PUNICODE_STRING target, NTSTRSAFE_PCWSTR source,
                                                 size_t count) {
  return RtlUnicodeStringCchCatStringN(target, source, count / sizeof(WCHAR));
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCchCopyN(PUNICODE_STRING target, PCUNICODE_STRING source,
                                             size_t count) {
  NTSTATUS status = RtlUnicodeStringValidate(source);
  if (!NT_SUCCESS(status)) return status;
  if (count > source->Length / sizeof(WCHAR)) count = source->Length / sizeof(WCHAR);
  return R3UnicodeStringFill(target, 0, source->Buffer, count, FALSE);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCbCopyN(PUNICODE_STRING target, PCUNICODE_STRING source,
                                            size_t count) {
  return RtlUnicodeStringCchCopyN(target, source, count / sizeof(WCHAR));
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCchCatN(PUNICODE_STRING target, PCUNICODE_STRING source,
                                            size_t count) {
  NTSTATUS status = RtlUnicodeStringValidate(source);
  if (!NT_SUCCESS(status)) return status;
  if (target == NULL) return STATUS_INVALID_PARAMETER;
  if (count > source->Length / sizeof(WCHAR)) count = source->Length / sizeof(WCHAR);
  return R3UnicodeStringFill(target, target->Length / sizeof(WCHAR), source->Buffer, count, FALSE);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCbCatN(PUNICODE_STRING target, PCUNICODE_STRING source,
                                           size_t count) {
  return RtlUnicodeStringCchCatN(target, source, count / sizeof(WCHAR));
}

R3_STRSAFE NTSTATUS RtlUnicodeStringVPrintf(PUNICODE_STRING target, NTSTRSAFE_PCWSTR format,
                                            va_list arguments) {
  int written, size;
  NTSTATUS status = RtlUnicodeStringValidate(target);
  if (!NT_SUCCESS(status)) return status;
  size = target->MaximumLength / (int)sizeof(WCHAR);
  if (size == 0) return *format == 0 ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
  written = _vsnwprintf(target->Buffer, (size_t)size, format, arguments);
  if (written < 0 || written > size) {
    written = size;
    status = STATUS_BUFFER_OVERFLOW;
  }
  target->Length = (USHORT)(written * (int)sizeof(WCHAR));
  return status;
}
R3_STRSAFE NTSTATUS RtlUnicodeStringPrintf(PUNICODE_STRING target, NTSTRSAFE_PCWSTR format, ...) {
  NTSTATUS status;
  va_list arguments;
  va_start(arguments, format);
  status = RtlUnicodeStringVPrintf(target, format, arguments);
  va_end(arguments);
  return status;
}

// A terminated copy of a counted string.
R3_STRSAFE NTSTATUS RtlStringCchCopyUnicodeString(NTSTRSAFE_PWSTR target, size_t size,
                                                  PCUNICODE_STRING source) {
  NTSTATUS status = RtlUnicodeStringValidate(source);
  if (!NT_SUCCESS(status)) return status;
  if (size == 0 || size > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;
  return R3StringCopyW(target, size, 0, source->Buffer, source->Length / sizeof(WCHAR)).Status;
}
R3_STRSAFE NTSTATUS RtlStringCbCopyUnicodeString(NTSTRSAFE_PWSTR target, size_t size,
                                                 PCUNICODE_STRING source) {
  return RtlStringCchCopyUnicodeString(target, size / sizeof(WCHAR), source);
}

// The part of `target` that is still free, as a string of its own.
R3_STRSAFE void R3UnicodeStringRest(PCUNICODE_STRING target, PUNICODE_STRING rest) {
  if (rest == NULL) return;
  rest->Length = 0;
  rest->MaximumLength = (USHORT)(target->MaximumLength - target->Length);
  rest->Buffer = (PWCH)((PCHAR)target->Buffer + target->Length);
}
R3_STRSAFE NTSTATUS R3UnicodeStringFinish(PUNICODE_STRING target, PUNICODE_STRING rest,
                                          USHORT start, NTSTATUS status, ULONG flags) {
  if (NT_SUCCESS(status)) {
    if (flags & STRSAFE_FILL_BEHIND) {
      memset((PCHAR)target->Buffer + target->Length, (int)(flags & STRSAFE_FILL_BYTE_MASK),
             (size_t)(target->MaximumLength - target->Length));
    }
  } else if (status == STATUS_BUFFER_OVERFLOW) {
    if (flags & STRSAFE_FILL_ON_FAILURE) {
      memset(target->Buffer, (int)(flags & STRSAFE_FILL_BYTE_MASK), target->MaximumLength);
      target->Length = 0;
    }
    if (flags & STRSAFE_ZERO_LENGTH_ON_FAILURE) target->Length = 0;
    else if (flags & STRSAFE_NO_TRUNCATION) target->Length = start;
  } else {
    return status;
  }
  R3UnicodeStringRest(target, rest);
  return status;
}

R3_STRSAFE NTSTATUS RtlUnicodeStringCopyEx(PUNICODE_STRING target, PCUNICODE_STRING source,
                                           PUNICODE_STRING rest, ULONG flags) {
  UNICODE_STRING none = {0, 0, NULL};
  if (source == NULL && (flags & STRSAFE_IGNORE_NULLS)) source = &none;
  return R3UnicodeStringFinish(target, rest, 0, RtlUnicodeStringCopy(target, source), flags);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCopyStringEx(PUNICODE_STRING target, NTSTRSAFE_PCWSTR source,
                                                 PUNICODE_STRING rest, ULONG flags) {
  if (source == NULL && (flags & STRSAFE_IGNORE_NULLS)) source = L"";
  return R3UnicodeStringFinish(target, rest, 0, RtlUnicodeStringCopyString(target, source), flags);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCatEx(PUNICODE_STRING target, PCUNICODE_STRING source,
                                          PUNICODE_STRING rest, ULONG flags) {
  USHORT start = target != NULL ? target->Length : 0;
  return R3UnicodeStringFinish(target, rest, start, RtlUnicodeStringCat(target, source), flags);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringCatStringEx(PUNICODE_STRING target, NTSTRSAFE_PCWSTR source,
                                                PUNICODE_STRING rest, ULONG flags) {
  USHORT start = target != NULL ? target->Length : 0;
  return R3UnicodeStringFinish(target, rest, start, RtlUnicodeStringCatString(target, source),
                               flags);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringVPrintfEx(PUNICODE_STRING target, PUNICODE_STRING rest,
                                              ULONG flags, NTSTRSAFE_PCWSTR format,
                                              va_list arguments) {
  if (format == NULL && (flags & STRSAFE_IGNORE_NULLS)) format = L"";
  return R3UnicodeStringFinish(target, rest, 0,
                               RtlUnicodeStringVPrintf(target, format, arguments), flags);
}
R3_STRSAFE NTSTATUS RtlUnicodeStringPrintfEx(PUNICODE_STRING target, PUNICODE_STRING rest,
                                             ULONG flags, NTSTRSAFE_PCWSTR format, ...) {
  NTSTATUS status;
  va_list arguments;
  va_start(arguments, format);
  status = RtlUnicodeStringVPrintfEx(target, rest, flags, format, arguments);
  va_end(arguments);
  return status;
}

#endif
#endif
