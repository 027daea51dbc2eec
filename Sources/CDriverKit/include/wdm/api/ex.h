// The executive: pool, lookaside lists, mutexes, resources, rundown, work items, callbacks, timers.
#ifndef R3_WDM_API_EX_H
#define R3_WDM_API_EX_H

#include "../pool.h"
#include "../sync.h"
#include "ke.h"
#include "lists.h"
#ifndef R3_HOST

R3_BEGIN

// MARK: Pool

#define POOL_TAGGING 1

NTKERNELAPI PVOID NTAPI ExAllocatePool2(POOL_FLAGS flags, SIZE_T size, ULONG tag);
NTKERNELAPI PVOID NTAPI ExAllocatePool3(POOL_FLAGS flags, SIZE_T size, ULONG tag,
                                        PCPOOL_EXTENDED_PARAMETER parameters, ULONG count);
NTKERNELAPI void NTAPI ExFreePool2(PVOID block, ULONG tag, PCPOOL_EXTENDED_PARAMETER parameters,
                                   ULONG count);
NTKERNELAPI PVOID NTAPI ExAllocatePool(POOL_TYPE type, SIZE_T size);
NTKERNELAPI PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T size, ULONG tag);
NTKERNELAPI PVOID NTAPI ExAllocatePoolWithTagPriority(POOL_TYPE type, SIZE_T size, ULONG tag,
                                                      EX_POOL_PRIORITY priority);
NTKERNELAPI PVOID NTAPI ExAllocatePoolWithQuota(POOL_TYPE type, SIZE_T size);
NTKERNELAPI PVOID NTAPI ExAllocatePoolWithQuotaTag(POOL_TYPE type, SIZE_T size, ULONG tag);
NTKERNELAPI void NTAPI ExFreePool(PVOID block);
NTKERNELAPI void NTAPI ExFreePoolWithTag(PVOID block, ULONG tag);
NTKERNELAPI SIZE_T NTAPI ExQueryPoolBlockSize(PVOID block, PBOOLEAN quotaCharged);

#define ExAllocatePool(Type, Size) ExAllocatePoolWithTag((Type), (Size), ' mdW')
#define ExAllocatePoolWithQuota(Type, Size) ExAllocatePoolWithQuotaTag((Type), (Size), ' mdW')
#define ExFreePool(Block) ExFreePoolWithTag((Block), 0)

// A driver that opts in says NonPagedPool and means memory without execution.
#if defined(POOL_NX_OPTIN_AUTO) && POOL_NX_OPTIN_AUTO
#define NonPagedPool NonPagedPoolNx
#define NonPagedPoolCacheAligned NonPagedPoolNxCacheAligned
#define R3_DEFAULT_MDL_PROTECTION MdlMappingNoExecute
#elif defined(POOL_NX_OPTIN) && POOL_NX_OPTIN
extern DECLSPEC_SELECTANY POOL_TYPE ExDefaultNonPagedPoolType = NonPagedPool;
extern DECLSPEC_SELECTANY ULONG ExDefaultMdlProtection = 0;
#define NonPagedPool ExDefaultNonPagedPoolType
#define R3_DEFAULT_MDL_PROTECTION ExDefaultMdlProtection
#else
#define R3_DEFAULT_MDL_PROTECTION 0
#endif

#define DrvRtPoolNxOptIn 0x00000001

FORCEINLINE void ExInitializeDriverRuntime(ULONG flags) {
  (void)flags;
#if defined(POOL_NX_OPTIN) && POOL_NX_OPTIN && !(defined(POOL_NX_OPTIN_AUTO) && POOL_NX_OPTIN_AUTO)
  if ((flags & DrvRtPoolNxOptIn) != 0) {
    ExDefaultNonPagedPoolType = NonPagedPoolNx;
    ExDefaultMdlProtection = MdlMappingNoExecute;
  }
#endif
}

FORCEINLINE PVOID ExAllocatePoolZero(POOL_TYPE type, SIZE_T size, ULONG tag) {
  PVOID block = ExAllocatePoolWithTag((POOL_TYPE)(type | POOL_ZERO_ALLOCATION), size, tag);
#if defined(POOL_ZERO_DOWN_LEVEL_SUPPORT)
  if (block != NULL) memset(block, 0, size);
#endif
  return block;
}
FORCEINLINE PVOID ExAllocatePoolUninitialized(POOL_TYPE type, SIZE_T size, ULONG tag) {
  return ExAllocatePoolWithTag(type, size, tag);
}
FORCEINLINE PVOID ExAllocatePoolQuotaZero(POOL_TYPE type, SIZE_T size, ULONG tag) {
  return ExAllocatePoolWithQuotaTag((POOL_TYPE)(type | POOL_ZERO_ALLOCATION), size, tag);
}
FORCEINLINE PVOID ExAllocatePoolQuotaUninitialized(POOL_TYPE type, SIZE_T size, ULONG tag) {
  return ExAllocatePoolWithQuotaTag(type, size, tag);
}
FORCEINLINE PVOID ExAllocatePoolPriorityZero(POOL_TYPE type, SIZE_T size, ULONG tag,
                                             EX_POOL_PRIORITY priority) {
  return ExAllocatePoolWithTagPriority((POOL_TYPE)(type | POOL_ZERO_ALLOCATION), size, tag,
                                       priority);
}
FORCEINLINE PVOID ExAllocatePoolPriorityUninitialized(POOL_TYPE type, SIZE_T size, ULONG tag,
                                                      EX_POOL_PRIORITY priority) {
  return ExAllocatePoolWithTagPriority(type, size, tag, priority);
}

NTKERNELAPI DECLSPEC_NORETURN void NTAPI ExRaiseStatus(NTSTATUS status);
NTKERNELAPI DECLSPEC_NORETURN void NTAPI ExRaiseAccessViolation(void);
NTKERNELAPI DECLSPEC_NORETURN void NTAPI ExRaiseDatatypeMisalignment(void);
typedef GUID UUID;

NTKERNELAPI NTSTATUS NTAPI ExUuidCreate(UUID *identifier);

// MARK: Lookaside lists

NTKERNELAPI void NTAPI ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list,
                                                       PALLOCATE_FUNCTION allocate,
                                                       PFREE_FUNCTION free, ULONG flags,
                                                       SIZE_T size, ULONG tag, USHORT depth);
NTKERNELAPI void NTAPI ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list);
NTKERNELAPI void NTAPI ExInitializePagedLookasideList(PPAGED_LOOKASIDE_LIST list,
                                                      PALLOCATE_FUNCTION allocate,
                                                      PFREE_FUNCTION free, ULONG flags,
                                                      SIZE_T size, ULONG tag, USHORT depth);
NTKERNELAPI void NTAPI ExDeletePagedLookasideList(PPAGED_LOOKASIDE_LIST list);
NTKERNELAPI NTSTATUS NTAPI ExInitializeLookasideListEx(PLOOKASIDE_LIST_EX list,
                                                       PALLOCATE_FUNCTION_EX allocate,
                                                       PFREE_FUNCTION_EX free, POOL_TYPE type,
                                                       ULONG flags, SIZE_T size, ULONG tag,
                                                       USHORT depth);
NTKERNELAPI void NTAPI ExDeleteLookasideListEx(PLOOKASIDE_LIST_EX list);
NTKERNELAPI void NTAPI ExFlushLookasideListEx(PLOOKASIDE_LIST_EX list);

FORCEINLINE PVOID ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list) {
  PVOID entry;
  list->L.TotalAllocates += 1;
  entry = InterlockedPopEntrySList(&list->L.ListHead);
  if (entry == NULL) {
    list->L.AllocateMisses += 1;
    entry = list->L.Allocate(list->L.Type, list->L.Size, list->L.Tag);
  }
  return entry;
}

FORCEINLINE void ExFreeToNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list, PVOID entry) {
  list->L.TotalFrees += 1;
  if (QueryDepthSList(&list->L.ListHead) >= list->L.Depth) {
    list->L.FreeMisses += 1;
    list->L.Free(entry);
  } else {
    InterlockedPushEntrySList(&list->L.ListHead, (PSLIST_ENTRY)entry);
  }
}

FORCEINLINE PVOID ExAllocateFromPagedLookasideList(PPAGED_LOOKASIDE_LIST list) {
  return ExAllocateFromNPagedLookasideList((PNPAGED_LOOKASIDE_LIST)list);
}
FORCEINLINE void ExFreeToPagedLookasideList(PPAGED_LOOKASIDE_LIST list, PVOID entry) {
  ExFreeToNPagedLookasideList((PNPAGED_LOOKASIDE_LIST)list, entry);
}

FORCEINLINE PVOID ExAllocateFromLookasideListEx(PLOOKASIDE_LIST_EX list) {
  PVOID entry;
  list->L.TotalAllocates += 1;
  entry = InterlockedPopEntrySList(&list->L.ListHead);
  if (entry == NULL) {
    list->L.AllocateMisses += 1;
    entry = list->L.AllocateEx(list->L.Type, list->L.Size, list->L.Tag, list);
  }
  return entry;
}

FORCEINLINE void ExFreeToLookasideListEx(PLOOKASIDE_LIST_EX list, PVOID entry) {
  list->L.TotalFrees += 1;
  if (QueryDepthSList(&list->L.ListHead) >= list->L.Depth) {
    list->L.FreeMisses += 1;
    list->L.FreeEx(entry, list);
  } else {
    InterlockedPushEntrySList(&list->L.ListHead, (PSLIST_ENTRY)entry);
  }
}

// MARK: Fast mutexes

FORCEINLINE void ExInitializeFastMutex(PFAST_MUTEX mutex) {
  mutex->Count = FM_LOCK_BIT;
  mutex->Owner = NULL;
  mutex->Contention = 0;
  KeInitializeEvent(&mutex->Event, SynchronizationEvent, FALSE);
}
NTKERNELAPI void NTAPI ExAcquireFastMutex(PFAST_MUTEX mutex);
NTKERNELAPI void NTAPI ExReleaseFastMutex(PFAST_MUTEX mutex);
NTKERNELAPI BOOLEAN NTAPI ExTryToAcquireFastMutex(PFAST_MUTEX mutex);
NTKERNELAPI void NTAPI ExAcquireFastMutexUnsafe(PFAST_MUTEX mutex);
NTKERNELAPI void NTAPI ExReleaseFastMutexUnsafe(PFAST_MUTEX mutex);

// MARK: Resources

NTKERNELAPI NTSTATUS NTAPI ExInitializeResourceLite(PERESOURCE resource);
NTKERNELAPI NTSTATUS NTAPI ExReinitializeResourceLite(PERESOURCE resource);
NTKERNELAPI NTSTATUS NTAPI ExDeleteResourceLite(PERESOURCE resource);
NTKERNELAPI BOOLEAN NTAPI ExAcquireResourceExclusiveLite(PERESOURCE resource, BOOLEAN wait);
NTKERNELAPI BOOLEAN NTAPI ExAcquireResourceSharedLite(PERESOURCE resource, BOOLEAN wait);
NTKERNELAPI BOOLEAN NTAPI ExAcquireSharedStarveExclusive(PERESOURCE resource, BOOLEAN wait);
NTKERNELAPI BOOLEAN NTAPI ExAcquireSharedWaitForExclusive(PERESOURCE resource, BOOLEAN wait);
NTKERNELAPI void NTAPI ExReleaseResourceLite(PERESOURCE resource);
NTKERNELAPI void NTAPI ExReleaseResourceForThreadLite(PERESOURCE resource,
                                                      ERESOURCE_THREAD thread);
NTKERNELAPI void NTAPI ExConvertExclusiveToSharedLite(PERESOURCE resource);
NTKERNELAPI BOOLEAN NTAPI ExIsResourceAcquiredExclusiveLite(PERESOURCE resource);
NTKERNELAPI ULONG NTAPI ExIsResourceAcquiredSharedLite(PERESOURCE resource);
NTKERNELAPI ULONG NTAPI ExGetExclusiveWaiterCount(PERESOURCE resource);
NTKERNELAPI ULONG NTAPI ExGetSharedWaiterCount(PERESOURCE resource);
NTKERNELAPI void NTAPI ExSetResourceOwnerPointer(PERESOURCE resource, PVOID owner);
NTKERNELAPI void NTAPI ExSetResourceOwnerPointerEx(PERESOURCE resource, PVOID owner, ULONG flags);
NTKERNELAPI PVOID NTAPI ExEnterCriticalRegionAndAcquireResourceExclusive(PERESOURCE resource);
NTKERNELAPI PVOID NTAPI ExEnterCriticalRegionAndAcquireResourceShared(PERESOURCE resource);
NTKERNELAPI PVOID NTAPI ExEnterCriticalRegionAndAcquireSharedWaitForExclusive(
    PERESOURCE resource);
NTKERNELAPI void NTAPI ExReleaseResourceAndLeaveCriticalRegion(PERESOURCE resource);
NTKERNELAPI void NTAPI ExReleaseResourceAndLeavePriorityRegion(PERESOURCE resource);

#define ExInitializeResource ExInitializeResourceLite
#define ExDeleteResource ExDeleteResourceLite
#define ExReleaseResource(Resource) ExReleaseResourceLite(Resource)
#define ExIsResourceAcquiredLite ExIsResourceAcquiredSharedLite
#define ExIsResourceAcquired ExIsResourceAcquiredSharedLite
#define ExGetCurrentResourceThread() ((ERESOURCE_THREAD)KeGetCurrentThread())

// MARK: Push locks and spin locks with readers

NTKERNELAPI void NTAPI ExInitializePushLock(PEX_PUSH_LOCK lock);
NTKERNELAPI void NTAPI ExAcquirePushLockExclusiveEx(PEX_PUSH_LOCK lock, ULONG flags);
NTKERNELAPI void NTAPI ExAcquirePushLockSharedEx(PEX_PUSH_LOCK lock, ULONG flags);
NTKERNELAPI void NTAPI ExReleasePushLockExclusiveEx(PEX_PUSH_LOCK lock, ULONG flags);
NTKERNELAPI void NTAPI ExReleasePushLockSharedEx(PEX_PUSH_LOCK lock, ULONG flags);
#define EX_DEFAULT_PUSH_LOCK_FLAGS 0
#define ExAcquirePushLockExclusive(Lock) ExAcquirePushLockExclusiveEx((Lock), 0)
#define ExAcquirePushLockShared(Lock) ExAcquirePushLockSharedEx((Lock), 0)
#define ExReleasePushLockExclusive(Lock) ExReleasePushLockExclusiveEx((Lock), 0)
#define ExReleasePushLockShared(Lock) ExReleasePushLockSharedEx((Lock), 0)

NTKERNELAPI KIRQL NTAPI ExAcquireSpinLockExclusive(PEX_SPIN_LOCK lock);
NTKERNELAPI KIRQL NTAPI ExAcquireSpinLockShared(PEX_SPIN_LOCK lock);
NTKERNELAPI void NTAPI ExReleaseSpinLockExclusive(PEX_SPIN_LOCK lock, KIRQL level);
NTKERNELAPI void NTAPI ExReleaseSpinLockShared(PEX_SPIN_LOCK lock, KIRQL level);
NTKERNELAPI void NTAPI ExAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK lock);
NTKERNELAPI void NTAPI ExAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK lock);
NTKERNELAPI void NTAPI ExReleaseSpinLockExclusiveFromDpcLevel(PEX_SPIN_LOCK lock);
NTKERNELAPI void NTAPI ExReleaseSpinLockSharedFromDpcLevel(PEX_SPIN_LOCK lock);
NTKERNELAPI LONG NTAPI ExTryConvertSharedSpinLockExclusive(PEX_SPIN_LOCK lock);

// MARK: Rundown protection

NTKERNELAPI void NTAPI ExInitializeRundownProtection(PEX_RUNDOWN_REF reference);
NTKERNELAPI void NTAPI ExReInitializeRundownProtection(PEX_RUNDOWN_REF reference);
NTKERNELAPI BOOLEAN NTAPI ExAcquireRundownProtection(PEX_RUNDOWN_REF reference);
NTKERNELAPI BOOLEAN NTAPI ExAcquireRundownProtectionEx(PEX_RUNDOWN_REF reference, ULONG count);
NTKERNELAPI void NTAPI ExReleaseRundownProtection(PEX_RUNDOWN_REF reference);
NTKERNELAPI void NTAPI ExReleaseRundownProtectionEx(PEX_RUNDOWN_REF reference, ULONG count);
NTKERNELAPI void NTAPI ExRundownCompleted(PEX_RUNDOWN_REF reference);
NTKERNELAPI void NTAPI ExWaitForRundownProtectionRelease(PEX_RUNDOWN_REF reference);
NTKERNELAPI SIZE_T NTAPI ExSizeOfRundownProtectionCacheAware(void);
NTKERNELAPI void NTAPI
ExInitializeRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE reference, SIZE_T size);
NTKERNELAPI void NTAPI
ExReInitializeRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE reference);
NTKERNELAPI void NTAPI ExRundownCompletedCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE reference);
NTKERNELAPI PEX_RUNDOWN_REF_CACHE_AWARE NTAPI
ExAllocateCacheAwareRundownProtection(POOL_TYPE type, ULONG tag);
NTKERNELAPI void NTAPI ExFreeCacheAwareRundownProtection(PEX_RUNDOWN_REF_CACHE_AWARE reference);
NTKERNELAPI BOOLEAN NTAPI
ExAcquireRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE reference);
NTKERNELAPI void NTAPI
ExReleaseRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE reference);
NTKERNELAPI void NTAPI
ExWaitForRundownProtectionReleaseCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE reference);

// MARK: Work items and callbacks

NTKERNELAPI void NTAPI ExQueueWorkItem(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE queue);
#define ExInitializeWorkItem(Item, Routine, Context)                  \
  do {                                                                \
    (Item)->WorkerRoutine = (PWORKER_THREAD_ROUTINE)(Routine);        \
    (Item)->Parameter = (Context);                                    \
    (Item)->List.Flink = NULL;                                        \
  } while (0)

NTKERNELAPI NTSTATUS NTAPI ExCreateCallback(PCALLBACK_OBJECT *callback,
                                            POBJECT_ATTRIBUTES attributes, BOOLEAN create,
                                            BOOLEAN allowMultiple);
NTKERNELAPI PVOID NTAPI ExRegisterCallback(PCALLBACK_OBJECT callback, PCALLBACK_FUNCTION function,
                                           PVOID context);
NTKERNELAPI void NTAPI ExUnregisterCallback(PVOID registration);
NTKERNELAPI void NTAPI ExNotifyCallback(PVOID callback, PVOID argument1, PVOID argument2);

// MARK: Timers and time

NTKERNELAPI PEX_TIMER NTAPI ExAllocateTimer(PEXT_CALLBACK callback, PVOID context,
                                            ULONG attributes);
NTKERNELAPI BOOLEAN NTAPI ExSetTimer(PEX_TIMER timer, LONGLONG due, LONGLONG period,
                                     PEXT_SET_PARAMETERS parameters);
NTKERNELAPI BOOLEAN NTAPI ExCancelTimer(PEX_TIMER timer, PVOID parameters);
NTKERNELAPI BOOLEAN NTAPI ExDeleteTimer(PEX_TIMER timer, BOOLEAN cancel, BOOLEAN wait,
                                        PEXT_DELETE_PARAMETERS parameters);
NTKERNELAPI ULONG NTAPI ExSetTimerResolution(ULONG desired, BOOLEAN set);
NTKERNELAPI void NTAPI ExQueryTimerResolution(PULONG maximum, PULONG minimum, PULONG current);
NTKERNELAPI void NTAPI ExSystemTimeToLocalTime(PLARGE_INTEGER system, PLARGE_INTEGER local);
NTKERNELAPI void NTAPI ExLocalTimeToSystemTime(PLARGE_INTEGER local, PLARGE_INTEGER system);
FORCEINLINE void ExInitializeSetTimerParameters(PEXT_SET_PARAMETERS parameters) {
  memset(parameters, 0, sizeof(*parameters));
}
FORCEINLINE void ExInitializeDeleteTimerParameters(PEXT_DELETE_PARAMETERS parameters) {
  memset(parameters, 0, sizeof(*parameters));
}

// MARK: The machine

NTKERNELAPI KPROCESSOR_MODE NTAPI ExGetPreviousMode(void);
NTKERNELAPI BOOLEAN NTAPI ExIsProcessorFeaturePresent(ULONG feature);
NTKERNELAPI BOOLEAN NTAPI ExVerifySuite(SUITE_TYPE suite);
NTKERNELAPI NTSTATUS NTAPI ExGetFirmwareEnvironmentVariable(PUNICODE_STRING name, GUID *vendor,
                                                            PVOID value, PULONG length,
                                                            PULONG attributes);
NTKERNELAPI BOOLEAN NTAPI ExIsSoftBoot(void);

R3_END

#endif
#endif
