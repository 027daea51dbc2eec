// Functions that kernel drivers know beyond WDM.
#ifndef R3_NTDDK_API_H
#define R3_NTDDK_API_H

#include "types.h"
#ifndef R3_HOST

R3_BEGIN

/// Processors that are there; KeQueryActiveProcessCount counts those of all groups.
extern NTKERNELAPI volatile const CCHAR KeNumberProcessors;

// MARK: Processes and threads

NTKERNELAPI HANDLE NTAPI PsGetCurrentProcessId(void);
NTKERNELAPI HANDLE NTAPI PsGetCurrentThreadId(void);
NTKERNELAPI HANDLE NTAPI PsGetProcessId(PEPROCESS process);
NTKERNELAPI HANDLE NTAPI PsGetThreadId(PETHREAD thread);
NTKERNELAPI HANDLE NTAPI PsGetThreadProcessId(PETHREAD thread);
NTKERNELAPI PEPROCESS NTAPI PsGetThreadProcess(PETHREAD thread);
NTKERNELAPI LONGLONG NTAPI PsGetProcessCreateTimeQuadPart(PEPROCESS process);
NTKERNELAPI NTSTATUS NTAPI PsGetThreadExitStatus(PETHREAD thread);
NTKERNELAPI NTSTATUS NTAPI PsGetProcessExitStatus(PEPROCESS process);
NTKERNELAPI LONGLONG NTAPI PsGetThreadCreateTime(PETHREAD thread);
NTKERNELAPI ULONG NTAPI PsGetProcessSessionId(PEPROCESS process);
NTKERNELAPI ULONGLONG NTAPI PsGetProcessStartKey(PEPROCESS process);
NTKERNELAPI BOOLEAN NTAPI PsIsCurrentThreadPrefetching(void);
NTKERNELAPI NTSTATUS NTAPI PsSetCreateProcessNotifyRoutine(PCREATE_PROCESS_NOTIFY_ROUTINE routine,
                                                           BOOLEAN remove);
NTKERNELAPI NTSTATUS NTAPI PsSetCreateProcessNotifyRoutineEx(
    PCREATE_PROCESS_NOTIFY_ROUTINE_EX routine, BOOLEAN remove);
NTKERNELAPI NTSTATUS NTAPI PsSetCreateProcessNotifyRoutineEx2(PSCREATEPROCESSNOTIFYTYPE type,
                                                              PVOID information, BOOLEAN remove);
NTKERNELAPI NTSTATUS NTAPI PsSetCreateThreadNotifyRoutine(PCREATE_THREAD_NOTIFY_ROUTINE routine);
NTKERNELAPI NTSTATUS NTAPI PsSetCreateThreadNotifyRoutineEx(PSCREATETHREADNOTIFYTYPE type,
                                                            PVOID information);
NTKERNELAPI NTSTATUS NTAPI
PsRemoveCreateThreadNotifyRoutine(PCREATE_THREAD_NOTIFY_ROUTINE routine);
NTKERNELAPI NTSTATUS NTAPI PsSetLoadImageNotifyRoutine(PLOAD_IMAGE_NOTIFY_ROUTINE routine);
NTKERNELAPI NTSTATUS NTAPI PsSetLoadImageNotifyRoutineEx(PLOAD_IMAGE_NOTIFY_ROUTINE routine,
                                                         ULONG_PTR flags);
NTKERNELAPI NTSTATUS NTAPI PsRemoveLoadImageNotifyRoutine(PLOAD_IMAGE_NOTIFY_ROUTINE routine);

NTSYSAPI NTSTATUS NTAPI ZwQueryInformationProcess(HANDLE process, PROCESSINFOCLASS kind,
                                                  PVOID buffer, ULONG length,
                                                  PULONG resultLength);
NTSYSAPI NTSTATUS NTAPI ZwQueryInformationThread(HANDLE thread, THREADINFOCLASS kind, PVOID buffer,
                                                 ULONG length, PULONG resultLength);
NTSYSAPI NTSTATUS NTAPI ZwSetInformationThread(HANDLE thread, THREADINFOCLASS kind, PVOID buffer,
                                               ULONG length);
NTSYSAPI NTSTATUS NTAPI ZwSetTimer(HANDLE timer, PLARGE_INTEGER due, PVOID routine, PVOID context,
                                   BOOLEAN resume, LONG period, PBOOLEAN previous);
NTSYSAPI NTSTATUS NTAPI ZwCreateTimer(PHANDLE timer, ACCESS_MASK access,
                                      POBJECT_ATTRIBUTES attributes, TIMER_TYPE type);
NTSYSAPI NTSTATUS NTAPI ZwCancelTimer(HANDLE timer, PBOOLEAN state);

// MARK: Generic tables

NTSYSAPI void NTAPI RtlInitializeGenericTable(PRTL_GENERIC_TABLE table,
                                              PRTL_GENERIC_COMPARE_ROUTINE compare,
                                              PRTL_GENERIC_ALLOCATE_ROUTINE allocate,
                                              PRTL_GENERIC_FREE_ROUTINE free, PVOID context);
NTSYSAPI PVOID NTAPI RtlInsertElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer,
                                                  ULONG size, PBOOLEAN isNew);
NTSYSAPI PVOID NTAPI RtlInsertElementGenericTableFull(PRTL_GENERIC_TABLE table, PVOID buffer,
                                                      ULONG size, PBOOLEAN isNew, PVOID node,
                                                      TABLE_SEARCH_RESULT result);
NTSYSAPI BOOLEAN NTAPI RtlDeleteElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer);
NTSYSAPI PVOID NTAPI RtlLookupElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer);
NTSYSAPI PVOID NTAPI RtlLookupElementGenericTableFull(PRTL_GENERIC_TABLE table, PVOID buffer,
                                                      PVOID *node, TABLE_SEARCH_RESULT *result);
NTSYSAPI PVOID NTAPI RtlEnumerateGenericTable(PRTL_GENERIC_TABLE table, BOOLEAN restart);
NTSYSAPI PVOID NTAPI RtlEnumerateGenericTableWithoutSplaying(PRTL_GENERIC_TABLE table,
                                                             PVOID *restart);
NTSYSAPI PVOID NTAPI RtlGetElementGenericTable(PRTL_GENERIC_TABLE table, ULONG index);
NTSYSAPI ULONG NTAPI RtlNumberGenericTableElements(PRTL_GENERIC_TABLE table);
NTSYSAPI BOOLEAN NTAPI RtlIsGenericTableEmpty(PRTL_GENERIC_TABLE table);

NTSYSAPI void NTAPI RtlInitializeGenericTableAvl(PRTL_AVL_TABLE table,
                                                 PRTL_AVL_COMPARE_ROUTINE compare,
                                                 PRTL_AVL_ALLOCATE_ROUTINE allocate,
                                                 PRTL_AVL_FREE_ROUTINE free, PVOID context);
NTSYSAPI PVOID NTAPI RtlInsertElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer,
                                                     ULONG size, PBOOLEAN isNew);
NTSYSAPI PVOID NTAPI RtlInsertElementGenericTableFullAvl(PRTL_AVL_TABLE table, PVOID buffer,
                                                         ULONG size, PBOOLEAN isNew, PVOID node,
                                                         TABLE_SEARCH_RESULT result);
NTSYSAPI BOOLEAN NTAPI RtlDeleteElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer);
NTSYSAPI PVOID NTAPI RtlLookupElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer);
NTSYSAPI PVOID NTAPI RtlLookupElementGenericTableFullAvl(PRTL_AVL_TABLE table, PVOID buffer,
                                                         PVOID *node,
                                                         TABLE_SEARCH_RESULT *result);
NTSYSAPI PVOID NTAPI RtlEnumerateGenericTableAvl(PRTL_AVL_TABLE table, BOOLEAN restart);
NTSYSAPI PVOID NTAPI RtlEnumerateGenericTableWithoutSplayingAvl(PRTL_AVL_TABLE table,
                                                                PVOID *restart);
NTSYSAPI PVOID NTAPI RtlGetElementGenericTableAvl(PRTL_AVL_TABLE table, ULONG index);
NTSYSAPI PVOID NTAPI RtlEnumerateGenericTableLikeADirectory(
    PRTL_AVL_TABLE table, PRTL_AVL_MATCH_FUNCTION match, PVOID data, ULONG next, PVOID *restart,
    PULONG deleteCount, PVOID buffer);
NTSYSAPI ULONG NTAPI RtlNumberGenericTableElementsAvl(PRTL_AVL_TABLE table);
NTSYSAPI BOOLEAN NTAPI RtlIsGenericTableEmptyAvl(PRTL_AVL_TABLE table);

// MARK: Splay links

NTSYSAPI PRTL_SPLAY_LINKS NTAPI RtlSplay(PRTL_SPLAY_LINKS links);
NTSYSAPI PRTL_SPLAY_LINKS NTAPI RtlDelete(PRTL_SPLAY_LINKS links);
NTSYSAPI PRTL_SPLAY_LINKS NTAPI RtlSubtreeSuccessor(PRTL_SPLAY_LINKS links);
NTSYSAPI PRTL_SPLAY_LINKS NTAPI RtlSubtreePredecessor(PRTL_SPLAY_LINKS links);
NTSYSAPI PRTL_SPLAY_LINKS NTAPI RtlRealSuccessor(PRTL_SPLAY_LINKS links);
NTSYSAPI PRTL_SPLAY_LINKS NTAPI RtlRealPredecessor(PRTL_SPLAY_LINKS links);
#define RtlInitializeSplayLinks(Links)                                          \
  {                                                                             \
    PRTL_SPLAY_LINKS r3Links = (PRTL_SPLAY_LINKS)(Links);                       \
    r3Links->Parent = r3Links;                                                  \
    r3Links->LeftChild = NULL;                                                  \
    r3Links->RightChild = NULL;                                                 \
  }
#define RtlParent(Links) ((PRTL_SPLAY_LINKS)(Links)->Parent)
#define RtlLeftChild(Links) ((PRTL_SPLAY_LINKS)(Links)->LeftChild)
#define RtlRightChild(Links) ((PRTL_SPLAY_LINKS)(Links)->RightChild)
#define RtlIsRoot(Links) (RtlParent(Links) == (PRTL_SPLAY_LINKS)(Links))
#define RtlIsLeftChild(Links) (RtlLeftChild(RtlParent(Links)) == (PRTL_SPLAY_LINKS)(Links))
#define RtlIsRightChild(Links) (RtlRightChild(RtlParent(Links)) == (PRTL_SPLAY_LINKS)(Links))
#define RtlInsertAsLeftChild(ParentLinks, ChildLinks)          \
  {                                                            \
    PRTL_SPLAY_LINKS r3Parent = (PRTL_SPLAY_LINKS)(ParentLinks); \
    PRTL_SPLAY_LINKS r3Child = (PRTL_SPLAY_LINKS)(ChildLinks); \
    r3Parent->LeftChild = r3Child;                             \
    r3Child->Parent = r3Parent;                                \
  }
#define RtlInsertAsRightChild(ParentLinks, ChildLinks)         \
  {                                                            \
    PRTL_SPLAY_LINKS r3Parent = (PRTL_SPLAY_LINKS)(ParentLinks); \
    PRTL_SPLAY_LINKS r3Child = (PRTL_SPLAY_LINKS)(ChildLinks); \
    r3Parent->RightChild = r3Child;                            \
    r3Child->Parent = r3Parent;                                \
  }

// MARK: Hash tables

typedef struct _RTL_DYNAMIC_HASH_TABLE RTL_DYNAMIC_HASH_TABLE, *PRTL_DYNAMIC_HASH_TABLE;
NTSYSAPI BOOLEAN NTAPI RtlCreateHashTable(PRTL_DYNAMIC_HASH_TABLE *table, ULONG shift,
                                          ULONG flags);
NTSYSAPI void NTAPI RtlDeleteHashTable(PRTL_DYNAMIC_HASH_TABLE table);
NTSYSAPI BOOLEAN NTAPI RtlInsertEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                               PRTL_DYNAMIC_HASH_TABLE_ENTRY entry,
                                               ULONG_PTR signature,
                                               PRTL_DYNAMIC_HASH_TABLE_CONTEXT context);
NTSYSAPI BOOLEAN NTAPI RtlRemoveEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                               PRTL_DYNAMIC_HASH_TABLE_ENTRY entry,
                                               PRTL_DYNAMIC_HASH_TABLE_CONTEXT context);
NTSYSAPI PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI
RtlLookupEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table, ULONG_PTR signature,
                        PRTL_DYNAMIC_HASH_TABLE_CONTEXT context);

// MARK: Devices and the machine

NTKERNELAPI PCONFIGURATION_INFORMATION NTAPI IoGetConfigurationInformation(void);
NTKERNELAPI PGENERIC_MAPPING NTAPI IoGetFileObjectGenericMapping(void);
NTKERNELAPI PIRP NTAPI IoGetTopLevelIrp(void);
NTKERNELAPI void NTAPI IoSetTopLevelIrp(PIRP irp);
NTKERNELAPI NTSTATUS NTAPI IoReportDetectedDevice(PDRIVER_OBJECT driver, INTERFACE_TYPE type,
                                                  ULONG bus, ULONG slot,
                                                  PCM_RESOURCE_LIST resources,
                                                  PIO_RESOURCE_REQUIREMENTS_LIST requirements,
                                                  BOOLEAN assigned, PDEVICE_OBJECT *device);
NTKERNELAPI NTSTATUS NTAPI IoReportResourceForDetection(PDRIVER_OBJECT driver,
                                                        PCM_RESOURCE_LIST driverList,
                                                        ULONG driverSize, PDEVICE_OBJECT device,
                                                        PCM_RESOURCE_LIST deviceList,
                                                        ULONG deviceSize, PBOOLEAN conflict);
NTKERNELAPI BOOLEAN NTAPI IoRaiseInformationalHardError(NTSTATUS status, PUNICODE_STRING string,
                                                        PKTHREAD thread);
NTKERNELAPI void NTAPI IoRaiseHardError(PIRP irp, PVPB vpb, PDEVICE_OBJECT device);
NTKERNELAPI NTSTATUS NTAPI IoVolumeDeviceToGuid(PVOID device, GUID *guid);
NTKERNELAPI NTSTATUS NTAPI IoVolumeDeviceToGuidPath(PVOID device, PUNICODE_STRING path);
NTKERNELAPI NTSTATUS NTAPI IoVolumeDeviceToDosName(PVOID device, PUNICODE_STRING name);
NTKERNELAPI NTSTATUS NTAPI IoCreateFileSpecifyDeviceObjectHint(
    PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK status,
    PLARGE_INTEGER allocation, ULONG fileAttributes, ULONG share, ULONG disposition,
    ULONG options, PVOID ea, ULONG eaLength, CREATE_FILE_TYPE type, PVOID parameters, ULONG flags,
    PVOID device);
NTKERNELAPI NTSTATUS NTAPI IoQueryFileDosDeviceName(PFILE_OBJECT file,
                                                    POBJECT_NAME_INFORMATION *name);
NTHALAPI BOOLEAN NTAPI HalMakeBeep(ULONG frequency);
NTKERNELAPI NTSTATUS NTAPI MmMapViewInSystemSpace(PVOID section, PVOID *base, PSIZE_T size);
NTKERNELAPI NTSTATUS NTAPI MmUnmapViewInSystemSpace(PVOID base);
NTKERNELAPI NTSTATUS NTAPI MmMapUserAddressesToPage(PVOID base, SIZE_T size, PVOID page);
NTSYSAPI void NTAPI RtlMapGenericMask(PACCESS_MASK mask, const GENERIC_MAPPING *mapping);
NTSYSAPI NTSTATUS NTAPI RtlUnicodeToMultiByteN(PCHAR target, ULONG limit, PULONG length,
                                               PCWCH source, ULONG sourceLength);
NTSYSAPI NTSTATUS NTAPI RtlMultiByteToUnicodeN(PWCH target, ULONG limit, PULONG length,
                                               const CHAR *source, ULONG sourceLength);

R3_END

#endif
#endif
