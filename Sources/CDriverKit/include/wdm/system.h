// Processes, error log entries, executive timers, power, properties of devices.
#ifndef R3_WDM_SYSTEM_H
#define R3_WDM_SYSTEM_H

#include "callbacks.h"
#include "device.h"
#include "interrupts.h"
#include "registry.h"

// MARK: Processes and threads

typedef struct _CLIENT_ID {
  HANDLE UniqueProcess;
  HANDLE UniqueThread;
} CLIENT_ID, *PCLIENT_ID;

R3_CODE(void, KSTART_ROUTINE, (PVOID StartContext));

#define PROCESS_TERMINATE 0x0001
#define PROCESS_CREATE_THREAD 0x0002
#define PROCESS_VM_OPERATION 0x0008
#define PROCESS_VM_READ 0x0010
#define PROCESS_VM_WRITE 0x0020
#define PROCESS_DUP_HANDLE 0x0040
#define PROCESS_CREATE_PROCESS 0x0080
#define PROCESS_SET_INFORMATION 0x0200
#define PROCESS_QUERY_INFORMATION 0x0400
#define PROCESS_SUSPEND_RESUME 0x0800
#define PROCESS_QUERY_LIMITED_INFORMATION 0x1000
#define PROCESS_ALL_ACCESS 0x001FFFFF
#define THREAD_TERMINATE 0x0001
#define THREAD_SUSPEND_RESUME 0x0002
#define THREAD_GET_CONTEXT 0x0008
#define THREAD_SET_CONTEXT 0x0010
#define THREAD_SET_INFORMATION 0x0020
#define THREAD_QUERY_INFORMATION 0x0040
#define THREAD_ALERT 0x0004
#define THREAD_ALL_ACCESS 0x001FFFFF
#define EVENT_QUERY_STATE 0x0001
#define EVENT_MODIFY_STATE 0x0002
#define EVENT_ALL_ACCESS 0x001F0003
#define SEMAPHORE_QUERY_STATE 0x0001
#define SEMAPHORE_MODIFY_STATE 0x0002
#define SEMAPHORE_ALL_ACCESS 0x001F0003
#define SECTION_QUERY 0x0001
#define SECTION_MAP_WRITE 0x0002
#define SECTION_MAP_READ 0x0004
#define SECTION_MAP_EXECUTE 0x0008
#define SECTION_EXTEND_SIZE 0x0010
#define SECTION_ALL_ACCESS 0x000F001F
#define DIRECTORY_QUERY 0x0001
#define DIRECTORY_TRAVERSE 0x0002
#define DIRECTORY_CREATE_OBJECT 0x0004
#define DIRECTORY_CREATE_SUBDIRECTORY 0x0008
#define DIRECTORY_ALL_ACCESS 0x000F000F
#define SYMBOLIC_LINK_QUERY 0x0001
#define SYMBOLIC_LINK_ALL_ACCESS 0x000F0001
#define DUPLICATE_CLOSE_SOURCE 0x00000001
#define DUPLICATE_SAME_ACCESS 0x00000002
#define DUPLICATE_SAME_ATTRIBUTES 0x00000004

typedef enum _SECTION_INHERIT { ViewShare = 1, ViewUnmap = 2 } SECTION_INHERIT;

typedef struct _MEMORY_BASIC_INFORMATION {
  PVOID BaseAddress;
  PVOID AllocationBase;
  ULONG AllocationProtect;
  USHORT PartitionId;
  SIZE_T RegionSize;
  ULONG State;
  ULONG Protect;
  ULONG Type;
} MEMORY_BASIC_INFORMATION, *PMEMORY_BASIC_INFORMATION;

typedef enum _MEMORY_INFORMATION_CLASS { MemoryBasicInformation } MEMORY_INFORMATION_CLASS;

typedef struct _KAPC_STATE {
  LIST_ENTRY ApcListHead[2];
  PKPROCESS Process;
  union {
    UCHAR InProgressFlags;
    struct {
      BOOLEAN KernelApcInProgress : 1;
      BOOLEAN SpecialApcInProgress : 1;
    };
  };
  BOOLEAN KernelApcPending;
  union {
    BOOLEAN UserApcPendingAll;
    struct {
      BOOLEAN SpecialUserApcPending : 1;
      BOOLEAN UserApcPending : 1;
    };
  };
} KAPC_STATE, *PKAPC_STATE, *PRKAPC_STATE;

// MARK: Error log

#define ERROR_LOG_MAXIMUM_SIZE 240
#define PORT_MAXIMUM_MESSAGE_LENGTH 512

typedef struct _IO_ERROR_LOG_PACKET {
  UCHAR MajorFunctionCode;
  UCHAR RetryCount;
  USHORT DumpDataSize;
  USHORT NumberOfStrings;
  USHORT StringOffset;
  USHORT EventCategory;
  NTSTATUS ErrorCode;
  ULONG UniqueErrorValue;
  NTSTATUS FinalStatus;
  ULONG SequenceNumber;
  ULONG IoControlCode;
  LARGE_INTEGER DeviceOffset;
  ULONG DumpData[1];
} IO_ERROR_LOG_PACKET, *PIO_ERROR_LOG_PACKET;

// MARK: Executive timers

R3_OPAQUE(EX_TIMER);
R3_CODE(void, EXT_CALLBACK, (PEX_TIMER Timer, PVOID Context));
R3_CODE(void, EXT_DELETE_CALLBACK, (PVOID Context));

#define EX_TIMER_HIGH_RESOLUTION 4
#define EX_TIMER_NO_WAKE 8
#define EX_TIMER_NOTIFICATION 0x80000000

typedef struct _EXT_SET_PARAMETERS_V0 {
  ULONG Version;
  ULONG Reserved;
  LONGLONG NoWakeTolerance;
} EXT_SET_PARAMETERS, *PEXT_SET_PARAMETERS, KT2_SET_PARAMETERS, *PKT2_SET_PARAMETERS;

typedef struct _EXT_DELETE_PARAMETERS {
  ULONG Version;
  ULONG Reserved;
  PEXT_DELETE_CALLBACK DeleteCallback;
  PVOID DeleteContext;
} EXT_DELETE_PARAMETERS, *PEXT_DELETE_PARAMETERS;

// MARK: Power

R3_CODE(NTSTATUS, POWER_SETTING_CALLBACK,
        (const GUID *SettingGuid, PVOID Value, ULONG ValueLength, PVOID Context));
R3_CODE(void, REQUEST_POWER_COMPLETE,
        (struct _DEVICE_OBJECT *DeviceObject, UCHAR MinorFunction, POWER_STATE PowerState,
         PVOID Context, struct _IO_STATUS_BLOCK *IoStatus));

#if defined(R3_HOST) || defined(__cplusplus)
R3_CODE(NTSTATUS, DRIVER_NOTIFICATION_CALLBACK_ROUTINE,
        (PVOID NotificationStructure, PVOID Context));
#else
// Without parameters: drivers declare their routines by this name, and define them with the structure of
// their category as the first.
typedef NTSTATUS DRIVER_NOTIFICATION_CALLBACK_ROUTINE();
typedef NTSTATUS (*PDRIVER_NOTIFICATION_CALLBACK_ROUTINE)(PVOID NotificationStructure,
                                                          PVOID Context);
#endif
R3_CODE(void, DEVICE_CHANGE_COMPLETE_CALLBACK, (PVOID Context));

// MARK: Processor counts and sets

#define ALL_PROCESSOR_GROUPS 0xffff

typedef enum _KPROFILE_SOURCE { ProfileTime } KPROFILE_SOURCE;

typedef enum _LOGICAL_PROCESSOR_RELATIONSHIP {
  RelationProcessorCore,
  RelationNumaNode,
  RelationCache,
  RelationProcessorPackage,
  RelationGroup,
  RelationAll = 0xffff
} LOGICAL_PROCESSOR_RELATIONSHIP;

R3_CODE(void, PROCESSOR_CALLBACK_FUNCTION,
        (PVOID CallbackContext, PVOID ChangeContext, PNTSTATUS OperationStatus));

// MARK: Driver-owned device properties

typedef GUID DEVPROPGUID;
typedef ULONG DEVPROPID, DEVPROPTYPE, *PDEVPROPTYPE;
typedef struct _DEVPROPKEY {
  DEVPROPGUID fmtid;
  DEVPROPID pid;
} DEVPROPKEY, *PDEVPROPKEY;

#define PLUGPLAY_REGKEY_DEVICE 1
#define PLUGPLAY_REGKEY_DRIVER 2
#define PLUGPLAY_REGKEY_CURRENT_HWPROFILE 4
#define PLUGPLAY_PROPERTY_PERSISTENT 0x00000001
#define DEVICE_INTERFACE_INCLUDE_NONACTIVE 0x00000001

typedef enum _DRIVER_REGKEY_TYPE {
  DriverRegKeyParameters,
  DriverRegKeyPersistentState,
  DriverRegKeySharedPersistentState
} DRIVER_REGKEY_TYPE;

typedef enum _DRIVER_DIRECTORY_TYPE {
  DriverDirectoryImage,
  DriverDirectoryData,
  DriverDirectorySharedData
} DRIVER_DIRECTORY_TYPE;

typedef struct _IO_PRIORITY_INFO {
  ULONG Size;
  ULONG ThreadPriority;
  ULONG PagePriority;
  LONG IoPriority;  // an IO_PRIORITY_HINT
} IO_PRIORITY_INFO, *PIO_PRIORITY_INFO;

typedef enum _IO_PRIORITY_HINT {
  IoPriorityVeryLow,
  IoPriorityLow,
  IoPriorityNormal,
  IoPriorityHigh,
  IoPriorityCritical,
  MaxIoPriorityTypes
} IO_PRIORITY_HINT;

#endif
