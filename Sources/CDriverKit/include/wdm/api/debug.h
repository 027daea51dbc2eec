// Output and checks for the people who debug a driver.
#ifndef R3_WDM_API_DEBUG_H
#define R3_WDM_API_DEBUG_H

#include "interlocked.h"
#ifndef R3_HOST

R3_BEGIN

NTSYSAPI ULONG __cdecl DbgPrint(PCSTR format, ...);
NTSYSAPI ULONG __cdecl DbgPrintEx(ULONG component, ULONG level, PCSTR format, ...);
NTSYSAPI ULONG __cdecl DbgPrintReturnControlC(PCSTR format, ...);
NTSYSAPI ULONG NTAPI vDbgPrintEx(ULONG component, ULONG level, PCCH format, va_list arguments);
NTSYSAPI ULONG NTAPI vDbgPrintExWithPrefix(PCCH prefix, ULONG component, ULONG level, PCCH format,
                                           va_list arguments);
NTSYSAPI NTSTATUS NTAPI DbgQueryDebugFilterState(ULONG component, ULONG level);
NTSYSAPI NTSTATUS NTAPI DbgSetDebugFilterState(ULONG component, ULONG level, BOOLEAN state);
NTSYSAPI void NTAPI DbgBreakPoint(void);
NTSYSAPI void NTAPI DbgBreakPointWithStatus(ULONG status);
NTSYSAPI void NTAPI RtlAssert(PVOID assertion, PVOID file, ULONG line, PSTR message);
NTKERNELAPI BOOLEAN NTAPI KdRefreshDebuggerNotPresent(void);
NTKERNELAPI NTSTATUS NTAPI KdDisableDebugger(void);
NTKERNELAPI NTSTATUS NTAPI KdEnableDebugger(void);
extern PBOOLEAN KdDebuggerNotPresent;
extern PBOOLEAN KdDebuggerEnabled;
#define KD_DEBUGGER_ENABLED (*KdDebuggerEnabled)
#define KD_DEBUGGER_NOT_PRESENT (*KdDebuggerNotPresent)

#define DPFLTR_ERROR_LEVEL 0
#define DPFLTR_WARNING_LEVEL 1
#define DPFLTR_TRACE_LEVEL 2
#define DPFLTR_INFO_LEVEL 3
#define DPFLTR_MASK 0x80000000

typedef enum _DPFLTR_TYPE {
  DPFLTR_SYSTEM_ID = 0,
  DPFLTR_SMSS_ID = 1,
  DPFLTR_SETUP_ID = 2,
  DPFLTR_NTFS_ID = 3,
  DPFLTR_FSTUB_ID = 4,
  DPFLTR_CRASHDUMP_ID = 5,
  DPFLTR_CDAUDIO_ID = 6,
  DPFLTR_CDROM_ID = 7,
  DPFLTR_CLASSPNP_ID = 8,
  DPFLTR_DISK_ID = 9,
  DPFLTR_REDBOOK_ID = 10,
  DPFLTR_STORPROP_ID = 11,
  DPFLTR_SCSIPORT_ID = 12,
  DPFLTR_SCSIMINIPORT_ID = 13,
  DPFLTR_CONFIG_ID = 14,
  DPFLTR_I8042PRT_ID = 15,
  DPFLTR_SERMOUSE_ID = 16,
  DPFLTR_LSERMOUS_ID = 17,
  DPFLTR_KBDHID_ID = 18,
  DPFLTR_MOUHID_ID = 19,
  DPFLTR_KBDCLASS_ID = 20,
  DPFLTR_MOUCLASS_ID = 21,
  DPFLTR_FASTFAT_ID = 33,
  DPFLTR_IHVDRIVER_ID = 77,
  DPFLTR_IHVVIDEO_ID = 78,
  DPFLTR_IHVAUDIO_ID = 79,
  DPFLTR_IHVNETWORK_ID = 80,
  DPFLTR_IHVSTREAMING_ID = 81,
  DPFLTR_IHVBUS_ID = 82,
  DPFLTR_DEFAULT_ID = 101,
  DPFLTR_WDM_ID = 102
} DPFLTR_TYPE;

#if DBG
#define KdPrint(Arguments) DbgPrint Arguments
#define KdPrintEx(Arguments) DbgPrintEx Arguments
#define vKdPrintEx(Arguments) vDbgPrintEx Arguments
#define KdBreakPoint() DbgBreakPoint()
#define KdBreakPointWithStatus(Status) DbgBreakPointWithStatus(Status)
#define ASSERT(Condition) \
  ((!(Condition)) ? (RtlAssert((PVOID) #Condition, (PVOID)__FILE__, __LINE__, NULL), FALSE) : TRUE)
#define ASSERTMSG(Message, Condition)                                                    \
  ((!(Condition))                                                                        \
       ? (RtlAssert((PVOID) #Condition, (PVOID)__FILE__, __LINE__, (PCHAR)Message), FALSE) \
       : TRUE)
#define RTL_VERIFY(Condition) ASSERT(Condition)
#define RTL_VERIFYMSG(Message, Condition) ASSERTMSG(Message, Condition)
#define RTL_SOFT_ASSERT(Condition) \
  ((!(Condition))                  \
       ? (DbgPrint("%s(%d): Soft assertion failed\n   Expression: %s\n", __FILE__, __LINE__, \
                   #Condition),                                                              \
          FALSE)                                                                             \
       : TRUE)
#define NT_ASSERT(Condition) ((!(Condition)) ? (DbgRaiseAssertionFailure(), FALSE) : TRUE)
#define NT_ASSERTMSG(Message, Condition) \
  ((!(Condition)) ? (DbgRaiseAssertionFailure(), FALSE) : TRUE)
#define NT_VERIFY(Condition) NT_ASSERT(Condition)
#define NT_VERIFYMSG(Message, Condition) NT_ASSERTMSG(Message, Condition)
#define PAGED_ASSERT(Condition) ASSERT(Condition)
#else
#define KdPrint(Arguments)
#define KdPrintEx(Arguments)
#define vKdPrintEx(Arguments)
#define KdBreakPoint()
#define KdBreakPointWithStatus(Status)
#define ASSERT(Condition) ((void)0)
#define ASSERTMSG(Message, Condition) ((void)0)
#define RTL_VERIFY(Condition) ((Condition) ? TRUE : FALSE)
#define RTL_VERIFYMSG(Message, Condition) ((Condition) ? TRUE : FALSE)
#define RTL_SOFT_ASSERT(Condition) ((void)0)
#define NT_ASSERT(Condition) ((void)0)
#define NT_ASSERTMSG(Message, Condition) ((void)0)
#define NT_VERIFY(Condition) ((Condition) ? TRUE : FALSE)
#define NT_VERIFYMSG(Message, Condition) ((Condition) ? TRUE : FALSE)
#define PAGED_ASSERT(Condition) ((void)0)
#endif
#define NT_ASSERT_ACTION(Condition) NT_ASSERT(Condition)
#define NT_ASSERT_ASSUME(Condition) NT_ASSERT(Condition)
#define NT_FRE_ASSERT(Condition) ((!(Condition)) ? (DbgRaiseAssertionFailure(), FALSE) : TRUE)
#define NT_FRE_ASSERTMSG(Message, Condition) NT_FRE_ASSERT(Condition)
#define NT_ANALYSIS_ASSUME(Condition) ((void)0)
#define RTL_SOFT_VERIFY(Condition) RTL_VERIFY(Condition)

// MARK: The right level

NTHALAPI KIRQL NTAPI KeGetCurrentIrql(void);

#if DBG
#define PAGED_CODE()                                                              \
  {                                                                               \
    if (KeGetCurrentIrql() > 1) {                                                 \
      KdPrint(("PAGED_CODE at IRQL %d (%s:%d)\n", KeGetCurrentIrql(), __FILE__, __LINE__)); \
      PAGED_ASSERT(FALSE);                                                        \
    }                                                                             \
  }
#else
#define PAGED_CODE() ((void)0);
#endif
#define PAGED_CODE_LOCKED() ((void)0)
#define NONPAGED_CODE() ((void)0)

#define NOP_FUNCTION ((void)0)

R3_END

#endif
#endif
