// Functions of the cache manager.
#ifndef R3_NTIFS_CACHE_H
#define R3_NTIFS_CACHE_H

#include "filesystem.h"
#ifndef R3_HOST

R3_BEGIN

#define CcIsFileCached(File) \
  ((File)->SectionObjectPointer != NULL && (File)->SectionObjectPointer->SharedCacheMap != NULL)

NTKERNELAPI void NTAPI CcInitializeCacheMap(PFILE_OBJECT file, PCC_FILE_SIZES sizes,
                                            BOOLEAN pinAccess, PCACHE_MANAGER_CALLBACKS callbacks,
                                            PVOID context);
NTKERNELAPI void NTAPI CcInitializeCacheMapEx(PFILE_OBJECT file, PCC_FILE_SIZES sizes,
                                              BOOLEAN pinAccess,
                                              PCACHE_MANAGER_CALLBACKS callbacks, PVOID context,
                                              ULONG flags);
NTKERNELAPI BOOLEAN NTAPI CcUninitializeCacheMap(PFILE_OBJECT file, PLARGE_INTEGER size,
                                                 PCACHE_UNINITIALIZE_EVENT event);
NTKERNELAPI void NTAPI CcSetFileSizes(PFILE_OBJECT file, PCC_FILE_SIZES sizes);
NTKERNELAPI NTSTATUS NTAPI CcSetFileSizesEx(PFILE_OBJECT file, PCC_FILE_SIZES sizes);
NTKERNELAPI BOOLEAN NTAPI CcPurgeCacheSection(PSECTION_OBJECT_POINTERS pointers,
                                              PLARGE_INTEGER offset, ULONG length, ULONG flags);
NTKERNELAPI void NTAPI CcFlushCache(PSECTION_OBJECT_POINTERS pointers, PLARGE_INTEGER offset,
                                    ULONG length, PIO_STATUS_BLOCK status);
NTKERNELAPI LARGE_INTEGER NTAPI CcGetFlushedValidData(PSECTION_OBJECT_POINTERS pointers,
                                                      BOOLEAN locked);
NTKERNELAPI PFILE_OBJECT NTAPI CcGetFileObjectFromSectionPtrs(PSECTION_OBJECT_POINTERS pointers);
NTKERNELAPI PFILE_OBJECT NTAPI CcGetFileObjectFromSectionPtrsRef(
    PSECTION_OBJECT_POINTERS pointers);
NTKERNELAPI BOOLEAN NTAPI CcZeroData(PFILE_OBJECT file, PLARGE_INTEGER start, PLARGE_INTEGER end,
                                     BOOLEAN wait);
NTKERNELAPI BOOLEAN NTAPI CcCanIWrite(PFILE_OBJECT file, ULONG bytes, BOOLEAN wait,
                                      BOOLEAN retrying);
NTKERNELAPI void NTAPI CcDeferWrite(PFILE_OBJECT file, PCC_POST_DEFERRED_WRITE routine,
                                    PVOID context1, PVOID context2, ULONG bytes,
                                    BOOLEAN retrying);
NTKERNELAPI BOOLEAN NTAPI CcCopyRead(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                     BOOLEAN wait, PVOID buffer, PIO_STATUS_BLOCK status);
NTKERNELAPI BOOLEAN NTAPI CcCopyReadEx(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                       BOOLEAN wait, PVOID buffer, PIO_STATUS_BLOCK status,
                                       PETHREAD issuer);
NTKERNELAPI void NTAPI CcFastCopyRead(PFILE_OBJECT file, ULONG offset, ULONG length, ULONG pages,
                                      PVOID buffer, PIO_STATUS_BLOCK status);
NTKERNELAPI BOOLEAN NTAPI CcCopyWrite(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                      BOOLEAN wait, PVOID buffer);
NTKERNELAPI BOOLEAN NTAPI CcCopyWriteEx(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                        BOOLEAN wait, PVOID buffer, PETHREAD issuer);
NTKERNELAPI void NTAPI CcFastCopyWrite(PFILE_OBJECT file, ULONG offset, ULONG length,
                                       PVOID buffer);
NTKERNELAPI void NTAPI CcMdlRead(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                 PMDL *chain, PIO_STATUS_BLOCK status);
NTKERNELAPI void NTAPI CcMdlReadComplete(PFILE_OBJECT file, PMDL chain);
NTKERNELAPI void NTAPI CcPrepareMdlWrite(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                         PMDL *chain, PIO_STATUS_BLOCK status);
NTKERNELAPI void NTAPI CcMdlWriteComplete(PFILE_OBJECT file, PLARGE_INTEGER offset, PMDL chain);
NTKERNELAPI void NTAPI CcMdlWriteAbort(PFILE_OBJECT file, PMDL chain);
NTKERNELAPI void NTAPI CcScheduleReadAhead(PFILE_OBJECT file, PLARGE_INTEGER offset,
                                           ULONG length);
#define CC_ENABLE_DISK_IO_ACCOUNTING 0x00000010
#define CC_FLUSH_AND_PURGE_NO_PURGE 0x00000001
#define CC_FLUSH_AND_PURGE_GATHER_DIRTY_BITS 0x00000002
#define CC_FLUSH_AND_PURGE_WRITEABLE_VIEWS_NOTSEEN 0x00000004
#define CcGetFileSizePointer(File) \
  ((PLARGE_INTEGER)((PCHAR)((File)->SectionObjectPointer->SharedCacheMap) + 8))
NTKERNELAPI PFILE_OBJECT NTAPI CcGetFileObjectFromBcb(PVOID bcb);
NTKERNELAPI void NTAPI CcCoherencyFlushAndPurgeCache(PSECTION_OBJECT_POINTERS pointers,
                                                     PLARGE_INTEGER offset, ULONG length,
                                                     PIO_STATUS_BLOCK status, ULONG flags);
#define CcReadAhead(File, Offset, Length)                        \
  {                                                              \
    if ((Length) >= 256) {                                       \
      CcScheduleReadAhead((File), (Offset), (Length));           \
    }                                                            \
  }
NTKERNELAPI void NTAPI CcSetReadAheadGranularity(PFILE_OBJECT file, ULONG granularity);
NTKERNELAPI void NTAPI CcSetAdditionalCacheAttributes(PFILE_OBJECT file, BOOLEAN noReadAhead,
                                                      BOOLEAN noWriteBehind);
NTKERNELAPI void NTAPI CcSetAdditionalCacheAttributesEx(PFILE_OBJECT file, ULONG flags);
NTKERNELAPI NTSTATUS NTAPI CcWaitForCurrentLazyWriterActivity(void);
NTKERNELAPI void NTAPI CcSetDirtyPageThreshold(PFILE_OBJECT file, ULONG threshold);
NTKERNELAPI BOOLEAN NTAPI CcMapData(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                    ULONG flags, PVOID *bcb, PVOID *buffer);
NTKERNELAPI BOOLEAN NTAPI CcPinRead(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                    ULONG flags, PVOID *bcb, PVOID *buffer);
NTKERNELAPI BOOLEAN NTAPI CcPinMappedData(PFILE_OBJECT file, PLARGE_INTEGER offset, ULONG length,
                                          ULONG flags, PVOID *bcb);
NTKERNELAPI BOOLEAN NTAPI CcPreparePinWrite(PFILE_OBJECT file, PLARGE_INTEGER offset,
                                            ULONG length, BOOLEAN zero, ULONG flags, PVOID *bcb,
                                            PVOID *buffer);
NTKERNELAPI void NTAPI CcSetDirtyPinnedData(PVOID bcb, PLARGE_INTEGER lsn);
NTKERNELAPI void NTAPI CcUnpinData(PVOID bcb);
NTKERNELAPI void NTAPI CcUnpinDataForThread(PVOID bcb, ERESOURCE_THREAD thread);
NTKERNELAPI void NTAPI CcSetBcbOwnerPointer(PVOID bcb, PVOID owner);
NTKERNELAPI void NTAPI CcRepinBcb(PVOID bcb);
NTKERNELAPI void NTAPI CcUnpinRepinnedBcb(PVOID bcb, BOOLEAN writeThrough,
                                          PIO_STATUS_BLOCK status);
NTKERNELAPI PVOID NTAPI CcRemapBcb(PVOID bcb);
NTKERNELAPI BOOLEAN NTAPI CcIsThereDirtyData(PVPB vpb);
NTKERNELAPI BOOLEAN NTAPI CcIsThereDirtyDataEx(PVPB vpb, PULONG pages);

R3_END

#endif
#endif
