// Functions for file systems and filters: processes, tokens, security, services, queues.
#ifndef R3_NTIFS_API_H
#define R3_NTIFS_API_H

#include "files.h"
#include "filesystem.h"
#include "fsctl.h"
#include "types.h"
#ifndef R3_HOST

R3_BEGIN

#ifndef FlagOn
#define FlagOn(Value, Flag) ((Value) & (Flag))
#endif
#ifndef BooleanFlagOn
#define BooleanFlagOn(Value, Flag) ((BOOLEAN)(((Value) & (Flag)) != 0))
#endif
#ifndef SetFlag
#define SetFlag(Value, Flag) ((Value) |= (Flag))
#endif
#ifndef ClearFlag
#define ClearFlag(Value, Flag) ((Value) &= ~(Flag))
#endif
#define RtlOffsetToPointer(Base, Offset) ((PCHAR)(((PCHAR)(Base)) + ((ULONG_PTR)(Offset))))
#define RtlPointerToOffset(Base, Pointer) ((ULONG)(((PCHAR)(Pointer)) - ((PCHAR)(Base))))

// MARK: I/O manager

NTKERNELAPI void NTAPI IoRegisterFileSystem(PDEVICE_OBJECT device);
NTKERNELAPI void NTAPI IoUnregisterFileSystem(PDEVICE_OBJECT device);
NTKERNELAPI NTSTATUS NTAPI IoRegisterFsRegistrationChange(PDRIVER_OBJECT driver,
                                                          PDRIVER_FS_NOTIFICATION routine);
NTKERNELAPI void NTAPI IoUnregisterFsRegistrationChange(PDRIVER_OBJECT driver,
                                                        PDRIVER_FS_NOTIFICATION routine);
NTKERNELAPI PEPROCESS NTAPI IoGetRequestorProcess(PIRP irp);
NTKERNELAPI ULONG NTAPI IoGetRequestorProcessId(PIRP irp);
NTKERNELAPI NTSTATUS NTAPI IoGetRequestorSessionId(PIRP irp, PULONG session);
NTKERNELAPI PEPROCESS NTAPI IoThreadToProcess(PETHREAD thread);
NTKERNELAPI BOOLEAN NTAPI IoIsOperationSynchronous(PIRP irp);
NTKERNELAPI BOOLEAN NTAPI IoIsSystemThread(PETHREAD thread);
NTKERNELAPI BOOLEAN NTAPI IoIsFileOriginRemote(PFILE_OBJECT file);
NTKERNELAPI BOOLEAN NTAPI IoIsValidNameGraftingBuffer(PIRP irp, PREPARSE_DATA_BUFFER buffer);
NTKERNELAPI PDEVICE_OBJECT NTAPI IoGetBaseFileSystemDeviceObject(PFILE_OBJECT file);
NTKERNELAPI PDEVICE_OBJECT NTAPI IoGetDeviceAttachmentBaseRef(PDEVICE_OBJECT device);
NTKERNELAPI PDEVICE_OBJECT NTAPI IoGetLowerDeviceObject(PDEVICE_OBJECT device);
NTKERNELAPI NTSTATUS NTAPI IoGetDiskDeviceObject(PDEVICE_OBJECT device, PDEVICE_OBJECT *disk);
NTKERNELAPI NTSTATUS NTAPI IoEnumerateDeviceObjectList(PDRIVER_OBJECT driver,
                                                       PDEVICE_OBJECT *list, ULONG size,
                                                       PULONG count);
NTKERNELAPI PFILE_OBJECT NTAPI IoCreateStreamFileObject(PFILE_OBJECT file, PDEVICE_OBJECT device);
NTKERNELAPI PFILE_OBJECT NTAPI IoCreateStreamFileObjectEx(PFILE_OBJECT file,
                                                          PDEVICE_OBJECT device, PHANDLE handle);
NTKERNELAPI PFILE_OBJECT NTAPI IoCreateStreamFileObjectLite(PFILE_OBJECT file,
                                                            PDEVICE_OBJECT device);
NTKERNELAPI void NTAPI IoAcquireVpbSpinLock(PKIRQL level);
NTKERNELAPI void NTAPI IoReleaseVpbSpinLock(KIRQL level);
NTKERNELAPI NTSTATUS NTAPI IoVerifyVolume(PDEVICE_OBJECT device, BOOLEAN allowRaw);
NTKERNELAPI PDEVICE_OBJECT NTAPI IoGetDeviceToVerify(PETHREAD thread);
NTKERNELAPI void NTAPI IoSetDeviceToVerify(PETHREAD thread, PDEVICE_OBJECT device);
NTKERNELAPI NTSTATUS NTAPI IoPageRead(PFILE_OBJECT file, PMDL mdl, PLARGE_INTEGER offset,
                                      PKEVENT event, PIO_STATUS_BLOCK status);
NTKERNELAPI NTSTATUS NTAPI IoSynchronousPageWrite(PFILE_OBJECT file, PMDL mdl,
                                                  PLARGE_INTEGER offset, PKEVENT event,
                                                  PIO_STATUS_BLOCK status);
NTKERNELAPI NTSTATUS NTAPI IoSetInformation(PFILE_OBJECT file, FILE_INFORMATION_CLASS kind,
                                            ULONG length, PVOID buffer);
NTKERNELAPI NTSTATUS NTAPI IoQueryFileInformation(PFILE_OBJECT file, FILE_INFORMATION_CLASS kind,
                                                  ULONG length, PVOID buffer,
                                                  PULONG resultLength);
NTKERNELAPI NTSTATUS NTAPI IoCheckEaBufferValidity(PFILE_FULL_EA_INFORMATION buffer, ULONG length,
                                                   PULONG offset);
NTKERNELAPI NTSTATUS NTAPI FsRtlGetSectorSizeInformation(PDEVICE_OBJECT device,
                                                        PFILE_FS_SECTOR_SIZE_INFORMATION info);
NTKERNELAPI NTSTATUS NTAPI IoReplaceFileObjectName(PFILE_OBJECT file, PWSTR name, USHORT length);

// MARK: Memory

NTKERNELAPI BOOLEAN NTAPI MmFlushImageSection(PSECTION_OBJECT_POINTERS pointers,
                                              MMFLUSH_TYPE type);
NTKERNELAPI BOOLEAN NTAPI MmCanFileBeTruncated(PSECTION_OBJECT_POINTERS pointers,
                                               PLARGE_INTEGER size);
NTKERNELAPI ULONG NTAPI MmDoesFileHaveUserWritableReferences(PSECTION_OBJECT_POINTERS pointers);
NTKERNELAPI BOOLEAN NTAPI MmForceSectionClosed(PSECTION_OBJECT_POINTERS pointers, BOOLEAN delay);
NTKERNELAPI BOOLEAN NTAPI MmIsRecursiveIoFault(void);
NTKERNELAPI BOOLEAN NTAPI MmSetAddressRangeModified(PVOID address, SIZE_T length);
#define SYSTEM_PAGE_PRIORITY_BITS 3
#define SYSTEM_PAGE_PRIORITY_LEVELS (1 << SYSTEM_PAGE_PRIORITY_BITS)
typedef union _FILE_SEGMENT_ELEMENT {
  PVOID64 Buffer;
  ULONGLONG Alignment;
} FILE_SEGMENT_ELEMENT, *PFILE_SEGMENT_ELEMENT;
typedef struct _READ_LIST {
  PFILE_OBJECT FileObject;
  ULONG NumberOfEntries;
  LOGICAL IsImage;
  FILE_SEGMENT_ELEMENT List[ANYSIZE_ARRAY];
} READ_LIST, *PREAD_LIST;
typedef union _MM_PREFETCH_FLAGS {
  struct {
    ULONG Priority : 3;
    ULONG RepurposePriority : 3;
    ULONG PriorityProtection : 1;
    ULONG Reserved : 25;
  } Flags;
  ULONG AllFlags;
} MM_PREFETCH_FLAGS, *PMM_PREFETCH_FLAGS;
NTKERNELAPI NTSTATUS NTAPI MmPrefetchPages(ULONG count, PREAD_LIST *lists);

// MARK: Queues

NTKERNELAPI void NTAPI KeInitializeQueue(PRKQUEUE queue, ULONG count);
NTKERNELAPI LONG NTAPI KeInsertQueue(PRKQUEUE queue, PLIST_ENTRY entry);
NTKERNELAPI LONG NTAPI KeInsertHeadQueue(PRKQUEUE queue, PLIST_ENTRY entry);
NTKERNELAPI PLIST_ENTRY NTAPI KeRemoveQueue(PRKQUEUE queue, KPROCESSOR_MODE mode,
                                            PLARGE_INTEGER timeout);
NTKERNELAPI ULONG NTAPI KeRemoveQueueEx(PRKQUEUE queue, KPROCESSOR_MODE mode, BOOLEAN alertable,
                                        PLARGE_INTEGER timeout, PLIST_ENTRY *entries, ULONG count);
NTKERNELAPI PLIST_ENTRY NTAPI KeRundownQueue(PRKQUEUE queue);
NTKERNELAPI LONG NTAPI KeReadStateQueue(PRKQUEUE queue);
NTKERNELAPI void NTAPI KeAttachProcess(PRKPROCESS process);
NTKERNELAPI void NTAPI KeDetachProcess(void);
NTKERNELAPI void NTAPI KeStackAttachProcess(PRKPROCESS process, PRKAPC_STATE state);
NTKERNELAPI void NTAPI KeUnstackDetachProcess(PRKAPC_STATE state);
NTKERNELAPI UCHAR NTAPI KeSetIdealProcessorThread(PKTHREAD thread, UCHAR processor);

// MARK: Processes, threads, tokens

// What Windows exports and its headers do not declare - KeInitializeApc, PsGetProcessImageFileName,
// ZwQuerySystemInformation and their like - is not declared here either: drivers that call it have
// declarations of their own, of many forms.

NTKERNELAPI NTSTATUS NTAPI PsLookupProcessByProcessId(HANDLE identifier, PEPROCESS *process);
NTKERNELAPI NTSTATUS NTAPI PsLookupThreadByThreadId(HANDLE identifier, PETHREAD *thread);
NTKERNELAPI PACCESS_TOKEN NTAPI PsReferencePrimaryToken(PEPROCESS process);
NTKERNELAPI void NTAPI PsDereferencePrimaryToken(PACCESS_TOKEN token);
NTKERNELAPI PACCESS_TOKEN NTAPI PsReferenceImpersonationToken(
    PETHREAD thread, PBOOLEAN copy, PBOOLEAN effectiveOnly,
    PSECURITY_IMPERSONATION_LEVEL level);
NTKERNELAPI void NTAPI PsDereferenceImpersonationToken(PACCESS_TOKEN token);
NTKERNELAPI NTSTATUS NTAPI PsImpersonateClient(PETHREAD thread, PACCESS_TOKEN token, BOOLEAN copy,
                                               BOOLEAN effectiveOnly,
                                               SECURITY_IMPERSONATION_LEVEL level);
NTKERNELAPI void NTAPI PsRevertToSelf(void);
NTKERNELAPI BOOLEAN NTAPI PsIsSystemThread(PETHREAD thread);
NTKERNELAPI BOOLEAN NTAPI PsIsSystemProcess(PEPROCESS process);
NTKERNELAPI BOOLEAN NTAPI PsIsThreadTerminating(PETHREAD thread);
NTKERNELAPI BOOLEAN NTAPI PsIsDiskCountersEnabled(void);
NTKERNELAPI void NTAPI PsUpdateDiskCounters(PEPROCESS process, ULONGLONG bytesRead,
                                            ULONGLONG bytesWritten, ULONG reads, ULONG writes,
                                            ULONG flushes);
NTKERNELAPI NTSTATUS NTAPI SeLocateProcessImageName(PEPROCESS process, PUNICODE_STRING *name);
NTKERNELAPI NTSTATUS NTAPI PsChargeProcessPoolQuota(PEPROCESS process, POOL_TYPE type,
                                                    ULONG_PTR amount);
NTKERNELAPI void NTAPI PsChargePoolQuota(PEPROCESS process, POOL_TYPE type, ULONG_PTR amount);
NTKERNELAPI void NTAPI PsReturnPoolQuota(PEPROCESS process, POOL_TYPE type, ULONG_PTR amount);

// MARK: Security

extern NTKERNELAPI PSE_EXPORTS SeExports;
NTKERNELAPI NTSTATUS NTAPI SeQueryInformationToken(PACCESS_TOKEN token,
                                                   TOKEN_INFORMATION_CLASS kind,
                                                   PVOID *information);
NTKERNELAPI NTSTATUS NTAPI SeQueryAuthenticationIdToken(PACCESS_TOKEN token, PLUID identifier);
NTKERNELAPI NTSTATUS NTAPI SeQuerySessionIdToken(PACCESS_TOKEN token, PULONG session);
NTKERNELAPI TOKEN_TYPE NTAPI SeTokenType(PACCESS_TOKEN token);
NTKERNELAPI BOOLEAN NTAPI SeTokenIsAdmin(PACCESS_TOKEN token);
NTKERNELAPI BOOLEAN NTAPI SeTokenIsRestricted(PACCESS_TOKEN token);
NTKERNELAPI SECURITY_IMPERSONATION_LEVEL NTAPI SeTokenImpersonationLevel(PACCESS_TOKEN token);
NTKERNELAPI NTSTATUS NTAPI SeCreateClientSecurity(PETHREAD thread,
                                                  PSECURITY_QUALITY_OF_SERVICE quality,
                                                  BOOLEAN remote,
                                                  PSECURITY_CLIENT_CONTEXT context);
NTKERNELAPI NTSTATUS NTAPI SeCreateClientSecurityFromSubjectContext(
    PSECURITY_SUBJECT_CONTEXT subject, PSECURITY_QUALITY_OF_SERVICE quality, BOOLEAN remote,
    PSECURITY_CLIENT_CONTEXT context);
NTKERNELAPI void NTAPI SeImpersonateClient(PSECURITY_CLIENT_CONTEXT context, PETHREAD thread);
NTKERNELAPI NTSTATUS NTAPI SeImpersonateClientEx(PSECURITY_CLIENT_CONTEXT context,
                                                 PETHREAD thread);
NTKERNELAPI BOOLEAN NTAPI SePrivilegeCheck(PPRIVILEGE_SET required,
                                           PSECURITY_SUBJECT_CONTEXT subject,
                                           KPROCESSOR_MODE mode);
NTKERNELAPI NTSTATUS NTAPI SeFilterToken(PACCESS_TOKEN existing, ULONG flags,
                                         PTOKEN_GROUPS disable, PVOID deletePrivileges,
                                         PTOKEN_GROUPS restricted, PACCESS_TOKEN *filtered);
NTKERNELAPI void NTAPI SeFreePrivileges(PPRIVILEGE_SET privileges);
NTKERNELAPI NTSTATUS NTAPI SeAppendPrivileges(PACCESS_STATE state, PPRIVILEGE_SET privileges);
NTKERNELAPI void NTAPI SeOpenObjectAuditAlarm(PUNICODE_STRING type, PVOID object,
                                              PUNICODE_STRING name,
                                              PSECURITY_DESCRIPTOR descriptor,
                                              PACCESS_STATE state, BOOLEAN created,
                                              BOOLEAN granted, KPROCESSOR_MODE mode,
                                              PBOOLEAN onClose);
NTKERNELAPI void NTAPI SeDeleteObjectAuditAlarm(PVOID object, HANDLE handle);
NTKERNELAPI BOOLEAN NTAPI SeAuditingFileEvents(BOOLEAN granted, PSECURITY_DESCRIPTOR descriptor);
NTKERNELAPI BOOLEAN NTAPI SeAuditingFileOrGlobalEvents(BOOLEAN granted,
                                                       PSECURITY_DESCRIPTOR descriptor,
                                                       PSECURITY_SUBJECT_CONTEXT subject);
NTKERNELAPI NTSTATUS NTAPI SeQuerySecurityDescriptorInfo(PSECURITY_INFORMATION information,
                                                         PSECURITY_DESCRIPTOR target,
                                                         PULONG length,
                                                         PSECURITY_DESCRIPTOR *descriptor);
NTKERNELAPI NTSTATUS NTAPI SeSetSecurityDescriptorInfo(PVOID object,
                                                       PSECURITY_INFORMATION information,
                                                       PSECURITY_DESCRIPTOR modification,
                                                       PSECURITY_DESCRIPTOR *descriptor,
                                                       POOL_TYPE type, PGENERIC_MAPPING mapping);
#define SeDeleteClientSecurity(Context) PsDereferencePrimaryToken((Context)->ClientToken)
#define SeQuerySubjectContextToken(Subject)                                             \
  ((Subject)->ClientToken != NULL ? (Subject)->ClientToken : (Subject)->PrimaryToken)

NTSYSAPI BOOLEAN NTAPI RtlValidSid(PSID sid);
NTSYSAPI BOOLEAN NTAPI RtlEqualSid(PSID a, PSID b);
NTSYSAPI BOOLEAN NTAPI RtlEqualPrefixSid(PSID a, PSID b);
NTSYSAPI ULONG NTAPI RtlLengthSid(PSID sid);
NTSYSAPI ULONG NTAPI RtlLengthRequiredSid(ULONG count);
NTSYSAPI NTSTATUS NTAPI RtlInitializeSid(PSID sid, PSID_IDENTIFIER_AUTHORITY authority,
                                         UCHAR count);
NTSYSAPI PULONG NTAPI RtlSubAuthoritySid(PSID sid, ULONG index);
NTSYSAPI PUCHAR NTAPI RtlSubAuthorityCountSid(PSID sid);
NTSYSAPI PSID_IDENTIFIER_AUTHORITY NTAPI RtlIdentifierAuthoritySid(PSID sid);
NTSYSAPI NTSTATUS NTAPI RtlCopySid(ULONG length, PSID target, PSID source);
NTSYSAPI NTSTATUS NTAPI RtlConvertSidToUnicodeString(PUNICODE_STRING string, PSID sid,
                                                     BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlAllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority,
                                                    UCHAR count, ULONG a0, ULONG a1, ULONG a2,
                                                    ULONG a3, ULONG a4, ULONG a5, ULONG a6,
                                                    ULONG a7, PSID *sid);
NTSYSAPI PVOID NTAPI RtlFreeSid(PSID sid);
NTSYSAPI NTSTATUS NTAPI RtlCreateAcl(PACL acl, ULONG length, ULONG revision);
NTSYSAPI BOOLEAN NTAPI RtlValidAcl(PACL acl);
NTSYSAPI NTSTATUS NTAPI RtlAddAccessAllowedAce(PACL acl, ULONG revision, ACCESS_MASK mask,
                                               PSID sid);
NTSYSAPI NTSTATUS NTAPI RtlAddAccessAllowedAceEx(PACL acl, ULONG revision, ULONG flags,
                                                 ACCESS_MASK mask, PSID sid);
NTSYSAPI NTSTATUS NTAPI RtlAddAce(PACL acl, ULONG revision, ULONG start, PVOID list,
                                  ULONG length);
NTSYSAPI NTSTATUS NTAPI RtlGetAce(PACL acl, ULONG index, PVOID *ace);
NTSYSAPI NTSTATUS NTAPI RtlDeleteAce(PACL acl, ULONG index);
NTSYSAPI NTSTATUS NTAPI RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor,
                                                     PBOOLEAN present, PACL *dacl,
                                                     PBOOLEAN defaulted);
NTSYSAPI NTSTATUS NTAPI RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor,
                                                      PSID *group, PBOOLEAN defaulted);
NTSYSAPI NTSTATUS NTAPI RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor,
                                                      PSID *owner, PBOOLEAN defaulted);
NTSYSAPI NTSTATUS NTAPI RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID owner,
                                                      BOOLEAN defaulted);
NTSYSAPI NTSTATUS NTAPI RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID group,
                                                      BOOLEAN defaulted);
NTSYSAPI NTSTATUS NTAPI RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR absolute,
                                                    PSECURITY_DESCRIPTOR relative,
                                                    PULONG length);
NTSYSAPI ULONG NTAPI RtlNtStatusToDosError(NTSTATUS status);
NTSYSAPI ULONG NTAPI RtlNtStatusToDosErrorNoTeb(NTSTATUS status);

// MARK: Strings of the OEM code page

NTSYSAPI NTSTATUS NTAPI RtlOemStringToUnicodeString(PUNICODE_STRING target, PCOEM_STRING source,
                                                    BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlOemStringToCountedUnicodeString(PUNICODE_STRING target,
                                                           PCOEM_STRING source,
                                                           BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlUnicodeStringToOemString(POEM_STRING target, PCUNICODE_STRING source,
                                                    BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlUnicodeStringToCountedOemString(POEM_STRING target,
                                                           PCUNICODE_STRING source,
                                                           BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlUpcaseUnicodeStringToOemString(POEM_STRING target,
                                                          PCUNICODE_STRING source,
                                                          BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlUpcaseUnicodeStringToCountedOemString(POEM_STRING target,
                                                                 PCUNICODE_STRING source,
                                                                 BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlUnicodeToOemN(PCHAR target, ULONG limit, PULONG length, PCWCH source,
                                         ULONG sourceLength);
NTSYSAPI NTSTATUS NTAPI RtlOemToUnicodeN(PWSTR target, ULONG limit, PULONG length, PCCH source,
                                         ULONG sourceLength);
NTSYSAPI NTSTATUS NTAPI RtlUpcaseUnicodeToOemN(PCHAR target, ULONG limit, PULONG length,
                                               PCWCH source, ULONG sourceLength);
NTSYSAPI ULONG NTAPI RtlxUnicodeStringToOemSize(PCUNICODE_STRING string);
NTSYSAPI ULONG NTAPI RtlxOemStringToUnicodeSize(PCOEM_STRING string);
#define RtlUnicodeStringToOemSize(String) RtlxUnicodeStringToOemSize(String)
#define RtlOemStringToUnicodeSize(String) RtlxOemStringToUnicodeSize(String)
#define RtlOemStringToCountedUnicodeSize(String) \
  ((ULONG)(RtlxOemStringToUnicodeSize(String) - sizeof(WCHAR)))
#define RtlUnicodeStringToCountedOemSize(String) \
  ((ULONG)(RtlxUnicodeStringToOemSize(String) - sizeof(CHAR)))
typedef struct _GENERATE_NAME_CONTEXT {
  USHORT Checksum;
  BOOLEAN ChecksumInserted;
  UCHAR NameLength;
  WCHAR NameBuffer[8];
  ULONG ExtensionLength;
  WCHAR ExtensionBuffer[4];
  ULONG LastIndexValue;
} GENERATE_NAME_CONTEXT, *PGENERATE_NAME_CONTEXT;
NTSYSAPI NTSTATUS NTAPI RtlGenerate8dot3Name(PCUNICODE_STRING name, BOOLEAN extended,
                                             PGENERATE_NAME_CONTEXT context,
                                             PUNICODE_STRING name8dot3);
NTSYSAPI BOOLEAN NTAPI RtlIsNameLegalDOS8Dot3(PCUNICODE_STRING name, POEM_STRING oem,
                                              PBOOLEAN spaces);
NTSYSAPI BOOLEAN NTAPI RtlIsValidOemCharacter(PWCHAR character);
NTSYSAPI NTSTATUS NTAPI RtlDuplicateUnicodeString(ULONG flags, PCUNICODE_STRING source,
                                                  PUNICODE_STRING target);

// MARK: Services

NTSYSAPI NTSTATUS NTAPI ZwOpenProcessTokenEx(HANDLE process, ACCESS_MASK access, ULONG attributes,
                                             PHANDLE token);
NTSYSAPI NTSTATUS NTAPI ZwOpenThreadTokenEx(HANDLE thread, ACCESS_MASK access, BOOLEAN self,
                                            ULONG attributes, PHANDLE token);
NTSYSAPI NTSTATUS NTAPI ZwQueryInformationToken(HANDLE token, TOKEN_INFORMATION_CLASS kind,
                                                PVOID buffer, ULONG length,
                                                PULONG resultLength);
NTSYSAPI NTSTATUS NTAPI ZwQuerySecurityObject(HANDLE handle, SECURITY_INFORMATION information,
                                              PSECURITY_DESCRIPTOR descriptor, ULONG length,
                                              PULONG needed);
NTSYSAPI NTSTATUS NTAPI ZwSetSecurityObject(HANDLE handle, SECURITY_INFORMATION information,
                                            PSECURITY_DESCRIPTOR descriptor);
NTSYSAPI NTSTATUS NTAPI ZwQueryEaFile(HANDLE file, PIO_STATUS_BLOCK status, PVOID buffer,
                                      ULONG length, BOOLEAN single, PVOID list, ULONG listLength,
                                      PULONG index, BOOLEAN restart);
NTSYSAPI NTSTATUS NTAPI ZwSetEaFile(HANDLE file, PIO_STATUS_BLOCK status, PVOID buffer,
                                    ULONG length);
NTSYSAPI NTSTATUS NTAPI ZwLockFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                   PIO_STATUS_BLOCK status, PLARGE_INTEGER offset,
                                   PLARGE_INTEGER length, ULONG key, BOOLEAN immediately,
                                   BOOLEAN exclusive);
NTSYSAPI NTSTATUS NTAPI ZwUnlockFile(HANDLE file, PIO_STATUS_BLOCK status, PLARGE_INTEGER offset,
                                     PLARGE_INTEGER length, ULONG key);
NTSYSAPI NTSTATUS NTAPI ZwSetVolumeInformationFile(HANDLE file, PIO_STATUS_BLOCK status,
                                                   PVOID buffer, ULONG length,
                                                   FS_INFORMATION_CLASS kind);
NTSYSAPI NTSTATUS NTAPI ZwSaveKey(HANDLE key, HANDLE file);
NTSYSAPI NTSTATUS NTAPI ZwProtectVirtualMemory(HANDLE process, PVOID *base, PSIZE_T size,
                                               ULONG protection, PULONG old);
NTSYSAPI NTSTATUS NTAPI ZwQueryObject(HANDLE handle, ULONG kind, PVOID buffer, ULONG length,
                                      PULONG resultLength);
NTSYSCALLAPI NTSTATUS NTAPI NtClose(HANDLE handle);
NTSYSCALLAPI NTSTATUS NTAPI NtCreateFile(PHANDLE handle, ACCESS_MASK access,
                                         POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK status,
                                         PLARGE_INTEGER allocation, ULONG fileAttributes,
                                         ULONG share, ULONG disposition, ULONG options, PVOID ea,
                                         ULONG eaLength);
NTSYSCALLAPI NTSTATUS NTAPI NtOpenFile(PHANDLE handle, ACCESS_MASK access,
                                       POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK status,
                                       ULONG share, ULONG options);
NTSYSCALLAPI NTSTATUS NTAPI NtReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc,
                                       PVOID context, PIO_STATUS_BLOCK status, PVOID buffer,
                                       ULONG length, PLARGE_INTEGER offset, PULONG key);
NTSYSCALLAPI NTSTATUS NTAPI NtWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc,
                                        PVOID context, PIO_STATUS_BLOCK status, PVOID buffer,
                                        ULONG length, PLARGE_INTEGER offset, PULONG key);
NTSYSCALLAPI NTSTATUS NTAPI NtDeviceIoControlFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc,
                                                  PVOID context, PIO_STATUS_BLOCK status,
                                                  ULONG code, PVOID input, ULONG inputLength,
                                                  PVOID output, ULONG outputLength);
NTSYSCALLAPI NTSTATUS NTAPI NtQueryInformationFile(HANDLE file, PIO_STATUS_BLOCK status,
                                                   PVOID buffer, ULONG length,
                                                   FILE_INFORMATION_CLASS kind);
NTSYSCALLAPI NTSTATUS NTAPI NtQueryInformationProcess(HANDLE process, PROCESSINFOCLASS kind,
                                                      PVOID buffer, ULONG length,
                                                      PULONG resultLength);

R3_END

#endif
#endif
