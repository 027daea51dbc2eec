// Macros of the language that drivers are written in. Nothing here is for the host.
#ifndef R3_NTDEF_MACROS_H
#define R3_NTDEF_MACROS_H

#include "basic.h"
#ifndef R3_HOST

#include "../driverspecs.h"
#include "../sdkddkver.h"

#define _NTDEF_

// MARK: Declarations

#define NTAPI __stdcall
#define FASTCALL __fastcall
#define STDAPICALLTYPE __stdcall
#define NTAPI_INLINE NTAPI
#define CDECL __cdecl
#define DECLSPEC_IMPORT __declspec(dllimport)
#define DECLSPEC_EXPORT __declspec(dllexport)
#define DECLSPEC_NORETURN __declspec(noreturn)
#define DECLSPEC_NOINLINE __declspec(noinline)
#define DECLSPEC_NOVTABLE __declspec(novtable)
#define DECLSPEC_NOTHROW __declspec(nothrow)
#define DECLSPEC_ALIGN(Bytes) __declspec(align(Bytes))
#define DECLSPEC_CACHEALIGN DECLSPEC_ALIGN(64)
#define DECLSPEC_ADDRSAFE
#define DECLSPEC_RESTRICT
#define DECLSPEC_GUARDNOCF
#define DECLSPEC_GUARD_SUPPRESS
#define DECLSPEC_DEPRECATED __declspec(deprecated)
#define DECLSPEC_DEPRECATED_DDK
#define DECLSPEC_DEPRECATED_DDK_WINXP
#define DECLSPEC_XFGVIRT(Base, Name)
#ifndef DECLSPEC_SELECTANY
#define DECLSPEC_SELECTANY __declspec(selectany)
#endif
#define DECLSPEC_UUID(Text) __declspec(uuid(Text))
#define POINTER_ALIGNMENT DECLSPEC_ALIGN(8)
#define MAX_NATURAL_ALIGNMENT sizeof(ULONGLONG)

#define NTSYSAPI DECLSPEC_IMPORT
#define NTSYSCALLAPI DECLSPEC_IMPORT
#define NTKERNELAPI DECLSPEC_IMPORT
#define NTHALAPI DECLSPEC_IMPORT

#ifdef __cplusplus
#define EXTERN_C_START extern "C" {
#define EXTERN_C_END }
#else
#define EXTERN_C_START
#define EXTERN_C_END
#endif

#define FORCEINLINE __forceinline
#define CFORCEINLINE FORCEINLINE
#define STKALIGN
#define NOTHING
#define CRITICAL
#define IN
#define OUT
#define OPTIONAL
#define UNALIGNED __unaligned
#define UNALIGNED64 __unaligned
#define RESTRICTED_POINTER __restrict
#define POINTER_32 __ptr32
#define POINTER_64 __ptr64
#define POINTER_SIGNED __sptr
#define POINTER_UNSIGNED __uptr
#define FIRMWARE_PTR
#define STDMETHODCALLTYPE __stdcall
#define NULL64 ((void *)0)

// MARK: Sizes and places

#ifndef NULL
#ifdef __cplusplus
#define NULL 0
#else
#define NULL ((void *)0)
#endif
#endif

#define FIELD_OFFSET(Type, Field) ((LONG)__builtin_offsetof(Type, Field))
#define UFIELD_OFFSET(Type, Field) ((ULONG)__builtin_offsetof(Type, Field))
#define CONTAINING_RECORD(Address, Type, Field) \
  ((Type *)((PCHAR)(Address) - (ULONG_PTR)__builtin_offsetof(Type, Field)))
#define TYPE_ALIGNMENT(Type) __alignof(Type)
#define PROBE_ALIGNMENT(Type) __alignof(Type)

#define RTL_FIELD_TYPE(Type, Field) (((Type *)0)->Field)
#define RTL_FIELD_SIZE(Type, Field) (sizeof(((Type *)0)->Field))
#define RTL_SIZEOF_THROUGH_FIELD(Type, Field) \
  (__builtin_offsetof(Type, Field) + RTL_FIELD_SIZE(Type, Field))
#define RTL_CONTAINS_FIELD(Struct, Size, Field) \
  ((((PCHAR)(&(Struct)->Field)) + sizeof((Struct)->Field)) <= (((PCHAR)(Struct)) + (Size)))
#define RTL_NUMBER_OF_V1(Array) (sizeof(Array) / sizeof((Array)[0]))
#define RTL_NUMBER_OF_FIELD(Type, Field) (RTL_NUMBER_OF(RTL_FIELD_TYPE(Type, Field)))
#define RTL_PADDING_BETWEEN_FIELDS(Type, First, Second) \
  (FIELD_OFFSET(Type, Second) - FIELD_OFFSET(Type, First) - RTL_FIELD_SIZE(Type, First))
#define RTL_BITS_OF(Thing) (sizeof(Thing) * 8)
#define RTL_BITS_OF_FIELD(Type, Field) (RTL_BITS_OF(RTL_FIELD_TYPE(Type, Field)))
#define RTL_CONST_CAST(Type) (Type)
#ifdef __cplusplus
extern "C++" template <typename Element, size_t Count>
char (*R3NumberOf(Element (&)[Count]))[Count];
#define RTL_NUMBER_OF_V2(Array) (sizeof(*R3NumberOf(Array)))
#else
#define RTL_NUMBER_OF_V2(Array) RTL_NUMBER_OF_V1(Array)
#endif
#define RTL_NUMBER_OF(Array) RTL_NUMBER_OF_V1(Array)
#define ARRAYSIZE(Array) RTL_NUMBER_OF_V2(Array)
#define _ARRAYSIZE(Array) RTL_NUMBER_OF_V1(Array)

#define ALIGN_DOWN_BY(Length, Alignment) ((ULONG_PTR)(Length) & ~((ULONG_PTR)(Alignment) - 1))
#define ALIGN_UP_BY(Length, Alignment) \
  (ALIGN_DOWN_BY(((ULONG_PTR)(Length) + (Alignment) - 1), Alignment))
#define ALIGN_DOWN_POINTER_BY(Address, Alignment) ((PVOID)ALIGN_DOWN_BY(Address, Alignment))
#define ALIGN_UP_POINTER_BY(Address, Alignment) ((PVOID)ALIGN_UP_BY(Address, Alignment))
#define ALIGN_DOWN(Length, Type) ALIGN_DOWN_BY(Length, sizeof(Type))
#define ALIGN_UP(Length, Type) ALIGN_UP_BY(Length, sizeof(Type))
#define ALIGN_DOWN_POINTER(Address, Type) ALIGN_DOWN_POINTER_BY(Address, sizeof(Type))
#define ALIGN_UP_POINTER(Address, Type) ALIGN_UP_POINTER_BY(Address, sizeof(Type))

#define C_ASSERT(Condition) R3_STATIC_ASSERT(Condition)
#define STATIC_ASSERT(Condition) R3_STATIC_ASSERT(Condition)

// MARK: Values

#define NT_SUCCESS(Status) (((NTSTATUS)(Status)) >= 0)
#define NT_INFORMATION(Status) ((((ULONG)(Status)) >> 30) == 1)
#define NT_WARNING(Status) ((((ULONG)(Status)) >> 30) == 2)
#define NT_ERROR(Status) ((((ULONG)(Status)) >> 30) == 3)
#define NT_FACILITY(Status) ((((ULONG)(Status)) >> 16) & 0xFFF)
#define APPLICATION_ERROR_MASK 0x20000000
#define ERROR_SEVERITY_SUCCESS 0x00000000
#define ERROR_SEVERITY_INFORMATIONAL 0x40000000
#define ERROR_SEVERITY_WARNING 0x80000000
#define ERROR_SEVERITY_ERROR 0xC0000000

#ifndef NOMINMAX
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#endif

#define MINCHAR 0x80
#define MAXCHAR 0x7f
#define MINSHORT 0x8000
#define MAXSHORT 0x7fff
#define MINLONG 0x80000000
#define MAXBYTE 0xff
#define MAXWORD 0xffff
#define MAXDWORD 0xffffffff
#define MINLONGLONG ((LONGLONG)0x8000000000000000LL)
#define MAXLONGLONG ((LONGLONG)0x7fffffffffffffffLL)
#define MAXULONGLONG ((ULONGLONG)~((ULONGLONG)0))
#define MAXULONG64 ((ULONG64)~((ULONG64)0))
#define MAXULONG32 ((ULONG32)~((ULONG32)0))
#define MAXLONG64 ((LONG64)(MAXULONG64 >> 1))
#define MINLONG64 ((LONG64)~MAXLONG64)
#define MAXLONG32 ((LONG32)0x7fffffff)
#define MAXUINT8 ((UINT8)~((UINT8)0))
#define MAXUINT16 ((UINT16)~((UINT16)0))
#define MAXUINT32 ((UINT32)~((UINT32)0))
#define MAXUINT64 ((UINT64)~((UINT64)0))
#define MAXINT64 ((INT64)(MAXUINT64 >> 1))
#define MAXUINT ((UINT)~((UINT)0))
#define MAXUINT_PTR (~((UINT_PTR)0))
#define MAXULONG_PTR (~((ULONG_PTR)0))
#define MAXLONG_PTR ((LONG_PTR)(MAXULONG_PTR >> 1))
#define MAXSIZE_T (~((SIZE_T)0))
#define MAXSSIZE_T ((SSIZE_T)(MAXSIZE_T >> 1))

#define Int32x32To64(a, b) (((LONGLONG)((LONG)(a))) * ((LONGLONG)((LONG)(b))))
#define UInt32x32To64(a, b) (((ULONGLONG)((ULONG)(a))) * ((ULONGLONG)((ULONG)(b))))
#define Int64ShllMod32(a, b) ((ULONGLONG)(a) << (b))
#define Int64ShraMod32(a, b) ((LONGLONG)(a) >> (b))
#define Int64ShrlMod32(a, b) ((ULONGLONG)(a) >> (b))

#define PtrToUlong(p) ((ULONG)(ULONG_PTR)(p))
#define PtrToLong(p) ((LONG)(LONG_PTR)(p))
#define PtrToUint(p) ((UINT)(UINT_PTR)(p))
#define PtrToInt(p) ((INT)(INT_PTR)(p))
#define PtrToUshort(p) ((USHORT)(ULONG_PTR)(p))
#define PtrToUlong64(p) ((ULONG64)(ULONG_PTR)(p))
#define PtrToUint64(p) ((UINT64)(UINT_PTR)(p))
#define UlongToPtr(n) ((PVOID)(ULONG_PTR)((ULONG)(n)))
#define LongToPtr(n) ((PVOID)(LONG_PTR)((LONG)(n)))
#define UintToPtr(n) ((PVOID)(UINT_PTR)((UINT)(n)))
#define IntToPtr(n) ((PVOID)(INT_PTR)((INT)(n)))
#define ULongToPtr UlongToPtr
#define PtrToULong PtrToUlong
#define HandleToUlong(h) ((ULONG)(ULONG_PTR)(h))
#define HandleToULong HandleToUlong
#define HandleToLong(h) ((LONG)(LONG_PTR)(h))
#define HandleToHandle32(h) ((UINT)(UINT_PTR)(h))
#define UlongToHandle(n) ((HANDLE)(ULONG_PTR)((ULONG)(n)))
#define ULongToHandle UlongToHandle
#define LongToHandle(n) ((HANDLE)(LONG_PTR)((LONG)(n)))
#define Ptr64ToPtr(p) ((void *)(p))
#define PtrToPtr64(p) ((void *)(p))
#define Handle64ToHandle(h) ((HANDLE)(h))
#define HandleToHandle64(h) ((HANDLE)(h))

#define MAKEWORD(a, b) ((WORD)(((BYTE)(a)) | ((WORD)((BYTE)(b))) << 8))
#define MAKELONG(a, b) ((LONG)(((WORD)(a)) | ((DWORD)((WORD)(b))) << 16))
#define LOWORD(n) ((WORD)((ULONG_PTR)(n) & 0xffff))
#define HIWORD(n) ((WORD)(((ULONG_PTR)(n) >> 16) & 0xffff))
#define LOBYTE(n) ((BYTE)((ULONG_PTR)(n) & 0xff))
#define HIBYTE(n) ((BYTE)(((ULONG_PTR)(n) >> 8) & 0xff))

#define ARGUMENT_PRESENT(Argument) ((CHAR *)((ULONG_PTR)(Argument)) != (CHAR *)NULL)
#define UNREFERENCED_PARAMETER(Parameter) ((void)(Parameter))
#define DBG_UNREFERENCED_PARAMETER(Parameter) ((void)(Parameter))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(Variable) ((void)(Variable))
#define UNREFERENCED_LOCAL_VARIABLE(Variable) ((void)(Variable))
#define DECLARE_HANDLE(Name) \
  struct Name##__ {          \
    int unused;              \
  };                         \
  typedef struct Name##__ *Name
#define ROUND_TO_SIZE(Length, Alignment) \
  ((((ULONG_PTR)(Length)) + ((Alignment) - 1)) & ~(ULONG_PTR)((Alignment) - 1))
#define FIELD_SIZE(Type, Field) (sizeof(((Type *)0)->Field))
#define DEFAULT_UNREACHABLE default: __builtin_unreachable()

#ifndef TEXT
#define __TEXT(Quote) L##Quote
#define TEXT(Quote) __TEXT(Quote)
#endif

// MARK: Enumerations as sets of flags

#ifdef __cplusplus
#define DEFINE_ENUM_FLAG_OPERATORS(Type)                                                      \
  extern "C++" {                                                                              \
  inline constexpr Type operator|(Type a, Type b) { return Type((int)a | (int)b); }           \
  inline constexpr Type operator&(Type a, Type b) { return Type((int)a & (int)b); }           \
  inline constexpr Type operator^(Type a, Type b) { return Type((int)a ^ (int)b); }           \
  inline constexpr Type operator~(Type a) { return Type(~(int)a); }                           \
  inline Type &operator|=(Type &a, Type b) { return a = a | b; }                              \
  inline Type &operator&=(Type &a, Type b) { return a = a & b; }                              \
  inline Type &operator^=(Type &a, Type b) { return a = a ^ b; }                              \
  }
#else
#define DEFINE_ENUM_FLAG_OPERATORS(Type)
#endif

// MARK: Language and machine

#define MAKELANGID(Primary, Sub) ((((USHORT)(Sub)) << 10) | (USHORT)(Primary))
#define MAKELCID(Language, Sort) ((ULONG)((((ULONG)((USHORT)(Sort))) << 16) | ((USHORT)(Language))))
#define LANG_NEUTRAL 0x00
#define LANG_ENGLISH 0x09
#define SUBLANG_DEFAULT 0x01
#define SORT_DEFAULT 0x0

#define FAST_FAIL_LEGACY_GS_VIOLATION 0
#define FAST_FAIL_VTGUARD_CHECK_FAILURE 1
#define FAST_FAIL_STACK_COOKIE_CHECK_FAILURE 2
#define FAST_FAIL_CORRUPT_LIST_ENTRY 3
#define FAST_FAIL_INCORRECT_STACK 4
#define FAST_FAIL_INVALID_ARG 5
#define FAST_FAIL_GS_COOKIE_INIT 6
#define FAST_FAIL_FATAL_APP_EXIT 7
#define FAST_FAIL_RANGE_CHECK_FAILURE 8
#define FAST_FAIL_UNSAFE_REGISTRY_ACCESS 9
#define FAST_FAIL_INVALID_REFERENCE_COUNT 14

#endif
#endif
