// The elementary types, with the sizes of 64-bit Windows on either side.
#ifndef R3_NTDEF_BASIC_H
#define R3_NTDEF_BASIC_H

#include "../r3host.h"

#include <stddef.h>
#include <stdint.h>

#ifdef R3_HOST
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef uint32_t DWORD;
typedef int64_t LONGLONG, LONG64, INT64, INT_PTR, LONG_PTR, SSIZE_T;
typedef uint64_t ULONGLONG, ULONG64, UINT64, DWORD64, DWORDLONG, UINT_PTR, ULONG_PTR, SIZE_T;
typedef uint64_t DWORD_PTR;
typedef uint16_t WCHAR;
#else
typedef long LONG;
typedef unsigned long ULONG;
typedef unsigned long DWORD;
typedef __int64 LONGLONG, LONG64, INT64, INT_PTR, LONG_PTR;
typedef unsigned __int64 ULONGLONG, ULONG64, UINT64, DWORD64, DWORDLONG, UINT_PTR, ULONG_PTR;
typedef ULONG_PTR SIZE_T, DWORD_PTR;
typedef LONG_PTR SSIZE_T;
typedef wchar_t WCHAR;
#endif

#ifndef VOID
#define VOID void
#endif
#ifndef CONST
#define CONST const
#endif

typedef char CHAR, CCHAR;
typedef signed char INT8;
typedef short SHORT, CSHORT, INT16;
typedef int INT, INT32, LONG32;
typedef unsigned char UCHAR, BYTE, BOOLEAN, UINT8;
typedef unsigned short USHORT, WORD, UINT16;
typedef unsigned int UINT, UINT32, ULONG32, DWORD32;
typedef float FLOAT;
typedef double DOUBLE;
typedef int BOOL;

typedef void *PVOID, *HANDLE, *LPVOID;
typedef void *PVOID64;
typedef const void *PCVOID, *LPCVOID;
typedef HANDLE *PHANDLE;
typedef CHAR *PCHAR, *PSTR, *LPSTR, *PNZCH, *PCCHAR;
typedef const CHAR *PCSTR, *LPCSTR, *LPCCH, *PCSZ, *PCCH, *PCNZCH;
typedef char *PSZ;
typedef WCHAR *PWCHAR, *PWSTR, *LPWSTR, *PWCH, *NWPSTR, *PZZWSTR;
typedef const WCHAR *PCWSTR, *LPCWSTR, *PCWCH, *LPCWCH, *PCZZWSTR;
#ifndef R3_HOST
#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
typedef WCHAR TCHAR, *PTCHAR;
#endif
typedef PWSTR LPTCH, PTCH, PTSTR, LPTSTR;
typedef PCWSTR LPCTCH, PCTCH, PCTSTR, LPCTSTR;
#endif
typedef UCHAR *PUCHAR, *PBYTE, *PBOOLEAN, *LPBYTE, *PUINT8;
typedef const UCHAR *PCUCHAR;
typedef SHORT *PSHORT, *PINT16;
typedef USHORT *PUSHORT, *PWORD, *PUINT16;
typedef INT *PINT, *PINT32;
typedef UINT *PUINT, *PUINT32;
typedef BOOL *PBOOL;
typedef LONG *PLONG;
typedef ULONG *PULONG, *PDWORD, *LPDWORD;
typedef LONGLONG *PLONGLONG, *PLONG64, *PINT64;
typedef ULONGLONG *PULONGLONG, *PULONG64, *PUINT64, *PDWORD64;
typedef ULONG_PTR *PULONG_PTR, *PUINT_PTR, *PDWORD_PTR;
typedef LONG_PTR *PLONG_PTR, *PINT_PTR;
typedef SIZE_T *PSIZE_T;
typedef SSIZE_T *PSSIZE_T;

typedef UCHAR FCHAR;
typedef ULONG CLONG, *PCLONG;
typedef USHORT FSHORT;
typedef ULONG FLONG;
typedef LONG HRESULT;
typedef LONG NTSTATUS;
typedef NTSTATUS *PNTSTATUS;
typedef ULONG LCID, *PLCID;
typedef USHORT LANGID;
typedef ULONG LOGICAL, *PLOGICAL;
typedef ULONGLONG REGHANDLE, *PREGHANDLE;
typedef USHORT RTL_ATOM, *PRTL_ATOM;
typedef ULONG ACCESS_MASK, *PACCESS_MASK;
typedef ULONG_PTR KAFFINITY, *PKAFFINITY;
typedef LONG KPRIORITY;
typedef UCHAR KIRQL, *PKIRQL;
typedef CHAR KPROCESSOR_MODE;
typedef ULONG_PTR KSPIN_LOCK, *PKSPIN_LOCK;
typedef ULONG_PTR PFN_NUMBER, *PPFN_NUMBER;
typedef LONG_PTR SPFN_NUMBER, *PSPFN_NUMBER;

#ifdef R3_HOST
static const BOOLEAN FALSE = 0;  // Swift does not import macros of these names
static const BOOLEAN TRUE = 1;
#else
#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif
#endif
#define ANYSIZE_ARRAY 1
#define MAXLONG 0x7fffffff
#define MAXULONG 0xffffffff
#define MAXUSHORT 0xffff
#define MAXUCHAR 0xff
#define MEMORY_ALLOCATION_ALIGNMENT 16
#define SYSTEM_CACHE_ALIGNMENT_SIZE 64

typedef union _LARGE_INTEGER {
  struct {
    ULONG LowPart;
    LONG HighPart;
  };
  struct {
    ULONG LowPart;
    LONG HighPart;
  } u;
  LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
  struct {
    ULONG LowPart;
    ULONG HighPart;
  };
  struct {
    ULONG LowPart;
    ULONG HighPart;
  } u;
  ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

typedef struct _LUID {
  ULONG LowPart;
  LONG HighPart;
} LUID, *PLUID;

typedef struct R3_ALIGN(16) _M128A {
  ULONGLONG Low;
  LONGLONG High;
} M128A, *PM128A;

typedef struct _PROCESSOR_NUMBER {
  USHORT Group;
  UCHAR Number;
  UCHAR Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;

typedef struct _GROUP_AFFINITY {
  KAFFINITY Mask;
  USHORT Group;
  USHORT Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;

#endif
