// The run-time library of file systems.
#ifndef R3_NTIFS_FSRTL_H
#define R3_NTIFS_FSRTL_H

#include "files.h"
#include "filesystem.h"
#include "fsctl.h"
#include "types.h"
#ifndef R3_HOST

R3_BEGIN

#define FsRtlEnterFileSystem() KeEnterCriticalRegion()
#define FsRtlExitFileSystem() KeLeaveCriticalRegion()

// MARK: Control blocks

#define FsRtlGetPerFileContextPointer(File) (NULL)
#define FsRtlSetupAdvancedHeader(Header, Mutex)                                \
  {                                                                            \
    SetFlag((Header)->Flags, FSRTL_FLAG_ADVANCED_HEADER);                      \
    SetFlag((Header)->Flags2, FSRTL_FLAG2_SUPPORTS_FILTER_CONTEXTS);           \
    (Header)->Version = FSRTL_FCB_HEADER_V2;                                   \
    InitializeListHead(&(Header)->FilterContexts);                             \
    if ((Mutex) != NULL) (Header)->FastMutex = (Mutex);                        \
    ExInitializePushLock(&(Header)->PushLock);                                 \
    (Header)->FileContextSupportPointer = NULL;                                \
  }
NTKERNELAPI void NTAPI FsRtlTeardownPerStreamContexts(PFSRTL_ADVANCED_FCB_HEADER header);
NTKERNELAPI NTSTATUS NTAPI FsRtlInsertPerStreamContext(PFSRTL_ADVANCED_FCB_HEADER header,
                                                       PFSRTL_PER_STREAM_CONTEXT context);
NTKERNELAPI PFSRTL_PER_STREAM_CONTEXT NTAPI FsRtlLookupPerStreamContextInternal(
    PFSRTL_ADVANCED_FCB_HEADER header, PVOID owner, PVOID instance);
NTKERNELAPI PFSRTL_PER_STREAM_CONTEXT NTAPI FsRtlRemovePerStreamContext(
    PFSRTL_ADVANCED_FCB_HEADER header, PVOID owner, PVOID instance);
NTKERNELAPI NTSTATUS NTAPI FsRtlInsertPerFileContext(PVOID *context,
                                                     PFSRTL_PER_FILE_CONTEXT entry);
NTKERNELAPI void NTAPI FsRtlTeardownPerFileContexts(PVOID *context);

// MARK: Fast I/O

NTKERNELAPI BOOLEAN NTAPI FsRtlCopyRead(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                        BOOLEAN wait, ULONG key, PVOID buffer,
                                        PIO_STATUS_BLOCK status, PDEVICE_OBJECT device);
NTKERNELAPI BOOLEAN NTAPI FsRtlCopyWrite(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                         BOOLEAN wait, ULONG key, PVOID buffer,
                                         PIO_STATUS_BLOCK status, PDEVICE_OBJECT device);
NTKERNELAPI BOOLEAN NTAPI FsRtlMdlReadDev(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                          ULONG key, PMDL *chain, PIO_STATUS_BLOCK status,
                                          PDEVICE_OBJECT device);
NTKERNELAPI BOOLEAN NTAPI FsRtlMdlReadCompleteDev(PFILE_OBJECT file, PMDL chain,
                                                  PDEVICE_OBJECT device);
NTKERNELAPI BOOLEAN NTAPI FsRtlPrepareMdlWriteDev(PFILE_OBJECT file, PLARGE_INTEGER offset,
                                                  ULONG length, ULONG key, PMDL *chain,
                                                  PIO_STATUS_BLOCK status, PDEVICE_OBJECT device);
NTKERNELAPI BOOLEAN NTAPI FsRtlMdlWriteCompleteDev(PFILE_OBJECT file, PLARGE_INTEGER offset,
                                                   PMDL chain, PDEVICE_OBJECT device);
NTKERNELAPI void NTAPI FsRtlIncrementCcFastReadNoWait(void);
NTKERNELAPI void NTAPI FsRtlIncrementCcFastReadWait(void);
NTKERNELAPI void NTAPI FsRtlIncrementCcFastReadNotPossible(void);
NTKERNELAPI void NTAPI FsRtlIncrementCcFastReadResourceMiss(void);
NTKERNELAPI NTSTATUS NTAPI FsRtlGetFileSize(PFILE_OBJECT file, PLARGE_INTEGER size);
NTKERNELAPI void NTAPI FsRtlAcquireFileExclusive(PFILE_OBJECT file);
NTKERNELAPI void NTAPI FsRtlReleaseFile(PFILE_OBJECT file);
NTKERNELAPI NTSTATUS NTAPI FsRtlRegisterFileSystemFilterCallbacks(PDRIVER_OBJECT driver,
                                                                  PFS_FILTER_CALLBACKS callbacks);

// MARK: Byte range locks

NTKERNELAPI void NTAPI FsRtlInitializeFileLock(PFILE_LOCK lock, PCOMPLETE_LOCK_IRP_ROUTINE complete,
                                               PUNLOCK_ROUTINE unlock);
NTKERNELAPI void NTAPI FsRtlUninitializeFileLock(PFILE_LOCK lock);
NTKERNELAPI PFILE_LOCK NTAPI FsRtlAllocateFileLock(PCOMPLETE_LOCK_IRP_ROUTINE complete,
                                                   PUNLOCK_ROUTINE unlock);
NTKERNELAPI void NTAPI FsRtlFreeFileLock(PFILE_LOCK lock);
NTKERNELAPI NTSTATUS NTAPI FsRtlProcessFileLock(PFILE_LOCK lock, PIRP irp, PVOID context);
NTKERNELAPI BOOLEAN NTAPI FsRtlCheckLockForReadAccess(PFILE_LOCK lock, PIRP irp);
NTKERNELAPI BOOLEAN NTAPI FsRtlCheckLockForWriteAccess(PFILE_LOCK lock, PIRP irp);
NTKERNELAPI BOOLEAN NTAPI FsRtlFastCheckLockForRead(PFILE_LOCK lock, PLARGE_INTEGER offset,
                                                    PLARGE_INTEGER length, ULONG key,
                                                    PFILE_OBJECT file, PVOID process);
NTKERNELAPI BOOLEAN NTAPI FsRtlFastCheckLockForWrite(PFILE_LOCK lock, PLARGE_INTEGER offset,
                                                     PLARGE_INTEGER length, ULONG key, PVOID file,
                                                     PVOID process);
NTKERNELAPI PFILE_LOCK_INFO NTAPI FsRtlGetNextFileLock(PFILE_LOCK lock, BOOLEAN restart);
NTKERNELAPI NTSTATUS NTAPI FsRtlFastUnlockSingle(PFILE_LOCK lock, PFILE_OBJECT file,
                                                 PLARGE_INTEGER offset, PLARGE_INTEGER length,
                                                 PEPROCESS process, ULONG key, PVOID context,
                                                 BOOLEAN alreadySynchronized);
NTKERNELAPI NTSTATUS NTAPI FsRtlFastUnlockAll(PFILE_LOCK lock, PFILE_OBJECT file,
                                              PEPROCESS process, PVOID context);
NTKERNELAPI NTSTATUS NTAPI FsRtlFastUnlockAllByKey(PFILE_LOCK lock, PFILE_OBJECT file,
                                                   PEPROCESS process, ULONG key, PVOID context);
NTKERNELAPI BOOLEAN NTAPI FsRtlPrivateLock(PFILE_LOCK lock, PFILE_OBJECT file,
                                           PLARGE_INTEGER offset, PLARGE_INTEGER length,
                                           PEPROCESS process, ULONG key, BOOLEAN immediately,
                                           BOOLEAN exclusive, PIO_STATUS_BLOCK status, PIRP irp,
                                           PVOID context, BOOLEAN alreadySynchronized);
NTKERNELAPI BOOLEAN NTAPI FsRtlAreThereCurrentOrInProgressFileLocks(PFILE_LOCK lock);
NTKERNELAPI BOOLEAN NTAPI FsRtlAreThereWaitingFileLocks(PFILE_LOCK lock);
#define FsRtlAreThereCurrentFileLocks(Lock) ((Lock)->FastIoIsQuestionable)
#define FsRtlFastLock(Lock, File, Offset, Length, Process, Key, Fail, Exclusive, Status, Context, \
                      Synchronized)                                                               \
  FsRtlPrivateLock((Lock), (File), (Offset), (Length), (Process), (Key), (Fail), (Exclusive),     \
                   (Status), NULL, (Context), (Synchronized))

// MARK: Opportunistic locks

typedef void (*POPLOCK_WAIT_COMPLETE_ROUTINE)(PVOID Context, PIRP Irp);
typedef void (*POPLOCK_FS_PREPOST_IRP)(PVOID Context, PIRP Irp);
NTKERNELAPI void NTAPI FsRtlInitializeOplock(POPLOCK oplock);
NTKERNELAPI void NTAPI FsRtlUninitializeOplock(POPLOCK oplock);
NTKERNELAPI NTSTATUS NTAPI FsRtlCheckOplock(POPLOCK oplock, PIRP irp, PVOID context,
                                            POPLOCK_WAIT_COMPLETE_ROUTINE complete,
                                            POPLOCK_FS_PREPOST_IRP post);
NTKERNELAPI NTSTATUS NTAPI FsRtlCheckOplockEx(POPLOCK oplock, PIRP irp, ULONG flags,
                                              PVOID context,
                                              POPLOCK_WAIT_COMPLETE_ROUTINE complete,
                                              POPLOCK_FS_PREPOST_IRP post);
NTKERNELAPI NTSTATUS NTAPI FsRtlOplockFsctrl(POPLOCK oplock, PIRP irp, ULONG count);
NTKERNELAPI NTSTATUS NTAPI FsRtlOplockFsctrlEx(POPLOCK oplock, PIRP irp, ULONG count,
                                               ULONG flags);
NTKERNELAPI BOOLEAN NTAPI FsRtlOplockIsFastIoPossible(POPLOCK oplock);
NTKERNELAPI BOOLEAN NTAPI FsRtlOplockIsSharedRequest(PIRP irp);
NTKERNELAPI BOOLEAN NTAPI FsRtlCurrentBatchOplock(POPLOCK oplock);
NTKERNELAPI BOOLEAN NTAPI FsRtlCurrentOplock(POPLOCK oplock);
NTKERNELAPI BOOLEAN NTAPI FsRtlCurrentOplockH(POPLOCK oplock);
NTKERNELAPI NTSTATUS NTAPI FsRtlOplockBreakH(POPLOCK oplock, PIRP irp, ULONG flags, PVOID context,
                                             POPLOCK_WAIT_COMPLETE_ROUTINE complete,
                                             POPLOCK_FS_PREPOST_IRP post);
NTKERNELAPI NTSTATUS NTAPI FsRtlOplockBreakToNone(POPLOCK oplock, PIO_STACK_LOCATION stack,
                                                  PIRP irp, PVOID context,
                                                  POPLOCK_WAIT_COMPLETE_ROUTINE complete,
                                                  POPLOCK_FS_PREPOST_IRP post);
NTKERNELAPI NTSTATUS NTAPI FsRtlOplockBreakToNoneEx(POPLOCK oplock, PIRP irp, ULONG flags,
                                                    PVOID context,
                                                    POPLOCK_WAIT_COMPLETE_ROUTINE complete,
                                                    POPLOCK_FS_PREPOST_IRP post);
NTKERNELAPI NTSTATUS NTAPI FsRtlCheckUpperOplock(POPLOCK oplock, ULONG state, PVOID context,
                                                 POPLOCK_WAIT_COMPLETE_ROUTINE complete,
                                                 POPLOCK_FS_PREPOST_IRP post, ULONG flags);

// MARK: Maps of blocks

NTKERNELAPI void NTAPI FsRtlInitializeLargeMcb(PLARGE_MCB mcb, POOL_TYPE type);
NTKERNELAPI void NTAPI FsRtlUninitializeLargeMcb(PLARGE_MCB mcb);
NTKERNELAPI void NTAPI FsRtlResetLargeMcb(PLARGE_MCB mcb, BOOLEAN selfSynchronized);
NTKERNELAPI void NTAPI FsRtlTruncateLargeMcb(PLARGE_MCB mcb, LONGLONG vbn);
NTKERNELAPI BOOLEAN NTAPI FsRtlAddLargeMcbEntry(PLARGE_MCB mcb, LONGLONG vbn, LONGLONG lbn,
                                                LONGLONG count);
NTKERNELAPI void NTAPI FsRtlRemoveLargeMcbEntry(PLARGE_MCB mcb, LONGLONG vbn, LONGLONG count);
NTKERNELAPI BOOLEAN NTAPI FsRtlLookupLargeMcbEntry(PLARGE_MCB mcb, LONGLONG vbn, PLONGLONG lbn,
                                                   PLONGLONG count, PLONGLONG startLbn,
                                                   PLONGLONG startCount, PULONG index);
NTKERNELAPI BOOLEAN NTAPI FsRtlLookupLastLargeMcbEntry(PLARGE_MCB mcb, PLONGLONG vbn,
                                                       PLONGLONG lbn);
NTKERNELAPI BOOLEAN NTAPI FsRtlLookupLastLargeMcbEntryAndIndex(PLARGE_MCB mcb, PLONGLONG vbn,
                                                               PLONGLONG lbn, PULONG index);
NTKERNELAPI ULONG NTAPI FsRtlNumberOfRunsInLargeMcb(PLARGE_MCB mcb);
NTKERNELAPI BOOLEAN NTAPI FsRtlGetNextLargeMcbEntry(PLARGE_MCB mcb, ULONG index, PLONGLONG vbn,
                                                    PLONGLONG lbn, PLONGLONG count);
NTKERNELAPI BOOLEAN NTAPI FsRtlSplitLargeMcb(PLARGE_MCB mcb, LONGLONG vbn, LONGLONG amount);
NTKERNELAPI void NTAPI FsRtlInitializeMcb(PMCB mcb, POOL_TYPE type);
NTKERNELAPI void NTAPI FsRtlUninitializeMcb(PMCB mcb);

// MARK: Names

#define ANSI_DOS_STAR ('<')
#define ANSI_DOS_QM ('>')
#define ANSI_DOS_DOT ('"')
#define DOS_STAR (L'<')
#define DOS_QM (L'>')
#define DOS_DOT (L'"')
#define FSRTL_FAT_LEGAL 0x01
#define FSRTL_HPFS_LEGAL 0x02
#define FSRTL_NTFS_LEGAL 0x04
#define FSRTL_WILD_CHARACTER 0x08
#define FSRTL_OLE_LEGAL 0x10
#define FSRTL_NTFS_STREAM_LEGAL (FSRTL_NTFS_LEGAL | FSRTL_OLE_LEGAL)
extern NTKERNELAPI const UCHAR *const FsRtlLegalAnsiCharacterArray;
#define FsRtlTestAnsiCharacter(C, Default, Wild, Flags)                                      \
  (((SCHAR)(C) < 0) ? (Default)                                                              \
                    : FlagOn(FsRtlLegalAnsiCharacterArray[(C)],                              \
                             (Flags) | ((Wild) ? FSRTL_WILD_CHARACTER : 0)))
#define FsRtlIsAnsiCharacterLegalFat(C, Wild) \
  FsRtlTestAnsiCharacter((C), TRUE, (Wild), FSRTL_FAT_LEGAL)
#define FsRtlIsAnsiCharacterLegalHpfs(C, Wild) \
  FsRtlTestAnsiCharacter((C), TRUE, (Wild), FSRTL_HPFS_LEGAL)
#define FsRtlIsAnsiCharacterWild(C) \
  FlagOn(FsRtlLegalAnsiCharacterArray[(UCHAR)(C)], FSRTL_WILD_CHARACTER)
#define FsRtlIsUnicodeCharacterWild(C)                                                       \
  (((C) >= 0x40) ? FALSE : FlagOn(FsRtlLegalAnsiCharacterArray[(C)], FSRTL_WILD_CHARACTER))
typedef signed char SCHAR, *PSCHAR;
extern NTKERNELAPI PUSHORT *NlsOemLeadByteInfo;
extern NTKERNELAPI BOOLEAN *NlsMbOemCodePageTag;
#define NLS_OEM_LEAD_BYTE_INFO (*NlsOemLeadByteInfo)
#define NLS_MB_CODE_PAGE_TAG (*NlsMbOemCodePageTag)
#define NLS_MB_OEM_CODE_PAGE_TAG (*NlsMbOemCodePageTag)
#define FsRtlIsLeadDbcsCharacter(C)                                   \
  ((BOOLEAN)((UCHAR)(C) >= 0x80 && NLS_MB_CODE_PAGE_TAG && \
             NLS_OEM_LEAD_BYTE_INFO[(UCHAR)(C)] != 0))
NTKERNELAPI BOOLEAN NTAPI FsRtlDoesNameContainWildCards(PUNICODE_STRING name);
NTKERNELAPI BOOLEAN NTAPI FsRtlIsNameInExpression(PUNICODE_STRING expression,
                                                  PUNICODE_STRING name, BOOLEAN ignoreCase,
                                                  PWCH upcase);
NTKERNELAPI BOOLEAN NTAPI FsRtlAreNamesEqual(PCUNICODE_STRING a, PCUNICODE_STRING b,
                                             BOOLEAN ignoreCase, PCWCH upcase);
NTKERNELAPI void NTAPI FsRtlDissectName(UNICODE_STRING path, PUNICODE_STRING first,
                                        PUNICODE_STRING rest);
NTKERNELAPI void NTAPI FsRtlDissectDbcs(ANSI_STRING path, PANSI_STRING first, PANSI_STRING rest);
NTKERNELAPI BOOLEAN NTAPI FsRtlDoesDbcsContainWildCards(PANSI_STRING name);
NTKERNELAPI BOOLEAN NTAPI FsRtlIsDbcsInExpression(PANSI_STRING expression, PANSI_STRING name);
NTKERNELAPI BOOLEAN NTAPI FsRtlIsFatDbcsLegal(ANSI_STRING name, BOOLEAN wild, BOOLEAN path,
                                              BOOLEAN leadingBackslash);

// MARK: Notification of changes

NTKERNELAPI void NTAPI FsRtlNotifyInitializeSync(PNOTIFY_SYNC *sync);
NTKERNELAPI void NTAPI FsRtlNotifyUninitializeSync(PNOTIFY_SYNC *sync);
NTKERNELAPI void NTAPI FsRtlNotifyCleanup(PNOTIFY_SYNC sync, PLIST_ENTRY list, PVOID context);
NTKERNELAPI void NTAPI FsRtlNotifyCleanupAll(PNOTIFY_SYNC sync, PLIST_ENTRY list);
NTKERNELAPI void NTAPI FsRtlNotifyFullChangeDirectory(PNOTIFY_SYNC sync, PLIST_ENTRY list,
                                                      PVOID context, PSTRING name, BOOLEAN tree,
                                                      BOOLEAN ignoreBuffer, ULONG filter, PIRP irp,
                                                      PCHECK_FOR_TRAVERSE_ACCESS check,
                                                      PSECURITY_SUBJECT_CONTEXT subject);
NTKERNELAPI void NTAPI FsRtlNotifyFilterChangeDirectory(
    PNOTIFY_SYNC sync, PLIST_ENTRY list, PVOID context, PSTRING name, BOOLEAN tree,
    BOOLEAN ignoreBuffer, ULONG filter, PIRP irp, PCHECK_FOR_TRAVERSE_ACCESS check,
    PSECURITY_SUBJECT_CONTEXT subject, PFILTER_REPORT_CHANGE callback);
NTKERNELAPI void NTAPI FsRtlNotifyFullReportChange(PNOTIFY_SYNC sync, PLIST_ENTRY list,
                                                   PSTRING name, USHORT offset,
                                                   PSTRING streamName, PSTRING parentName,
                                                   ULONG filter, ULONG action, PVOID context);
NTKERNELAPI NTSTATUS NTAPI FsRtlNotifyVolumeEvent(PFILE_OBJECT file, ULONG event);
NTKERNELAPI NTSTATUS NTAPI FsRtlNotifyVolumeEventEx(PFILE_OBJECT file, ULONG event,
                                                    PTARGET_DEVICE_CUSTOM_NOTIFICATION data);

// MARK: Statuses, stacks, pool, tunnels

NTKERNELAPI BOOLEAN NTAPI FsRtlIsNtstatusExpected(NTSTATUS status);
NTKERNELAPI BOOLEAN NTAPI FsRtlIsTotalDeviceFailure(NTSTATUS status);
NTKERNELAPI NTSTATUS NTAPI FsRtlNormalizeNtstatus(NTSTATUS status, NTSTATUS generic);
NTKERNELAPI BOOLEAN NTAPI FsRtlIsPagingFile(PFILE_OBJECT file);
NTKERNELAPI void NTAPI FsRtlPostStackOverflow(PVOID context, PKEVENT event,
                                              PFSRTL_STACK_OVERFLOW_ROUTINE routine);
NTKERNELAPI void NTAPI FsRtlPostPagingFileStackOverflow(PVOID context, PKEVENT event,
                                                        PFSRTL_STACK_OVERFLOW_ROUTINE routine);
NTKERNELAPI NTSTATUS NTAPI FsRtlBalanceReads(PDEVICE_OBJECT device);
NTKERNELAPI BOOLEAN NTAPI FsRtlIsMobileOS(void);
NTKERNELAPI BOOLEAN NTAPI FsRtlAreVolumeStartupApplicationsComplete(void);
NTKERNELAPI void NTAPI FsRtlUpdateDiskCounters(ULONG64 bytesRead, ULONG64 bytesWritten);
NTKERNELAPI NTSTATUS NTAPI FsRtlCancellableWaitForSingleObject(PVOID object,
                                                               PLARGE_INTEGER timeout, PIRP irp);
NTKERNELAPI void NTAPI FsRtlDismountComplete(PDEVICE_OBJECT device, NTSTATUS status);
NTKERNELAPI NTSTATUS NTAPI FsRtlValidateReparsePointBuffer(ULONG length,
                                                           PREPARSE_DATA_BUFFER buffer);
NTKERNELAPI NTSTATUS NTAPI FsRtlRegisterUncProvider(PHANDLE handle, PUNICODE_STRING name,
                                                    BOOLEAN mailslots);
NTKERNELAPI void NTAPI FsRtlDeregisterUncProvider(HANDLE handle);
NTKERNELAPI PVOID NTAPI FsRtlAllocatePoolWithTag(POOL_TYPE type, ULONG size, ULONG tag);
NTKERNELAPI PVOID NTAPI FsRtlAllocatePoolWithQuotaTag(POOL_TYPE type, ULONG size, ULONG tag);
NTKERNELAPI void NTAPI FsRtlInitializeTunnelCache(PTUNNEL cache);
NTKERNELAPI void NTAPI FsRtlDeleteTunnelCache(PTUNNEL cache);
NTKERNELAPI void NTAPI FsRtlAddToTunnelCache(PTUNNEL cache, ULONGLONG directory,
                                             PUNICODE_STRING shortName, PUNICODE_STRING longName,
                                             BOOLEAN byShortName, ULONG length, PVOID data);
NTKERNELAPI BOOLEAN NTAPI FsRtlFindInTunnelCache(PTUNNEL cache, ULONGLONG directory,
                                                 PUNICODE_STRING name, PUNICODE_STRING shortName,
                                                 PUNICODE_STRING longName, PULONG length,
                                                 PVOID data);
NTKERNELAPI void NTAPI FsRtlDeleteKeyFromTunnelCache(PTUNNEL cache, ULONGLONG directory);
#define FsRtlRaiseStatus(Context, Status) ExRaiseStatus(Status)
#define FsRtlCompleteRequest(Irp, Result)                   \
  {                                                         \
    (Irp)->IoStatus.Status = (Result);                      \
    IoCompleteRequest((Irp), IO_DISK_INCREMENT);            \
  }

R3_END

#endif
#endif
