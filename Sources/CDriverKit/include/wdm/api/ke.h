// The kernel: levels, locks, waits, timers, deferred calls, processors, time.
#ifndef R3_WDM_API_KE_H
#define R3_WDM_API_KE_H

#include "../context.h"
#include "../system.h"
#include "../shared-data.h"
#include "debug.h"
#ifndef R3_HOST

R3_BEGIN

// MARK: Levels

NTHALAPI KIRQL NTAPI KfRaiseIrql(KIRQL level);
NTHALAPI void NTAPI KeLowerIrql(KIRQL level);
NTHALAPI KIRQL NTAPI KeRaiseIrqlToDpcLevel(void);
NTHALAPI KIRQL NTAPI KeRaiseIrqlToSynchLevel(void);
#define KeRaiseIrql(Level, Old) (*(Old) = KfRaiseIrql(Level))

NTKERNELAPI void NTAPI KeEnterCriticalRegion(void);
NTKERNELAPI void NTAPI KeLeaveCriticalRegion(void);
NTKERNELAPI void NTAPI KeEnterGuardedRegion(void);
NTKERNELAPI void NTAPI KeLeaveGuardedRegion(void);
NTKERNELAPI BOOLEAN NTAPI KeAreApcsDisabled(void);
NTKERNELAPI BOOLEAN NTAPI KeAreAllApcsDisabled(void);

// MARK: Spin locks

NTKERNELAPI KIRQL NTAPI KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK lock);
NTKERNELAPI void NTAPI KeReleaseSpinLock(PKSPIN_LOCK lock, KIRQL level);
NTKERNELAPI void NTAPI KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock);
NTKERNELAPI void NTAPI KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK lock);
NTKERNELAPI BOOLEAN NTAPI KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock);
NTKERNELAPI BOOLEAN NTAPI KeTestSpinLock(PKSPIN_LOCK lock);
NTKERNELAPI KIRQL NTAPI KeAcquireSpinLockForDpc(PKSPIN_LOCK lock);
NTKERNELAPI void NTAPI KeReleaseSpinLockForDpc(PKSPIN_LOCK lock, KIRQL level);
NTKERNELAPI void NTAPI KeAcquireInStackQueuedSpinLock(PKSPIN_LOCK lock,
                                                      PKLOCK_QUEUE_HANDLE handle);
NTKERNELAPI void NTAPI KeReleaseInStackQueuedSpinLock(PKLOCK_QUEUE_HANDLE handle);
NTKERNELAPI void NTAPI KeAcquireInStackQueuedSpinLockAtDpcLevel(PKSPIN_LOCK lock,
                                                                PKLOCK_QUEUE_HANDLE handle);
NTKERNELAPI void NTAPI KeReleaseInStackQueuedSpinLockFromDpcLevel(PKLOCK_QUEUE_HANDLE handle);
NTKERNELAPI KIRQL NTAPI KeAcquireInterruptSpinLock(PKINTERRUPT interrupt);
NTKERNELAPI void NTAPI KeReleaseInterruptSpinLock(PKINTERRUPT interrupt, KIRQL level);
NTKERNELAPI BOOLEAN NTAPI KeSynchronizeExecution(PKINTERRUPT interrupt,
                                                 PKSYNCHRONIZE_ROUTINE routine, PVOID context);

FORCEINLINE void KeInitializeSpinLock(PKSPIN_LOCK lock) { *(volatile KSPIN_LOCK *)lock = 0; }
#define KeAcquireSpinLock(Lock, Old) (*(Old) = KeAcquireSpinLockRaiseToDpc(Lock))
#define KefAcquireSpinLockAtDpcLevel KeAcquireSpinLockAtDpcLevel
#define KefReleaseSpinLockFromDpcLevel KeReleaseSpinLockFromDpcLevel

// MARK: Dispatcher objects

NTKERNELAPI void NTAPI KeInitializeEvent(PRKEVENT event, EVENT_TYPE type, BOOLEAN state);
NTKERNELAPI void NTAPI KeClearEvent(PRKEVENT event);
NTKERNELAPI LONG NTAPI KeResetEvent(PRKEVENT event);
NTKERNELAPI LONG NTAPI KeSetEvent(PRKEVENT event, KPRIORITY increment, BOOLEAN wait);
NTKERNELAPI LONG NTAPI KePulseEvent(PRKEVENT event, KPRIORITY increment, BOOLEAN wait);
NTKERNELAPI LONG NTAPI KeReadStateEvent(PRKEVENT event);
NTKERNELAPI void NTAPI KeInitializeMutex(PRKMUTEX mutex, ULONG level);
NTKERNELAPI LONG NTAPI KeReleaseMutex(PRKMUTEX mutex, BOOLEAN wait);
NTKERNELAPI LONG NTAPI KeReadStateMutex(PRKMUTEX mutex);
NTKERNELAPI void NTAPI KeInitializeSemaphore(PRKSEMAPHORE semaphore, LONG count, LONG limit);
NTKERNELAPI LONG NTAPI KeReleaseSemaphore(PRKSEMAPHORE semaphore, KPRIORITY increment,
                                          LONG adjustment, BOOLEAN wait);
NTKERNELAPI LONG NTAPI KeReadStateSemaphore(PRKSEMAPHORE semaphore);

NTKERNELAPI NTSTATUS NTAPI KeWaitForSingleObject(PVOID object, KWAIT_REASON reason,
                                                 KPROCESSOR_MODE mode, BOOLEAN alertable,
                                                 PLARGE_INTEGER timeout);
NTKERNELAPI NTSTATUS NTAPI KeWaitForMultipleObjects(ULONG count, PVOID objects[], WAIT_TYPE type,
                                                    KWAIT_REASON reason, KPROCESSOR_MODE mode,
                                                    BOOLEAN alertable, PLARGE_INTEGER timeout,
                                                    PKWAIT_BLOCK blocks);
NTKERNELAPI NTSTATUS NTAPI KeDelayExecutionThread(KPROCESSOR_MODE mode, BOOLEAN alertable,
                                                  PLARGE_INTEGER interval);
#define KeWaitForMutexObject KeWaitForSingleObject

NTKERNELAPI void NTAPI KeInitializeGuardedMutex(PKGUARDED_MUTEX mutex);
NTKERNELAPI void NTAPI KeAcquireGuardedMutex(PKGUARDED_MUTEX mutex);
NTKERNELAPI void NTAPI KeReleaseGuardedMutex(PKGUARDED_MUTEX mutex);
NTKERNELAPI BOOLEAN NTAPI KeTryToAcquireGuardedMutex(PKGUARDED_MUTEX mutex);
NTKERNELAPI void NTAPI KeAcquireGuardedMutexUnsafe(PKGUARDED_MUTEX mutex);
NTKERNELAPI void NTAPI KeReleaseGuardedMutexUnsafe(PKGUARDED_MUTEX mutex);

// MARK: Timers and deferred calls

NTKERNELAPI void NTAPI KeInitializeTimer(PKTIMER timer);
NTKERNELAPI void NTAPI KeInitializeTimerEx(PKTIMER timer, TIMER_TYPE type);
NTKERNELAPI BOOLEAN NTAPI KeSetTimer(PKTIMER timer, LARGE_INTEGER due, PKDPC dpc);
NTKERNELAPI BOOLEAN NTAPI KeSetTimerEx(PKTIMER timer, LARGE_INTEGER due, LONG period, PKDPC dpc);
NTKERNELAPI BOOLEAN NTAPI KeSetCoalescableTimer(PKTIMER timer, LARGE_INTEGER due, ULONG period,
                                                ULONG tolerance, PKDPC dpc);
NTKERNELAPI BOOLEAN NTAPI KeCancelTimer(PKTIMER timer);
NTKERNELAPI BOOLEAN NTAPI KeReadStateTimer(PKTIMER timer);

NTKERNELAPI void NTAPI KeInitializeDpc(PRKDPC dpc, PKDEFERRED_ROUTINE routine, PVOID context);
NTKERNELAPI void NTAPI KeInitializeThreadedDpc(PRKDPC dpc, PKDEFERRED_ROUTINE routine,
                                               PVOID context);
NTKERNELAPI BOOLEAN NTAPI KeInsertQueueDpc(PRKDPC dpc, PVOID argument1, PVOID argument2);
NTKERNELAPI BOOLEAN NTAPI KeRemoveQueueDpc(PRKDPC dpc);
NTKERNELAPI BOOLEAN NTAPI KeRemoveQueueDpcEx(PRKDPC dpc, BOOLEAN wait);
NTKERNELAPI void NTAPI KeSetImportanceDpc(PRKDPC dpc, KDPC_IMPORTANCE importance);
NTKERNELAPI void NTAPI KeSetTargetProcessorDpc(PRKDPC dpc, CCHAR number);
NTKERNELAPI NTSTATUS NTAPI KeSetTargetProcessorDpcEx(PKDPC dpc, PPROCESSOR_NUMBER number);
NTKERNELAPI void NTAPI KeFlushQueuedDpcs(void);
NTKERNELAPI ULONG_PTR NTAPI KeIpiGenericCall(PKIPI_BROADCAST_WORKER worker, ULONG_PTR argument);

// MARK: Device queues

NTKERNELAPI void NTAPI KeInitializeDeviceQueue(PKDEVICE_QUEUE queue);
NTKERNELAPI BOOLEAN NTAPI KeInsertDeviceQueue(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry);
NTKERNELAPI BOOLEAN NTAPI KeInsertByKeyDeviceQueue(PKDEVICE_QUEUE queue,
                                                   PKDEVICE_QUEUE_ENTRY entry, ULONG key);
NTKERNELAPI PKDEVICE_QUEUE_ENTRY NTAPI KeRemoveDeviceQueue(PKDEVICE_QUEUE queue);
NTKERNELAPI PKDEVICE_QUEUE_ENTRY NTAPI KeRemoveByKeyDeviceQueue(PKDEVICE_QUEUE queue, ULONG key);
NTKERNELAPI PKDEVICE_QUEUE_ENTRY NTAPI KeRemoveByKeyDeviceQueueIfBusy(PKDEVICE_QUEUE queue,
                                                                      ULONG key);
NTKERNELAPI BOOLEAN NTAPI KeRemoveEntryDeviceQueue(PKDEVICE_QUEUE queue,
                                                   PKDEVICE_QUEUE_ENTRY entry);

// MARK: Threads

FORCEINLINE PKTHREAD KeGetCurrentThread(void) { return (PKTHREAD)__readgsqword(0x188); }
NTKERNELAPI KPRIORITY NTAPI KeSetPriorityThread(PKTHREAD thread, KPRIORITY priority);
NTKERNELAPI KPRIORITY NTAPI KeQueryPriorityThread(PKTHREAD thread);
NTKERNELAPI LONG NTAPI KeSetBasePriorityThread(PKTHREAD thread, LONG increment);
NTKERNELAPI KAFFINITY NTAPI KeSetSystemAffinityThreadEx(KAFFINITY affinity);
NTKERNELAPI void NTAPI KeSetSystemAffinityThread(KAFFINITY affinity);
NTKERNELAPI void NTAPI KeRevertToUserAffinityThread(void);
NTKERNELAPI void NTAPI KeRevertToUserAffinityThreadEx(KAFFINITY affinity);
NTKERNELAPI void NTAPI KeSetSystemGroupAffinityThread(PGROUP_AFFINITY affinity,
                                                      PGROUP_AFFINITY previous);
NTKERNELAPI void NTAPI KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY previous);
NTKERNELAPI ULONG NTAPI KeQueryRuntimeThread(PKTHREAD thread, PULONG userTime);
NTKERNELAPI NTSTATUS NTAPI KeSaveFloatingPointState(PKFLOATING_SAVE save);
NTKERNELAPI NTSTATUS NTAPI KeRestoreFloatingPointState(PKFLOATING_SAVE save);
NTKERNELAPI NTSTATUS NTAPI KeSaveExtendedProcessorState(ULONG64 mask, PXSTATE_SAVE save);
NTKERNELAPI void NTAPI KeRestoreExtendedProcessorState(PXSTATE_SAVE save);
R3_CODE(void, EXPAND_STACK_CALLOUT, (PVOID Parameter));
NTKERNELAPI NTSTATUS NTAPI KeExpandKernelStackAndCallout(PEXPAND_STACK_CALLOUT callout,
                                                         PVOID parameter, SIZE_T size);
NTKERNELAPI NTSTATUS NTAPI KeExpandKernelStackAndCalloutEx(PEXPAND_STACK_CALLOUT callout,
                                                           PVOID parameter, SIZE_T size,
                                                           BOOLEAN wait, PVOID context);

// MARK: Processors

FORCEINLINE ULONG KeGetCurrentProcessorNumber(void) { return __readgsbyte(0x184); }
NTKERNELAPI ULONG NTAPI KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number);
#define KeGetCurrentProcessorIndex() KeGetCurrentProcessorNumberEx(NULL)
NTKERNELAPI ULONG NTAPI KeGetProcessorIndexFromNumber(PPROCESSOR_NUMBER number);
NTKERNELAPI NTSTATUS NTAPI KeGetProcessorNumberFromIndex(ULONG index, PPROCESSOR_NUMBER number);
NTKERNELAPI ULONG NTAPI KeQueryActiveProcessorCount(PKAFFINITY active);
NTKERNELAPI ULONG NTAPI KeQueryActiveProcessorCountEx(USHORT group);
NTKERNELAPI ULONG NTAPI KeQueryMaximumProcessorCount(void);
NTKERNELAPI ULONG NTAPI KeQueryMaximumProcessorCountEx(USHORT group);
NTKERNELAPI USHORT NTAPI KeQueryActiveGroupCount(void);
NTKERNELAPI USHORT NTAPI KeQueryMaximumGroupCount(void);
NTKERNELAPI KAFFINITY NTAPI KeQueryActiveProcessors(void);
NTKERNELAPI KAFFINITY NTAPI KeQueryGroupAffinity(USHORT group);
NTKERNELAPI void NTAPI KeQueryNodeActiveAffinity(USHORT node, PGROUP_AFFINITY affinity,
                                                 PUSHORT count);
NTKERNELAPI LOGICAL NTAPI KeShouldYieldProcessor(void);
NTKERNELAPI USHORT NTAPI KeGetCurrentNodeNumber(void);
NTKERNELAPI USHORT NTAPI KeQueryHighestNodeNumber(void);
NTKERNELAPI ULONG NTAPI KeGetRecommendedSharedDataAlignment(void);
NTKERNELAPI PVOID NTAPI KeRegisterProcessorChangeCallback(PPROCESSOR_CALLBACK_FUNCTION function,
                                                          PVOID context, ULONG flags);
NTKERNELAPI void NTAPI KeDeregisterProcessorChangeCallback(PVOID handle);
NTKERNELAPI void NTAPI KeInvalidateAllCaches(void);
NTKERNELAPI void NTAPI KeFlushIoBuffers(PMDL mdl, BOOLEAN read, BOOLEAN dma);

// MARK: Time

#define SharedUserData ((KUSER_SHARED_DATA * const)KI_USER_SHARED_DATA)

NTKERNELAPI ULONGLONG NTAPI KeQueryInterruptTimePrecise(PULONG64 counter);
NTKERNELAPI ULONGLONG NTAPI KeQueryUnbiasedInterruptTimePrecise(PULONG64 counter);
NTKERNELAPI void NTAPI KeQuerySystemTimePrecise(PLARGE_INTEGER time);
NTKERNELAPI ULONG NTAPI KeQueryTimeIncrement(void);
NTKERNELAPI ULONGLONG NTAPI KeQueryUnbiasedInterruptTime(void);
NTHALAPI LARGE_INTEGER NTAPI KeQueryPerformanceCounter(PLARGE_INTEGER frequency);
NTHALAPI void NTAPI KeStallExecutionProcessor(ULONG microseconds);

FORCEINLINE LONGLONG R3ReadSharedTime(const volatile void *time) {
  return *(const volatile LONGLONG *)time;
}
FORCEINLINE void R3QuerySystemTime(PLARGE_INTEGER time) {
  time->QuadPart = R3ReadSharedTime(&SharedUserData->SystemTime);
}
FORCEINLINE void R3QueryTickCount(PLARGE_INTEGER count) {
  count->QuadPart = R3ReadSharedTime(&SharedUserData->TickCount);
}
FORCEINLINE ULONGLONG KeQueryInterruptTime(void) {
  return (ULONGLONG)R3ReadSharedTime(&SharedUserData->InterruptTime);
}
#define KeQuerySystemTime(Time) R3QuerySystemTime((PLARGE_INTEGER)(Time))
#define KeQueryTickCount(Count) R3QueryTickCount((PLARGE_INTEGER)(Count))

// MARK: Bug checks

NTKERNELAPI DECLSPEC_NORETURN void NTAPI KeBugCheck(ULONG code);
NTKERNELAPI DECLSPEC_NORETURN void NTAPI KeBugCheckEx(ULONG code, ULONG_PTR parameter1,
                                                      ULONG_PTR parameter2, ULONG_PTR parameter3,
                                                      ULONG_PTR parameter4);
NTKERNELAPI BOOLEAN NTAPI KeRegisterBugCheckCallback(PKBUGCHECK_CALLBACK_RECORD record,
                                                     PKBUGCHECK_CALLBACK_ROUTINE routine,
                                                     PVOID buffer, ULONG length,
                                                     PUCHAR component);
NTKERNELAPI BOOLEAN NTAPI KeDeregisterBugCheckCallback(PKBUGCHECK_CALLBACK_RECORD record);
NTKERNELAPI BOOLEAN NTAPI KeRegisterBugCheckReasonCallback(
    PKBUGCHECK_REASON_CALLBACK_RECORD record, PKBUGCHECK_REASON_CALLBACK_ROUTINE routine,
    KBUGCHECK_CALLBACK_REASON reason, PUCHAR component);
NTKERNELAPI BOOLEAN NTAPI KeDeregisterBugCheckReasonCallback(
    PKBUGCHECK_REASON_CALLBACK_RECORD record);
#define KeInitializeCallbackRecord(Record) ((Record)->State = BufferEmpty)

R3_END

#endif
#endif
