// The system services, as a driver calls them.
#ifndef R3_WDM_API_ZW_H
#define R3_WDM_API_ZW_H

#include "../file.h"
#include "../system.h"
#include "ex.h"
#ifndef R3_HOST

R3_BEGIN

#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#define ZwCurrentProcess() NtCurrentProcess()
#define NtCurrentThread() ((HANDLE)(LONG_PTR)-2)
#define ZwCurrentThread() NtCurrentThread()

// MARK: Handles

NTSYSAPI NTSTATUS NTAPI ZwClose(HANDLE handle);
NTSYSAPI NTSTATUS NTAPI ZwMakeTemporaryObject(HANDLE handle);
NTSYSAPI NTSTATUS NTAPI ZwDuplicateObject(HANDLE sourceProcess, HANDLE source,
                                          HANDLE targetProcess, PHANDLE target,
                                          ACCESS_MASK access, ULONG attributes, ULONG options);
NTSYSAPI NTSTATUS NTAPI ZwCreateDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                                POBJECT_ATTRIBUTES attributes);
NTSYSAPI NTSTATUS NTAPI ZwOpenDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                              POBJECT_ATTRIBUTES attributes);
NTSYSAPI NTSTATUS NTAPI ZwOpenSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access,
                                                 POBJECT_ATTRIBUTES attributes);
NTSYSAPI NTSTATUS NTAPI ZwQuerySymbolicLinkObject(HANDLE handle, PUNICODE_STRING target,
                                                  PULONG length);
NTSYSAPI NTSTATUS NTAPI ZwCreateSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access,
                                                   POBJECT_ATTRIBUTES attributes,
                                                   PUNICODE_STRING target);

// MARK: Files

NTSYSAPI NTSTATUS NTAPI ZwCreateFile(PHANDLE handle, ACCESS_MASK access,
                                     POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK status,
                                     PLARGE_INTEGER allocation, ULONG fileAttributes, ULONG share,
                                     ULONG disposition, ULONG options, PVOID ea, ULONG eaLength);
NTSYSAPI NTSTATUS NTAPI ZwOpenFile(PHANDLE handle, ACCESS_MASK access,
                                   POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK status,
                                   ULONG share, ULONG options);
NTSYSAPI NTSTATUS NTAPI ZwReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                   PIO_STATUS_BLOCK status, PVOID buffer, ULONG length,
                                   PLARGE_INTEGER offset, PULONG key);
NTSYSAPI NTSTATUS NTAPI ZwWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                    PIO_STATUS_BLOCK status, PVOID buffer, ULONG length,
                                    PLARGE_INTEGER offset, PULONG key);
NTSYSAPI NTSTATUS NTAPI ZwQueryInformationFile(HANDLE file, PIO_STATUS_BLOCK status, PVOID buffer,
                                               ULONG length, FILE_INFORMATION_CLASS kind);
NTSYSAPI NTSTATUS NTAPI ZwSetInformationFile(HANDLE file, PIO_STATUS_BLOCK status, PVOID buffer,
                                             ULONG length, FILE_INFORMATION_CLASS kind);
NTSYSAPI NTSTATUS NTAPI ZwQueryVolumeInformationFile(HANDLE file, PIO_STATUS_BLOCK status,
                                                     PVOID buffer, ULONG length,
                                                     FS_INFORMATION_CLASS kind);
NTSYSAPI NTSTATUS NTAPI ZwQueryDirectoryFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc,
                                             PVOID context, PIO_STATUS_BLOCK status, PVOID buffer,
                                             ULONG length, FILE_INFORMATION_CLASS kind,
                                             BOOLEAN single, PUNICODE_STRING name,
                                             BOOLEAN restart);
NTSYSAPI NTSTATUS NTAPI ZwQueryFullAttributesFile(POBJECT_ATTRIBUTES attributes,
                                                  PFILE_NETWORK_OPEN_INFORMATION information);
NTSYSAPI NTSTATUS NTAPI ZwDeleteFile(POBJECT_ATTRIBUTES attributes);
NTSYSAPI NTSTATUS NTAPI ZwFlushBuffersFile(HANDLE file, PIO_STATUS_BLOCK status);
NTSYSAPI NTSTATUS NTAPI ZwDeviceIoControlFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc,
                                              PVOID context, PIO_STATUS_BLOCK status, ULONG code,
                                              PVOID input, ULONG inputLength, PVOID output,
                                              ULONG outputLength);
NTSYSAPI NTSTATUS NTAPI ZwFsControlFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc,
                                        PVOID context, PIO_STATUS_BLOCK status, ULONG code,
                                        PVOID input, ULONG inputLength, PVOID output,
                                        ULONG outputLength);

// MARK: The registry

NTSYSAPI NTSTATUS NTAPI ZwCreateKey(PHANDLE key, ACCESS_MASK access,
                                    POBJECT_ATTRIBUTES attributes, ULONG titleIndex,
                                    PUNICODE_STRING class_, ULONG options, PULONG disposition);
NTSYSAPI NTSTATUS NTAPI ZwOpenKey(PHANDLE key, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSYSAPI NTSTATUS NTAPI ZwOpenKeyEx(PHANDLE key, ACCESS_MASK access,
                                    POBJECT_ATTRIBUTES attributes, ULONG options);
NTSYSAPI NTSTATUS NTAPI ZwDeleteKey(HANDLE key);
NTSYSAPI NTSTATUS NTAPI ZwFlushKey(HANDLE key);
NTSYSAPI NTSTATUS NTAPI ZwRenameKey(HANDLE key, PUNICODE_STRING name);
NTSYSAPI NTSTATUS NTAPI ZwQueryKey(HANDLE key, KEY_INFORMATION_CLASS kind, PVOID buffer,
                                   ULONG length, PULONG resultLength);
NTSYSAPI NTSTATUS NTAPI ZwSetInformationKey(HANDLE key, KEY_SET_INFORMATION_CLASS kind,
                                            PVOID buffer, ULONG length);
NTSYSAPI NTSTATUS NTAPI ZwEnumerateKey(HANDLE key, ULONG index, KEY_INFORMATION_CLASS kind,
                                       PVOID buffer, ULONG length, PULONG resultLength);
NTSYSAPI NTSTATUS NTAPI ZwSetValueKey(HANDLE key, PUNICODE_STRING name, ULONG titleIndex,
                                      ULONG type, PVOID data, ULONG size);
NTSYSAPI NTSTATUS NTAPI ZwQueryValueKey(HANDLE key, PUNICODE_STRING name,
                                        KEY_VALUE_INFORMATION_CLASS kind, PVOID buffer,
                                        ULONG length, PULONG resultLength);
NTSYSAPI NTSTATUS NTAPI ZwEnumerateValueKey(HANDLE key, ULONG index,
                                            KEY_VALUE_INFORMATION_CLASS kind, PVOID buffer,
                                            ULONG length, PULONG resultLength);
NTSYSAPI NTSTATUS NTAPI ZwDeleteValueKey(HANDLE key, PUNICODE_STRING name);
NTSYSAPI NTSTATUS NTAPI ZwNotifyChangeKey(HANDLE key, HANDLE event, PIO_APC_ROUTINE apc,
                                          PVOID context, PIO_STATUS_BLOCK status, ULONG filter,
                                          BOOLEAN tree, PVOID buffer, ULONG length,
                                          BOOLEAN asynchronous);

// MARK: Sections and memory

NTSYSAPI NTSTATUS NTAPI ZwCreateSection(PHANDLE section, ACCESS_MASK access,
                                        POBJECT_ATTRIBUTES attributes, PLARGE_INTEGER size,
                                        ULONG protection, ULONG kind, HANDLE file);
NTSYSAPI NTSTATUS NTAPI ZwOpenSection(PHANDLE section, ACCESS_MASK access,
                                      POBJECT_ATTRIBUTES attributes);
NTSYSAPI NTSTATUS NTAPI ZwMapViewOfSection(HANDLE section, HANDLE process, PVOID *base,
                                           ULONG_PTR zeroBits, SIZE_T commit,
                                           PLARGE_INTEGER offset, PSIZE_T size,
                                           SECTION_INHERIT inherit, ULONG kind, ULONG protection);
NTSYSAPI NTSTATUS NTAPI ZwUnmapViewOfSection(HANDLE process, PVOID base);
NTSYSAPI NTSTATUS NTAPI ZwAllocateVirtualMemory(HANDLE process, PVOID *base, ULONG_PTR zeroBits,
                                                PSIZE_T size, ULONG kind, ULONG protection);
NTSYSAPI NTSTATUS NTAPI ZwFreeVirtualMemory(HANDLE process, PVOID *base, PSIZE_T size,
                                            ULONG kind);
NTSYSAPI NTSTATUS NTAPI ZwQueryVirtualMemory(HANDLE process, PVOID base,
                                             MEMORY_INFORMATION_CLASS kind, PVOID buffer,
                                             SIZE_T length, PSIZE_T resultLength);

// MARK: Events, timers, threads

NTSYSAPI NTSTATUS NTAPI ZwCreateEvent(PHANDLE event, ACCESS_MASK access,
                                      POBJECT_ATTRIBUTES attributes, EVENT_TYPE type,
                                      BOOLEAN state);
NTSYSAPI NTSTATUS NTAPI ZwOpenEvent(PHANDLE event, ACCESS_MASK access,
                                    POBJECT_ATTRIBUTES attributes);
NTSYSAPI NTSTATUS NTAPI ZwSetEvent(HANDLE event, PLONG previous);
NTSYSAPI NTSTATUS NTAPI ZwClearEvent(HANDLE event);
NTSYSAPI NTSTATUS NTAPI ZwResetEvent(HANDLE event, PLONG previous);
NTSYSAPI NTSTATUS NTAPI ZwWaitForSingleObject(HANDLE handle, BOOLEAN alertable,
                                              PLARGE_INTEGER timeout);
NTSYSAPI NTSTATUS NTAPI ZwWaitForMultipleObjects(ULONG count, HANDLE handles[], WAIT_TYPE type,
                                                 BOOLEAN alertable, PLARGE_INTEGER timeout);
NTSYSAPI NTSTATUS NTAPI ZwOpenProcess(PHANDLE process, ACCESS_MASK access,
                                      POBJECT_ATTRIBUTES attributes, PCLIENT_ID client);
NTSYSAPI NTSTATUS NTAPI ZwTerminateProcess(HANDLE process, NTSTATUS status);
NTSYSAPI NTSTATUS NTAPI ZwLoadDriver(PUNICODE_STRING service);
NTSYSAPI NTSTATUS NTAPI ZwUnloadDriver(PUNICODE_STRING service);

R3_END

#endif
#endif
