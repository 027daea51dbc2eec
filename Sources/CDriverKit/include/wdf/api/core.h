// Small things that everybody needs: times, sizes, offsets, assertions.
#ifndef R3_WDF_API_CORE_H
#define R3_WDF_API_CORE_H

#include "driver.h"
#ifndef R3_HOST

R3_BEGIN

// MARK: Times, in units of 100 nanoseconds; relative ones are negative

#define WDF_TIMEOUT_TO_SEC ((LONGLONG)1 * 10 * 1000 * 1000)
#define WDF_TIMEOUT_TO_MS ((LONGLONG)1 * 10 * 1000)
#define WDF_TIMEOUT_TO_US ((LONGLONG)1 * 10)

FORCEINLINE LONGLONG WDF_REL_TIMEOUT_IN_SEC(ULONGLONG Time) {
  return -(LONGLONG)Time * WDF_TIMEOUT_TO_SEC;
}
FORCEINLINE LONGLONG WDF_ABS_TIMEOUT_IN_SEC(ULONGLONG Time) {
  return (LONGLONG)Time * WDF_TIMEOUT_TO_SEC;
}
FORCEINLINE LONGLONG WDF_REL_TIMEOUT_IN_MS(ULONGLONG Time) {
  return -(LONGLONG)Time * WDF_TIMEOUT_TO_MS;
}
FORCEINLINE LONGLONG WDF_ABS_TIMEOUT_IN_MS(ULONGLONG Time) {
  return (LONGLONG)Time * WDF_TIMEOUT_TO_MS;
}
FORCEINLINE LONGLONG WDF_REL_TIMEOUT_IN_US(ULONGLONG Time) {
  return -(LONGLONG)Time * WDF_TIMEOUT_TO_US;
}
FORCEINLINE LONGLONG WDF_ABS_TIMEOUT_IN_US(ULONGLONG Time) {
  return (LONGLONG)Time * WDF_TIMEOUT_TO_US;
}

// MARK: Sizes and offsets

FORCEINLINE size_t WDF_ALIGN_SIZE_DOWN(size_t Length, size_t AlignTo) {
  return Length & ~(AlignTo - 1);
}
FORCEINLINE size_t WDF_ALIGN_SIZE_UP(size_t Length, size_t AlignTo) {
  return WDF_ALIGN_SIZE_DOWN(Length + AlignTo - 1, AlignTo);
}

#define WDF_PTR_ADD_OFFSET_TYPE(Pointer, Offset, Type) ((Type)(((PUCHAR)(Pointer)) + (Offset)))
#define WDF_PTR_ADD_OFFSET(Pointer, Offset) WDF_PTR_ADD_OFFSET_TYPE(Pointer, Offset, PVOID)
#define WDF_PTR_GET_OFFSET(Base, Address) ((size_t)(((PUCHAR)(Address)) - ((PUCHAR)(Base))))

// MARK: Assertions

#define WDFVERIFY(Condition)                                             \
  {                                                                      \
    if ((WdfDriverGlobals->DriverFlags & WdfVerifyOn) && !(Condition)) { \
      RtlAssert(#Condition, __FILE__, __LINE__, NULL);                   \
    }                                                                    \
  }
#define VERIFY_IS_IRQL_PASSIVE_LEVEL() WDFVERIFY(KeGetCurrentIrql() == PASSIVE_LEVEL)
#define IS_AT_PASSIVE() WDFVERIFY(KeGetCurrentIrql() == PASSIVE_LEVEL)
#define WDFCASSERT(Condition) C_ASSERT(Condition)

R3_END

#endif
#endif
