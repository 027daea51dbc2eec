// Atomic operations, barriers and reads without tearing: instructions, not calls.
#ifndef R3_WDM_API_INTERLOCKED_H
#define R3_WDM_API_INTERLOCKED_H

#include "base.h"
#ifndef R3_HOST

R3_BEGIN

// MARK: Interlocked

#define InterlockedIncrement _InterlockedIncrement
#define InterlockedDecrement _InterlockedDecrement
#define InterlockedExchange _InterlockedExchange
#define InterlockedExchangeAdd _InterlockedExchangeAdd
#define InterlockedCompareExchange _InterlockedCompareExchange
#define InterlockedAnd _InterlockedAnd
#define InterlockedOr _InterlockedOr
#define InterlockedXor _InterlockedXor
#define InterlockedIncrement16 _InterlockedIncrement16
#define InterlockedDecrement16 _InterlockedDecrement16
#define InterlockedExchange16 _InterlockedExchange16
#define InterlockedCompareExchange16 _InterlockedCompareExchange16
#define InterlockedAnd16 _InterlockedAnd16
#define InterlockedOr16 _InterlockedOr16
#define InterlockedXor16 _InterlockedXor16
#define InterlockedExchange8 _InterlockedExchange8
#define InterlockedAnd8 _InterlockedAnd8
#define InterlockedOr8 _InterlockedOr8
#define InterlockedXor8 _InterlockedXor8
#define InterlockedIncrement64 _InterlockedIncrement64
#define InterlockedDecrement64 _InterlockedDecrement64
#define InterlockedExchange64 _InterlockedExchange64
#define InterlockedExchangeAdd64 _InterlockedExchangeAdd64
#define InterlockedCompareExchange64 _InterlockedCompareExchange64
#define InterlockedCompareExchange128 _InterlockedCompareExchange128
#define InterlockedAnd64 _InterlockedAnd64
#define InterlockedOr64 _InterlockedOr64
#define InterlockedXor64 _InterlockedXor64
#define InterlockedExchangePointer _InterlockedExchangePointer
#define InterlockedCompareExchangePointer _InterlockedCompareExchangePointer
#define InterlockedBitTestAndSet _interlockedbittestandset
#define InterlockedBitTestAndReset _interlockedbittestandreset
#define InterlockedBitTestAndSet64 _interlockedbittestandset64
#define InterlockedBitTestAndReset64 _interlockedbittestandreset64

// On this processor every locked instruction is a full barrier.
#define InterlockedIncrementAcquire _InterlockedIncrement
#define InterlockedIncrementRelease _InterlockedIncrement
#define InterlockedIncrementNoFence _InterlockedIncrement
#define InterlockedIncrementAcquire64 _InterlockedIncrement64
#define InterlockedIncrementNoFence64 _InterlockedIncrement64
#define InterlockedDecrementAcquire _InterlockedDecrement
#define InterlockedDecrementRelease _InterlockedDecrement
#define InterlockedDecrementNoFence _InterlockedDecrement
#define InterlockedDecrementRelease64 _InterlockedDecrement64
#define InterlockedDecrementNoFence64 _InterlockedDecrement64
#define InterlockedExchangeAcquire _InterlockedExchange
#define InterlockedExchangeNoFence _InterlockedExchange
#define InterlockedExchangeAcquire64 _InterlockedExchange64
#define InterlockedExchangeNoFence64 _InterlockedExchange64
#define InterlockedExchangePointerAcquire _InterlockedExchangePointer
#define InterlockedExchangePointerNoFence _InterlockedExchangePointer
#define InterlockedCompareExchangeAcquire _InterlockedCompareExchange
#define InterlockedCompareExchangeRelease _InterlockedCompareExchange
#define InterlockedCompareExchangeNoFence _InterlockedCompareExchange
#define InterlockedCompareExchangeAcquire64 _InterlockedCompareExchange64
#define InterlockedCompareExchangeRelease64 _InterlockedCompareExchange64
#define InterlockedCompareExchangeNoFence64 _InterlockedCompareExchange64
#define InterlockedCompareExchangePointerAcquire _InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerRelease _InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerNoFence _InterlockedCompareExchangePointer
#define InterlockedAndAcquire _InterlockedAnd
#define InterlockedAndRelease _InterlockedAnd
#define InterlockedAndNoFence _InterlockedAnd
#define InterlockedOrAcquire _InterlockedOr
#define InterlockedOrRelease _InterlockedOr
#define InterlockedOrNoFence _InterlockedOr
#define InterlockedAddNoFence InterlockedAdd
#define InterlockedAddAcquire InterlockedAdd
#define InterlockedAddRelease InterlockedAdd
#define InterlockedAddNoFence64 InterlockedAdd64
#define InterlockedAddAcquire64 InterlockedAdd64
#define InterlockedAddRelease64 InterlockedAdd64
#define InterlockedExchangeAddNoFence _InterlockedExchangeAdd
#define InterlockedExchangeAddAcquire _InterlockedExchangeAdd
#define InterlockedExchangeAddRelease _InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence64 _InterlockedExchangeAdd64

FORCEINLINE LONG InterlockedAdd(LONG volatile *target, LONG value) {
  return _InterlockedExchangeAdd(target, value) + value;
}
FORCEINLINE LONG64 InterlockedAdd64(LONG64 volatile *target, LONG64 value) {
  return _InterlockedExchangeAdd64(target, value) + value;
}
FORCEINLINE SIZE_T InterlockedExchangeAddSizeT(SIZE_T volatile *target, SIZE_T value) {
  return (SIZE_T)_InterlockedExchangeAdd64((LONG64 volatile *)target, (LONG64)value);
}
#define InterlockedAddSizeT(Target, Value) \
  (InterlockedExchangeAddSizeT((Target), (Value)) + (Value))
#define InterlockedIncrementSizeT(Target) \
  ((SIZE_T)_InterlockedIncrement64((LONG64 volatile *)(Target)))
#define InterlockedDecrementSizeT(Target) \
  ((SIZE_T)_InterlockedDecrement64((LONG64 volatile *)(Target)))
#define InterlockedIncrementULongPtr(Target) \
  ((ULONG_PTR)_InterlockedIncrement64((LONG64 volatile *)(Target)))
#define InterlockedDecrementULongPtr(Target) \
  ((ULONG_PTR)_InterlockedDecrement64((LONG64 volatile *)(Target)))

// MARK: Bits

#define BitScanForward _BitScanForward
#define BitScanReverse _BitScanReverse
#define BitScanForward64 _BitScanForward64
#define BitScanReverse64 _BitScanReverse64
#define BitTest _bittest
#define BitTestAndSet _bittestandset
#define BitTestAndReset _bittestandreset
#define BitTest64 _bittest64
#define PopulationCount64(Value) __builtin_popcountll(Value)
#define MultiplyHigh __mulh
#define UnsignedMultiplyHigh __umulh
#define Multiply128 _mul128
#define UnsignedMultiply128 _umul128
#define ShiftLeft128 __shiftleft128
#define ShiftRight128 __shiftright128

// MARK: Barriers

#define MemoryBarrier __faststorefence
#define FastFence __faststorefence
#define LoadFence __builtin_ia32_lfence
#define MemoryFence __builtin_ia32_mfence
#define StoreFence __builtin_ia32_sfence
#define YieldProcessor __builtin_ia32_pause
#define KeMemoryBarrier() __faststorefence()
#define KeMemoryBarrierWithoutFence() _ReadWriteBarrier()
#define ReadTimeStampCounter() __rdtsc()
#define PreFetchCacheLine(Level, Address) __builtin_prefetch(Address)
#define PrefetchForWrite(Address) __builtin_prefetch((Address), 1)
#define DbgRaiseAssertionFailure() __int2c()

// MARK: Reads and writes in one piece

#define R3_ATOMIC_ACCESS(Prefix, Suffix, Type)                                               \
  FORCEINLINE Type Read##Prefix##NoFence##Suffix(const volatile Type *source) {                \
    return __atomic_load_n(source, __ATOMIC_RELAXED);                                \
  }                                                                                  \
  FORCEINLINE Type Read##Prefix##Acquire##Suffix(const volatile Type *source) {                \
    return __atomic_load_n(source, __ATOMIC_ACQUIRE);                                \
  }                                                                                  \
  FORCEINLINE Type Read##Prefix##Raw##Suffix(const volatile Type *source) {                    \
    return __atomic_load_n(source, __ATOMIC_RELAXED);                                \
  }                                                                                  \
  FORCEINLINE void Write##Prefix##NoFence##Suffix(volatile Type *target, Type value) {         \
    __atomic_store_n(target, value, __ATOMIC_RELAXED);                               \
  }                                                                                  \
  FORCEINLINE void Write##Prefix##Release##Suffix(volatile Type *target, Type value) {         \
    __atomic_store_n(target, value, __ATOMIC_RELEASE);                               \
  }                                                                                  \
  FORCEINLINE void Write##Prefix##Raw##Suffix(volatile Type *target, Type value) {             \
    __atomic_store_n(target, value, __ATOMIC_RELAXED);                               \
  }

R3_ATOMIC_ACCESS(, , LONG)
R3_ATOMIC_ACCESS(, 8, CHAR)
R3_ATOMIC_ACCESS(, 16, SHORT)
R3_ATOMIC_ACCESS(, 64, LONG64)
R3_ATOMIC_ACCESS(UChar, , UCHAR)
R3_ATOMIC_ACCESS(UShort, , USHORT)
R3_ATOMIC_ACCESS(ULong, , ULONG)
R3_ATOMIC_ACCESS(ULong, 64, ULONG64)
R3_ATOMIC_ACCESS(Boolean, , BOOLEAN)
R3_ATOMIC_ACCESS(UInt32, , UINT32)
R3_ATOMIC_ACCESS(Pointer, , PVOID)
#undef R3_ATOMIC_ACCESS

R3_END

#endif
#endif
