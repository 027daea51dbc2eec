// The run-time library: memory, strings, numbers, bitmaps, times, the registry by tables.
#ifndef R3_WDM_API_RTL_H
#define R3_WDM_API_RTL_H

#include "../registry.h"
#include "../runtime.h"
#include "ex.h"
#ifndef R3_HOST

R3_BEGIN

// MARK: Memory

#define RtlCopyMemory(Target, Source, Length) memcpy((Target), (Source), (Length))
#define RtlMoveMemory(Target, Source, Length) memmove((Target), (Source), (Length))
#define RtlFillMemory(Target, Length, Fill) memset((Target), (Fill), (Length))
#define RtlZeroMemory(Target, Length) memset((Target), 0, (Length))
#define RtlEqualMemory(A, B, Length) (!memcmp((A), (B), (Length)))
#define RtlCopyBytes RtlCopyMemory
#define RtlZeroBytes RtlZeroMemory
#define RtlFillBytes RtlFillMemory
#define RtlCopyDeviceMemory RtlCopyMemory
#define RtlZeroDeviceMemory RtlZeroMemory
#define RtlCopyVolatileMemory(Target, Source, Length) \
  memcpy((void *)(Target), (const void *)(Source), (Length))
NTSYSAPI SIZE_T NTAPI RtlCompareMemory(const void *a, const void *b, SIZE_T length);
NTSYSAPI SIZE_T NTAPI RtlCompareMemoryUlong(PVOID source, SIZE_T length, ULONG pattern);
NTSYSAPI void NTAPI RtlFillMemoryUlong(PVOID target, SIZE_T length, ULONG pattern);
NTSYSAPI void NTAPI RtlFillMemoryUlonglong(PVOID target, SIZE_T length, ULONGLONG pattern);
NTSYSAPI void NTAPI RtlPrefetchMemoryNonTemporal(PVOID source, SIZE_T length);
NTKERNELAPI void NTAPI RtlCopyMemoryNonTemporal(void *target, const void *source, SIZE_T length);
FORCEINLINE PVOID RtlSecureZeroMemory(PVOID target, SIZE_T length) {
  volatile char *bytes = (volatile char *)target;
  while (length-- != 0) *bytes++ = 0;
  return target;
}
FORCEINLINE BOOLEAN RtlIsZeroMemory(PVOID source, SIZE_T length) {
  const UCHAR *bytes = (const UCHAR *)source;
  while (length-- != 0) {
    if (*bytes++ != 0) return FALSE;
  }
  return TRUE;
}

// MARK: Strings

NTSYSAPI void NTAPI RtlInitUnicodeString(PUNICODE_STRING target, PCWSTR source);
NTSYSAPI NTSTATUS NTAPI RtlInitUnicodeStringEx(PUNICODE_STRING target, PCWSTR source);
NTSYSAPI void NTAPI RtlInitAnsiString(PANSI_STRING target, PCSZ source);
NTSYSAPI NTSTATUS NTAPI RtlInitAnsiStringEx(PANSI_STRING target, PCSZ source);
NTSYSAPI void NTAPI RtlInitString(PSTRING target, PCSZ source);
NTSYSAPI void NTAPI RtlInitUTF8String(PUTF8_STRING target, PCSZ source);
NTSYSAPI void NTAPI RtlFreeUnicodeString(PUNICODE_STRING string);
NTSYSAPI void NTAPI RtlFreeAnsiString(PANSI_STRING string);
NTSYSAPI void NTAPI RtlFreeOemString(POEM_STRING string);
NTSYSAPI void NTAPI RtlFreeUTF8String(PUTF8_STRING string);
NTSYSAPI void NTAPI RtlCopyUnicodeString(PUNICODE_STRING target, PCUNICODE_STRING source);
NTSYSAPI void NTAPI RtlCopyString(PSTRING target, const STRING *source);
NTSYSAPI NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING target, PCWSTR source);
NTSYSAPI NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING target,
                                                       PCUNICODE_STRING source);
NTSYSAPI BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b,
                                             BOOLEAN ignoreCase);
NTSYSAPI LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b,
                                            BOOLEAN ignoreCase);
NTSYSAPI LONG NTAPI RtlCompareUnicodeStrings(PCWCH a, SIZE_T lengthA, PCWCH b, SIZE_T lengthB,
                                             BOOLEAN ignoreCase);
NTSYSAPI BOOLEAN NTAPI RtlEqualString(const STRING *a, const STRING *b, BOOLEAN ignoreCase);
NTSYSAPI LONG NTAPI RtlCompareString(const STRING *a, const STRING *b, BOOLEAN ignoreCase);
NTSYSAPI BOOLEAN NTAPI RtlPrefixUnicodeString(PCUNICODE_STRING prefix, PCUNICODE_STRING string,
                                              BOOLEAN ignoreCase);
NTSYSAPI BOOLEAN NTAPI RtlPrefixString(const STRING *prefix, const STRING *string,
                                       BOOLEAN ignoreCase);
NTSYSAPI BOOLEAN NTAPI RtlSuffixUnicodeString(PCUNICODE_STRING suffix, PCUNICODE_STRING string,
                                              BOOLEAN ignoreCase);
NTSYSAPI WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR character);
NTSYSAPI WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR character);
NTSYSAPI NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING target, PCUNICODE_STRING source,
                                               BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlDowncaseUnicodeString(PUNICODE_STRING target, PCUNICODE_STRING source,
                                                 BOOLEAN allocate);
NTSYSAPI CHAR NTAPI RtlUpperChar(CHAR character);
NTSYSAPI void NTAPI RtlUpperString(PSTRING target, const STRING *source);
NTSYSAPI NTSTATUS NTAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING target, PCANSI_STRING source,
                                                     BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlUnicodeStringToAnsiString(PANSI_STRING target, PCUNICODE_STRING source,
                                                     BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlUTF8StringToUnicodeString(PUNICODE_STRING target,
                                                     PUTF8_STRING source, BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlUnicodeStringToUTF8String(PUTF8_STRING target,
                                                     PCUNICODE_STRING source, BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlUnicodeToUTF8N(PCHAR target, ULONG limit, PULONG length, PCWCH source,
                                          ULONG sourceLength);
NTSYSAPI NTSTATUS NTAPI RtlUTF8ToUnicodeN(PWSTR target, ULONG limit, PULONG length, PCCH source,
                                          ULONG sourceLength);
NTSYSAPI ULONG NTAPI RtlxAnsiStringToUnicodeSize(PCANSI_STRING string);
NTSYSAPI ULONG NTAPI RtlxUnicodeStringToAnsiSize(PCUNICODE_STRING string);
#define RtlAnsiStringToUnicodeSize(String) RtlxAnsiStringToUnicodeSize(String)
#define RtlUnicodeStringToAnsiSize(String) RtlxUnicodeStringToAnsiSize(String)
NTSYSAPI NTSTATUS NTAPI RtlUnicodeStringToInteger(PCUNICODE_STRING string, ULONG base,
                                                  PULONG value);
NTSYSAPI NTSTATUS NTAPI RtlUnicodeStringToInt64(PCUNICODE_STRING string, ULONG base,
                                                PLONG64 value, PWSTR *end);
NTSYSAPI NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG value, ULONG base,
                                                  PUNICODE_STRING string);
NTSYSAPI NTSTATUS NTAPI RtlInt64ToUnicodeString(ULONGLONG value, ULONG base,
                                                PUNICODE_STRING string);
#define RtlIntPtrToUnicodeString(Value, Base, String) \
  RtlInt64ToUnicodeString((Value), (Base), (String))
NTSYSAPI NTSTATUS NTAPI RtlCharToInteger(PCSZ string, ULONG base, PULONG value);
NTSYSAPI NTSTATUS NTAPI RtlHashUnicodeString(const UNICODE_STRING *string, BOOLEAN ignoreCase,
                                             ULONG algorithm, PULONG value);
NTSYSAPI NTSTATUS NTAPI RtlStringFromGUID(const GUID *guid, PUNICODE_STRING string);
NTSYSAPI NTSTATUS NTAPI RtlGUIDFromString(PCUNICODE_STRING string, GUID *guid);

FORCEINLINE void RtlInitEmptyUnicodeString(PUNICODE_STRING string, PWCHAR buffer, USHORT size) {
  string->Length = 0;
  string->MaximumLength = size;
  string->Buffer = buffer;
}
FORCEINLINE void RtlInitEmptyAnsiString(PANSI_STRING string, PCHAR buffer, USHORT size) {
  string->Length = 0;
  string->MaximumLength = size;
  string->Buffer = buffer;
}

// MARK: Numbers

#define RtlUshortByteSwap(Value) ((USHORT)__builtin_bswap16((USHORT)(Value)))
#define RtlUlongByteSwap(Value) ((ULONG)__builtin_bswap32((ULONG)(Value)))
#define RtlUlonglongByteSwap(Value) ((ULONGLONG)__builtin_bswap64((ULONGLONG)(Value)))
NTSYSAPI ULONG NTAPI RtlRandom(PULONG seed);
NTSYSAPI ULONG NTAPI RtlRandomEx(PULONG seed);
NTSYSAPI ULONG NTAPI RtlCrc32(const void *buffer, size_t size, ULONG initial);
NTSYSAPI ULONGLONG NTAPI RtlCrc64(const void *buffer, size_t size, ULONGLONG initial);
NTSYSAPI ULONG NTAPI RtlNumberOfSetBitsUlongPtr(ULONG_PTR value);
NTSYSAPI CCHAR NTAPI RtlFindLeastSignificantBit(ULONGLONG set);
NTSYSAPI CCHAR NTAPI RtlFindMostSignificantBit(ULONGLONG set);

#define RtlConvertLongToLargeInteger(Value) R3MakeLargeInteger((LONG)(Value))
#define RtlConvertUlongToLargeInteger(Value) R3MakeLargeInteger((ULONG)(Value))
FORCEINLINE LARGE_INTEGER R3MakeLargeInteger(LONGLONG value) {
  LARGE_INTEGER result;
  result.QuadPart = value;
  return result;
}
FORCEINLINE LARGE_INTEGER RtlLargeIntegerAdd(LARGE_INTEGER a, LARGE_INTEGER b) {
  return R3MakeLargeInteger(a.QuadPart + b.QuadPart);
}
FORCEINLINE LARGE_INTEGER RtlLargeIntegerSubtract(LARGE_INTEGER a, LARGE_INTEGER b) {
  return R3MakeLargeInteger(a.QuadPart - b.QuadPart);
}
FORCEINLINE LARGE_INTEGER RtlEnlargedIntegerMultiply(LONG a, LONG b) {
  return R3MakeLargeInteger((LONGLONG)a * b);
}
FORCEINLINE LARGE_INTEGER RtlExtendedIntegerMultiply(LARGE_INTEGER a, LONG b) {
  return R3MakeLargeInteger(a.QuadPart * b);
}
FORCEINLINE LARGE_INTEGER RtlExtendedLargeIntegerDivide(LARGE_INTEGER dividend, ULONG divisor,
                                                        PULONG remainder) {
  if (remainder != NULL) *remainder = (ULONG)((ULONGLONG)dividend.QuadPart % divisor);
  return R3MakeLargeInteger((LONGLONG)((ULONGLONG)dividend.QuadPart / divisor));
}
FORCEINLINE LUID RtlConvertLongToLuid(LONG value) {
  LUID result;
  result.LowPart = (ULONG)value;
  result.HighPart = value >> 31;
  return result;
}
FORCEINLINE LUID RtlConvertUlongToLuid(ULONG value) {
  LUID result;
  result.LowPart = value;
  result.HighPart = 0;
  return result;
}
#define RtlEqualLuid(A, B) \
  (((A)->LowPart == (B)->LowPart) && ((A)->HighPart == (B)->HighPart))
#define RtlIsZeroLuid(Luid) ((BOOLEAN)((((Luid)->LowPart | (Luid)->HighPart) == 0)))
#define RtlCopyLuid(Target, Source) (*(Target) = *(Source))

// MARK: Bitmaps

NTSYSAPI void NTAPI RtlInitializeBitMap(PRTL_BITMAP map, PULONG buffer, ULONG size);
NTSYSAPI void NTAPI RtlClearBit(PRTL_BITMAP map, ULONG bit);
NTSYSAPI void NTAPI RtlSetBit(PRTL_BITMAP map, ULONG bit);
NTSYSAPI BOOLEAN NTAPI RtlTestBit(PRTL_BITMAP map, ULONG bit);
NTSYSAPI void NTAPI RtlClearAllBits(PRTL_BITMAP map);
NTSYSAPI void NTAPI RtlSetAllBits(PRTL_BITMAP map);
NTSYSAPI void NTAPI RtlClearBits(PRTL_BITMAP map, ULONG start, ULONG count);
NTSYSAPI void NTAPI RtlSetBits(PRTL_BITMAP map, ULONG start, ULONG count);
NTSYSAPI ULONG NTAPI RtlFindClearBits(PRTL_BITMAP map, ULONG count, ULONG hint);
NTSYSAPI ULONG NTAPI RtlFindSetBits(PRTL_BITMAP map, ULONG count, ULONG hint);
NTSYSAPI ULONG NTAPI RtlFindClearBitsAndSet(PRTL_BITMAP map, ULONG count, ULONG hint);
NTSYSAPI ULONG NTAPI RtlFindSetBitsAndClear(PRTL_BITMAP map, ULONG count, ULONG hint);
NTSYSAPI ULONG NTAPI RtlFindClearRuns(PRTL_BITMAP map, PRTL_BITMAP_RUN runs, ULONG count,
                                      BOOLEAN longest);
NTSYSAPI ULONG NTAPI RtlFindFirstRunClear(PRTL_BITMAP map, PULONG start);
NTSYSAPI ULONG NTAPI RtlFindNextForwardRunClear(PRTL_BITMAP map, ULONG from, PULONG start);
NTSYSAPI ULONG NTAPI RtlFindLongestRunClear(PRTL_BITMAP map, PULONG start);
NTSYSAPI ULONG NTAPI RtlNumberOfClearBits(PRTL_BITMAP map);
NTSYSAPI ULONG NTAPI RtlNumberOfSetBits(PRTL_BITMAP map);
NTSYSAPI BOOLEAN NTAPI RtlAreBitsClear(PRTL_BITMAP map, ULONG start, ULONG count);
NTSYSAPI BOOLEAN NTAPI RtlAreBitsSet(PRTL_BITMAP map, ULONG start, ULONG count);
NTSYSAPI void NTAPI RtlCopyBitMap(PRTL_BITMAP source, PRTL_BITMAP target, ULONG bit);
NTSYSAPI void NTAPI RtlInterlockedClearBitRun(PRTL_BITMAP map, ULONG start, ULONG count);
NTSYSAPI void NTAPI RtlInterlockedSetBitRun(PRTL_BITMAP map, ULONG start, ULONG count);
#define RtlInterlockedSetBits(Flags, Flag) InterlockedOr((PLONG)(Flags), (Flag))
#define RtlInterlockedClearBits(Flags, Flag) InterlockedAnd((PLONG)(Flags), ~(Flag))
#define RtlCheckBit(Map, Bit) ((((PLONG)(Map)->Buffer)[(Bit) / 32] >> ((Bit) % 32)) & 0x1)

// MARK: Times and versions

NTSYSAPI void NTAPI RtlTimeToTimeFields(PLARGE_INTEGER time, PTIME_FIELDS fields);
NTSYSAPI BOOLEAN NTAPI RtlTimeFieldsToTime(PTIME_FIELDS fields, PLARGE_INTEGER time);
NTSYSAPI BOOLEAN NTAPI RtlTimeToSecondsSince1970(PLARGE_INTEGER time, PULONG seconds);
NTSYSAPI void NTAPI RtlSecondsSince1970ToTime(ULONG seconds, PLARGE_INTEGER time);
NTSYSAPI BOOLEAN NTAPI RtlTimeToSecondsSince1980(PLARGE_INTEGER time, PULONG seconds);
NTSYSAPI void NTAPI RtlSecondsSince1980ToTime(ULONG seconds, PLARGE_INTEGER time);
NTSYSAPI NTSTATUS NTAPI RtlGetVersion(PRTL_OSVERSIONINFOW version);
NTSYSAPI NTSTATUS NTAPI RtlVerifyVersionInfo(PRTL_OSVERSIONINFOEXW version, ULONG mask,
                                             ULONGLONG condition);
NTSYSAPI ULONGLONG NTAPI VerSetConditionMask(ULONGLONG mask, ULONG type, UCHAR condition);
NTKERNELAPI BOOLEAN NTAPI RtlIsNtDdiVersionAvailable(ULONG version);
NTKERNELAPI BOOLEAN NTAPI RtlIsServicePackVersionInstalled(ULONG version);
#define VER_SET_CONDITION(Mask, Type, Condition) \
  ((Mask) = VerSetConditionMask((Mask), (Type), (Condition)))

// MARK: The registry

NTSYSAPI NTSTATUS NTAPI RtlQueryRegistryValues(ULONG relative, PCWSTR path,
                                               PRTL_QUERY_REGISTRY_TABLE table, PVOID context,
                                               PVOID environment);
NTSYSAPI NTSTATUS NTAPI RtlWriteRegistryValue(ULONG relative, PCWSTR path, PCWSTR name,
                                              ULONG type, PVOID data, ULONG length);
NTSYSAPI NTSTATUS NTAPI RtlDeleteRegistryValue(ULONG relative, PCWSTR path, PCWSTR name);
NTSYSAPI NTSTATUS NTAPI RtlCreateRegistryKey(ULONG relative, PWSTR path);
NTSYSAPI NTSTATUS NTAPI RtlCheckRegistryKey(ULONG relative, PWSTR path);

// MARK: Security descriptors

NTSYSAPI NTSTATUS NTAPI RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor,
                                                    ULONG revision);
NTSYSAPI BOOLEAN NTAPI RtlValidSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor);
NTSYSAPI BOOLEAN NTAPI RtlValidRelativeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor,
                                                          ULONG length,
                                                          SECURITY_INFORMATION required);
NTSYSAPI ULONG NTAPI RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor);
NTSYSAPI NTSTATUS NTAPI RtlSetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor,
                                                     BOOLEAN present, PACL dacl,
                                                     BOOLEAN defaulted);

// MARK: Run once, hash tables, stack traces

NTSYSAPI void NTAPI RtlRunOnceInitialize(PRTL_RUN_ONCE once);
NTSYSAPI NTSTATUS NTAPI RtlRunOnceExecuteOnce(PRTL_RUN_ONCE once, PRTL_RUN_ONCE_INIT_FN routine,
                                              PVOID parameter, PVOID *context);
NTSYSAPI NTSTATUS NTAPI RtlRunOnceBeginInitialize(PRTL_RUN_ONCE once, ULONG flags,
                                                  PVOID *context);
NTSYSAPI NTSTATUS NTAPI RtlRunOnceComplete(PRTL_RUN_ONCE once, ULONG flags, PVOID context);
#define RTL_RUN_ONCE_INIT {0}
NTSYSAPI USHORT NTAPI RtlCaptureStackBackTrace(ULONG skip, ULONG count, PVOID *trace,
                                               PULONG hash);
NTSYSAPI void NTAPI RtlGetCallersAddress(PVOID *caller, PVOID *callersCaller);
NTSYSAPI ULONG NTAPI RtlWalkFrameChain(PVOID *callers, ULONG count, ULONG flags);
NTSYSAPI void NTAPI RtlCaptureContext(PCONTEXT context);
NTSYSAPI PVOID NTAPI RtlPcToFileHeader(PVOID address, PVOID *base);
NTSYSAPI PRUNTIME_FUNCTION NTAPI RtlLookupFunctionEntry(ULONG64 address, PULONG64 base,
                                                        PUNWIND_HISTORY_TABLE history);
NTSYSAPI PEXCEPTION_ROUTINE NTAPI RtlVirtualUnwind(ULONG type, ULONG64 base, ULONG64 address,
                                                   PRUNTIME_FUNCTION function, PCONTEXT context,
                                                   PVOID *handlerData, PULONG64 frame,
                                                   PKNONVOLATILE_CONTEXT_POINTERS pointers);
NTSYSAPI void NTAPI RtlUnwindEx(PVOID frame, PVOID target, PEXCEPTION_RECORD record, PVOID value,
                                PCONTEXT context, PUNWIND_HISTORY_TABLE history);
NTSYSAPI void NTAPI RtlRaiseException(PEXCEPTION_RECORD record);

R3_END

#endif
#endif
