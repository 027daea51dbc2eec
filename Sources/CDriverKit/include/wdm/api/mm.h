// Memory: descriptors, mappings, pages, probing, I/O space.
#ifndef R3_WDM_API_MM_H
#define R3_WDM_API_MM_H

#include "../device.h"
#include "ex.h"
#ifndef R3_HOST

R3_BEGIN

// MARK: Arithmetic on pages

#define PAGE_ALIGN(Address) ((PVOID)((ULONG_PTR)(Address) & ~(ULONG_PTR)(PAGE_SIZE - 1)))
#define BYTE_OFFSET(Address) ((ULONG)((LONG_PTR)(Address) & (PAGE_SIZE - 1)))
#define ROUND_TO_PAGES(Size) (((ULONG_PTR)(Size) + PAGE_SIZE - 1) & ~(ULONG_PTR)(PAGE_SIZE - 1))
#define BYTES_TO_PAGES(Size) \
  (((Size) >> PAGE_SHIFT) + (((Size) & (PAGE_SIZE - 1)) != 0))
#define ADDRESS_AND_SIZE_TO_SPAN_PAGES(Address, Size) \
  ((ULONG)((((ULONG_PTR)(Address) & (PAGE_SIZE - 1)) + (Size) + (PAGE_SIZE - 1)) >> PAGE_SHIFT))
#define COMPUTE_PAGES_SPANNED(Address, Size) ADDRESS_AND_SIZE_TO_SPAN_PAGES((Address), (Size))
#define ADDRESS_TO_PFN(Address) ((ULONG_PTR)(Address) >> PAGE_SHIFT)

extern NTKERNELAPI PVOID MmHighestUserAddress;
extern NTKERNELAPI PVOID MmSystemRangeStart;
extern NTKERNELAPI ULONG64 MmUserProbeAddress;
#define MM_HIGHEST_USER_ADDRESS MmHighestUserAddress
#define MM_SYSTEM_RANGE_START MmSystemRangeStart
#define MM_USER_PROBE_ADDRESS MmUserProbeAddress
#define MM_LOWEST_USER_ADDRESS ((PVOID)0x10000)

// MARK: The descriptor

NTKERNELAPI SIZE_T NTAPI MmSizeOfMdl(PVOID base, SIZE_T length);
NTKERNELAPI PMDL NTAPI MmCreateMdl(PMDL mdl, PVOID base, SIZE_T length);
NTKERNELAPI void NTAPI MmProbeAndLockPages(PMDL mdl, KPROCESSOR_MODE mode,
                                           LOCK_OPERATION operation);
NTKERNELAPI void NTAPI MmProbeAndLockProcessPages(PMDL mdl, PEPROCESS process,
                                                  KPROCESSOR_MODE mode, LOCK_OPERATION operation);
NTKERNELAPI void NTAPI MmUnlockPages(PMDL mdl);
NTKERNELAPI void NTAPI MmBuildMdlForNonPagedPool(PMDL mdl);
NTKERNELAPI PVOID NTAPI MmMapLockedPages(PMDL mdl, KPROCESSOR_MODE mode);
NTKERNELAPI PVOID NTAPI MmMapLockedPagesSpecifyCache(PMDL mdl, KPROCESSOR_MODE mode,
                                                     MEMORY_CACHING_TYPE type, PVOID address,
                                                     ULONG bugCheckOnFailure, ULONG priority);
NTKERNELAPI void NTAPI MmUnmapLockedPages(PVOID base, PMDL mdl);
NTKERNELAPI PVOID NTAPI MmMapLockedPagesWithReservedMapping(PVOID address, ULONG tag, PMDL mdl,
                                                            MEMORY_CACHING_TYPE type);
NTKERNELAPI void NTAPI MmUnmapReservedMapping(PVOID base, ULONG tag, PMDL mdl);
NTKERNELAPI PVOID NTAPI MmAllocateMappingAddress(SIZE_T size, ULONG tag);
NTKERNELAPI void NTAPI MmFreeMappingAddress(PVOID base, ULONG tag);
NTKERNELAPI NTSTATUS NTAPI MmProtectMdlSystemAddress(PMDL mdl, ULONG protection);
NTKERNELAPI NTSTATUS NTAPI MmAdvanceMdl(PMDL mdl, ULONG count);
NTKERNELAPI PMDL NTAPI MmAllocatePagesForMdl(PHYSICAL_ADDRESS low, PHYSICAL_ADDRESS high,
                                             PHYSICAL_ADDRESS skip, SIZE_T size);
NTKERNELAPI PMDL NTAPI MmAllocatePagesForMdlEx(PHYSICAL_ADDRESS low, PHYSICAL_ADDRESS high,
                                               PHYSICAL_ADDRESS skip, SIZE_T size,
                                               MEMORY_CACHING_TYPE type, ULONG flags);
NTKERNELAPI PMDL NTAPI MmAllocateNodePagesForMdlEx(PHYSICAL_ADDRESS low, PHYSICAL_ADDRESS high,
                                                   PHYSICAL_ADDRESS skip, SIZE_T size,
                                                   MEMORY_CACHING_TYPE type, ULONG node,
                                                   ULONG flags);
NTKERNELAPI NTSTATUS NTAPI MmAllocateMdlForIoSpace(PMM_PHYSICAL_ADDRESS_LIST list, SIZE_T count,
                                                   PMDL *mdl);
NTKERNELAPI void NTAPI MmFreePagesFromMdl(PMDL mdl);

#define MmGetMdlVirtualAddress(Mdl) ((PVOID)((PCHAR)((Mdl)->StartVa) + (Mdl)->ByteOffset))
#define MmGetMdlByteCount(Mdl) ((Mdl)->ByteCount)
#define MmGetMdlByteOffset(Mdl) ((Mdl)->ByteOffset)
#define MmGetMdlBaseVa(Mdl) ((Mdl)->StartVa)
#define MmGetMdlPfnArray(Mdl) ((PPFN_NUMBER)((Mdl) + 1))
#define MmInitializeMdl(Mdl, Base, Length)                                                   \
  do {                                                                                       \
    (Mdl)->Next = (PMDL)NULL;                                                                \
    (Mdl)->Size = (CSHORT)(sizeof(MDL) + sizeof(PFN_NUMBER) *                                \
                                             ADDRESS_AND_SIZE_TO_SPAN_PAGES((Base), (Length))); \
    (Mdl)->MdlFlags = 0;                                                                     \
    (Mdl)->StartVa = (PVOID)PAGE_ALIGN(Base);                                                \
    (Mdl)->ByteOffset = BYTE_OFFSET(Base);                                                   \
    (Mdl)->ByteCount = (ULONG)(Length);                                                      \
  } while (0)
#define MmPrepareMdlForReuse(Mdl)                               \
  do {                                                          \
    if (((Mdl)->MdlFlags & MDL_PARTIAL_HAS_BEEN_MAPPED) != 0) { \
      MmUnmapLockedPages((Mdl)->MappedSystemVa, (Mdl));         \
    }                                                           \
  } while (0)
#define MmGetProcedureAddress(Address) (Address)
#define MmLockPagableCodeSection(Address) MmLockPagableDataSection(Address)

FORCEINLINE PVOID MmGetSystemAddressForMdlSafe(PMDL mdl, ULONG priority) {
  if ((mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)) != 0) {
    return mdl->MappedSystemVa;
  }
  return MmMapLockedPagesSpecifyCache(mdl, KernelMode, MmCached, NULL, FALSE,
                                      priority | R3_DEFAULT_MDL_PROTECTION);
}
#define MmGetSystemAddressForMdl(Mdl)                                                      \
  (((Mdl)->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)) != 0        \
       ? (Mdl)->MappedSystemVa                                                             \
       : MmMapLockedPages((Mdl), KernelMode))

// MARK: User memory

NTKERNELAPI void NTAPI ProbeForRead(const volatile void *address, SIZE_T length, ULONG alignment);
NTKERNELAPI void NTAPI ProbeForWrite(volatile void *address, SIZE_T length, ULONG alignment);
NTKERNELAPI PVOID NTAPI MmSecureVirtualMemory(PVOID address, SIZE_T size, ULONG mode);
NTKERNELAPI void NTAPI MmUnsecureVirtualMemory(HANDLE handle);
NTKERNELAPI NTSTATUS NTAPI MmCopyMemory(PVOID target, MM_COPY_ADDRESS source, SIZE_T size,
                                        ULONG flags, PSIZE_T transferred);
NTKERNELAPI BOOLEAN NTAPI MmIsAddressValid(PVOID address);
NTKERNELAPI BOOLEAN NTAPI MmIsNonPagedSystemAddressValid(PVOID address);

// MARK: Pages and I/O space

NTKERNELAPI PHYSICAL_ADDRESS NTAPI MmGetPhysicalAddress(PVOID address);
NTKERNELAPI PVOID NTAPI MmGetVirtualForPhysical(PHYSICAL_ADDRESS address);
NTKERNELAPI PPHYSICAL_MEMORY_RANGE NTAPI MmGetPhysicalMemoryRanges(void);
NTKERNELAPI PVOID NTAPI MmMapIoSpace(PHYSICAL_ADDRESS address, SIZE_T size,
                                     MEMORY_CACHING_TYPE type);
NTKERNELAPI PVOID NTAPI MmMapIoSpaceEx(PHYSICAL_ADDRESS address, SIZE_T size, ULONG protection);
NTKERNELAPI void NTAPI MmUnmapIoSpace(PVOID base, SIZE_T size);
NTKERNELAPI PVOID NTAPI MmAllocateContiguousMemory(SIZE_T size, PHYSICAL_ADDRESS highest);
NTKERNELAPI PVOID NTAPI MmAllocateContiguousMemorySpecifyCache(SIZE_T size, PHYSICAL_ADDRESS low,
                                                               PHYSICAL_ADDRESS high,
                                                               PHYSICAL_ADDRESS boundary,
                                                               MEMORY_CACHING_TYPE type);
NTKERNELAPI PVOID NTAPI MmAllocateContiguousNodeMemory(SIZE_T size, PHYSICAL_ADDRESS low,
                                                       PHYSICAL_ADDRESS high,
                                                       PHYSICAL_ADDRESS boundary,
                                                       ULONG protection, ULONG node);
NTKERNELAPI void NTAPI MmFreeContiguousMemory(PVOID base);
NTKERNELAPI void NTAPI MmFreeContiguousMemorySpecifyCache(PVOID base, SIZE_T size,
                                                          MEMORY_CACHING_TYPE type);
NTKERNELAPI PVOID NTAPI MmAllocateNonCachedMemory(SIZE_T size);
NTKERNELAPI void NTAPI MmFreeNonCachedMemory(PVOID base, SIZE_T size);

// MARK: The driver's own image

NTKERNELAPI PVOID NTAPI MmLockPagableDataSection(PVOID address);
NTKERNELAPI void NTAPI MmLockPagableSectionByHandle(PVOID handle);
NTKERNELAPI void NTAPI MmUnlockPagableImageSection(PVOID handle);
NTKERNELAPI PVOID NTAPI MmPageEntireDriver(PVOID address);
NTKERNELAPI void NTAPI MmResetDriverPaging(PVOID address);
NTKERNELAPI PVOID NTAPI MmGetSystemRoutineAddress(PUNICODE_STRING name);
NTKERNELAPI MM_SYSTEMSIZE NTAPI MmQuerySystemSize(void);
NTKERNELAPI BOOLEAN NTAPI MmIsThisAnNtAsSystem(void);
NTKERNELAPI NTSTATUS NTAPI MmIsVerifierEnabled(PULONG flags);
NTKERNELAPI LOGICAL NTAPI MmIsDriverVerifying(PDRIVER_OBJECT driver);
NTKERNELAPI LOGICAL NTAPI MmIsDriverVerifyingByAddress(PVOID address);
NTKERNELAPI LOGICAL NTAPI MmIsDriverSuspectForVerifier(PDRIVER_OBJECT driver);
NTKERNELAPI NTSTATUS NTAPI MmAddVerifierThunks(PVOID buffer, ULONG size);

R3_END

#endif
#endif
