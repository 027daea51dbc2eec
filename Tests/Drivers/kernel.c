// Uses the kernel as drivers do: levels, waits, locks, DPCs, timers, threads, work items, time. A check
// that fails prints its line; at the end the number of failures is printed.
#include <ntifs.h>

static int failures;
#define CHECK(Condition)                               \
  do {                                                 \
    if (!(Condition)) {                                \
      failures++;                                      \
      DbgPrint("line %d: %s\n", __LINE__, #Condition); \
    }                                                  \
  } while (0)

#define RAISES(Statement, Expected)              \
  do {                                           \
    NTSTATUS raised = STATUS_SUCCESS;            \
    __try {                                      \
      Statement;                                 \
    } __except (EXCEPTION_EXECUTE_HANDLER) {     \
      raised = GetExceptionCode();               \
    }                                            \
    CHECK(raised == (Expected));                 \
  } while (0)

static LARGE_INTEGER Milliseconds(LONG count) {
  LARGE_INTEGER time;
  time.QuadPart = -10000LL * count;
  return time;
}

static NTSTATUS Poll(PVOID object) {
  LARGE_INTEGER zero = {0};
  return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, &zero);
}

static NTSTATUS Wait(PVOID object) {
  return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, NULL);
}

// MARK: Levels

static void Levels(void) {
  KIRQL old;
  CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
  KeRaiseIrql(APC_LEVEL, &old);
  CHECK(old == PASSIVE_LEVEL && KeGetCurrentIrql() == APC_LEVEL);
  CHECK(KeRaiseIrqlToDpcLevel() == APC_LEVEL);
  ULONG processor = KeGetCurrentProcessorNumberEx(NULL);
  CHECK(processor < KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS));
  KeLowerIrql(old);
  CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
  CHECK(!KeAreApcsDisabled());
  KeEnterCriticalRegion();
  CHECK(KeAreApcsDisabled() && !KeAreAllApcsDisabled());
  KeEnterGuardedRegion();
  CHECK(KeAreAllApcsDisabled());
  KeLeaveGuardedRegion();
  KeLeaveCriticalRegion();
  CHECK(!KeAreApcsDisabled());
}

// MARK: Dispatcher objects

static void Objects(void) {
  KEVENT first, second;
  KeInitializeEvent(&first, NotificationEvent, TRUE);
  KeInitializeEvent(&second, SynchronizationEvent, FALSE);
  CHECK(Poll(&first) == STATUS_SUCCESS && KeReadStateEvent(&first) != 0);
  CHECK(Poll(&second) == STATUS_TIMEOUT);
  CHECK(KeSetEvent(&second, IO_NO_INCREMENT, FALSE) == 0);
  PVOID objects[2] = {&first, &second};
  CHECK(KeWaitForMultipleObjects(2, objects, WaitAll, Executive, KernelMode, FALSE, NULL, NULL) ==
        STATUS_SUCCESS);
  CHECK(KeReadStateEvent(&second) == 0);
  KeClearEvent(&first);
  LARGE_INTEGER soon = Milliseconds(2);
  CHECK(KeWaitForMultipleObjects(2, objects, WaitAny, Executive, KernelMode, FALSE, &soon, NULL) ==
        STATUS_TIMEOUT);

  KMUTEX mutex;
  KeInitializeMutex(&mutex, 0);
  CHECK(KeReadStateMutex(&mutex) == 1);
  CHECK(Wait(&mutex) == STATUS_SUCCESS && Wait(&mutex) == STATUS_SUCCESS);
  CHECK(KeAreApcsDisabled());
  CHECK(KeReleaseMutex(&mutex, FALSE) == -1);
  CHECK(KeReleaseMutex(&mutex, FALSE) == 0);
  RAISES(KeReleaseMutex(&mutex, FALSE), STATUS_MUTANT_NOT_OWNED);

  KSEMAPHORE semaphore;
  KeInitializeSemaphore(&semaphore, 1, 2);
  CHECK(Poll(&semaphore) == STATUS_SUCCESS && Poll(&semaphore) == STATUS_TIMEOUT);
  CHECK(KeReleaseSemaphore(&semaphore, 0, 2, FALSE) == 0);
  CHECK(KeReadStateSemaphore(&semaphore) == 2);
  RAISES(KeReleaseSemaphore(&semaphore, 0, 1, FALSE), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
}

// MARK: Locks

static void Locks(void) {
  KIRQL old;
  KSPIN_LOCK spin;
  KeInitializeSpinLock(&spin);
  KeAcquireSpinLock(&spin, &old);
  CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL && !KeTestSpinLock(&spin));
  KeReleaseSpinLock(&spin, old);
  KLOCK_QUEUE_HANDLE handle;
  KeAcquireInStackQueuedSpinLock(&spin, &handle);
  CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
  KeReleaseInStackQueuedSpinLock(&handle);
  CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL && spin == 0);

  EX_SPIN_LOCK shared = 0;
  old = ExAcquireSpinLockShared(&shared);
  CHECK(ExTryConvertSharedSpinLockExclusive(&shared));
  ExReleaseSpinLockExclusive(&shared, old);

  FAST_MUTEX fast;
  ExInitializeFastMutex(&fast);
  ExAcquireFastMutex(&fast);
  CHECK(KeGetCurrentIrql() == APC_LEVEL);
  ExReleaseFastMutex(&fast);
  CHECK(ExTryToAcquireFastMutex(&fast));
  ExReleaseFastMutex(&fast);
  KGUARDED_MUTEX guarded;
  KeInitializeGuardedMutex(&guarded);
  KeAcquireGuardedMutex(&guarded);
  CHECK(KeAreAllApcsDisabled());
  KeReleaseGuardedMutex(&guarded);

  ERESOURCE resource;
  CHECK(ExInitializeResourceLite(&resource) == STATUS_SUCCESS);
  KeEnterCriticalRegion();
  CHECK(ExAcquireResourceExclusiveLite(&resource, TRUE));
  CHECK(ExIsResourceAcquiredExclusiveLite(&resource));
  ExConvertExclusiveToSharedLite(&resource);
  CHECK(ExIsResourceAcquiredSharedLite(&resource) == 1);
  ExReleaseResourceLite(&resource);
  KeLeaveCriticalRegion();
  CHECK(ExDeleteResourceLite(&resource) == STATUS_SUCCESS);

  EX_RUNDOWN_REF rundown;
  ExInitializeRundownProtection(&rundown);
  CHECK(ExAcquireRundownProtection(&rundown));
  ExReleaseRundownProtection(&rundown);
  ExWaitForRundownProtectionRelease(&rundown);
  CHECK(!ExAcquireRundownProtection(&rundown));

  IO_REMOVE_LOCK removal;
  IoInitializeRemoveLock(&removal, 'tseT', 0, 0);
  CHECK(IoAcquireRemoveLock(&removal, NULL) == STATUS_SUCCESS);
  IoReleaseRemoveLockAndWait(&removal, NULL);
  CHECK(IoAcquireRemoveLock(&removal, NULL) == STATUS_DELETE_PENDING);
}

// MARK: DPCs and timers

typedef struct CONTEXT_OF_DPC {
  KDPC dpc;
  KTIMER timer;
  KEVENT event;
  LONG count;
  KIRQL level;
  PVOID argument;
} CONTEXT_OF_DPC;

static KDEFERRED_ROUTINE Deferred;
static void Deferred(PKDPC dpc, PVOID context, PVOID first, PVOID second) {
  CONTEXT_OF_DPC *state = context;
  UNREFERENCED_PARAMETER(second);
  CHECK(dpc == &state->dpc);
  state->level = KeGetCurrentIrql();
  state->argument = first;
  if (InterlockedIncrement(&state->count) == 3) KeSetEvent(&state->event, 0, FALSE);
}

static void DpcsAndTimers(void) {
  CONTEXT_OF_DPC state = {0};
  KIRQL old;
  KeInitializeDpc(&state.dpc, Deferred, &state);
  KeInitializeEvent(&state.event, NotificationEvent, FALSE);
  CHECK(KeInsertQueueDpc(&state.dpc, (PVOID)5, NULL));
  CHECK(state.count == 1 && state.level == DISPATCH_LEVEL && state.argument == (PVOID)5);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  CHECK(KeInsertQueueDpc(&state.dpc, NULL, NULL) && !KeInsertQueueDpc(&state.dpc, NULL, NULL));
  CHECK(state.count == 1 && KeRemoveQueueDpc(&state.dpc));
  KeLowerIrql(old);
  CHECK(state.count == 1);

  KeInitializeTimerEx(&state.timer, SynchronizationTimer);
  LARGE_INTEGER due = Milliseconds(2);
  CHECK(!KeSetTimerEx(&state.timer, due, 1, &state.dpc));
  CHECK(Wait(&state.event) == STATUS_SUCCESS);
  CHECK(KeCancelTimer(&state.timer));
  KeFlushQueuedDpcs();
  CHECK(!KeCancelTimer(&state.timer));
  CHECK(state.count >= 3);
}

// MARK: Threads and work

typedef struct SHARED {
  KEVENT start, done;
  KSPIN_LOCK lock;
  LONG running;
  LONG64 value;
} SHARED;

static KSTART_ROUTINE Count;
static void Count(PVOID context) {
  SHARED *shared = context;
  KIRQL old;
  CHECK(Wait(&shared->start) == STATUS_SUCCESS);
  for (int i = 0; i < 1000; i++) {
    KeAcquireSpinLock(&shared->lock, &old);
    shared->value++;
    KeReleaseSpinLock(&shared->lock, old);
  }
  CHECK(PsGetCurrentProcess() == PsInitialSystemProcess);
  CHECK(PsIsSystemThread(PsGetCurrentThread()));
  PsTerminateSystemThread(STATUS_ALERTED);
}

static void Threads(void) {
  SHARED shared = {0};
  HANDLE handles[3];
  PVOID threads[3];
  CLIENT_ID client;
  KeInitializeEvent(&shared.start, NotificationEvent, FALSE);
  for (int i = 0; i < 3; i++) {
    CHECK(PsCreateSystemThread(&handles[i], THREAD_ALL_ACCESS, NULL, NULL, &client, Count,
                               &shared) == STATUS_SUCCESS);
    CHECK(ObReferenceObjectByHandle(handles[i], SYNCHRONIZE, *PsThreadType, KernelMode,
                                    &threads[i], NULL) == STATUS_SUCCESS);
    CHECK(client.UniqueThread == PsGetThreadId(threads[i]));
    CHECK(ZwClose(handles[i]) == STATUS_SUCCESS);
  }
  KeSetEvent(&shared.start, 0, FALSE);
  CHECK(KeWaitForMultipleObjects(3, threads, WaitAll, Executive, KernelMode, FALSE, NULL, NULL) ==
        STATUS_SUCCESS);
  CHECK(shared.value == 3000);
  for (int i = 0; i < 3; i++) {
    CHECK(PsGetThreadExitStatus(threads[i]) == STATUS_ALERTED);
    ObDereferenceObject(threads[i]);
  }
}

static WORKER_THREAD_ROUTINE Work;
static void Work(PVOID context) {
  CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
  KeSetEvent(context, 0, FALSE);
}

static void WorkItems(void) {
  WORK_QUEUE_ITEM item;
  KEVENT event;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  ExInitializeWorkItem(&item, Work, &event);
  ExQueueWorkItem(&item, DelayedWorkQueue);
  CHECK(Wait(&event) == STATUS_SUCCESS);
}

// MARK: Time

static void Time(void) {
  LARGE_INTEGER before, after, precise, ticks, frequency;
  KeQuerySystemTime(&before);
  ULONGLONG interrupt = KeQueryInterruptTime();
  LARGE_INTEGER pause = Milliseconds(30);
  CHECK(KeDelayExecutionThread(KernelMode, FALSE, &pause) == STATUS_SUCCESS);
  KeQuerySystemTime(&after);
  KeQuerySystemTimePrecise(&precise);
  KeQueryTickCount(&ticks);
  // The shared page follows in steps.
  CHECK(after.QuadPart > before.QuadPart && precise.QuadPart >= after.QuadPart);
  CHECK(KeQueryInterruptTime() > interrupt && ticks.QuadPart > 0);
  LARGE_INTEGER counter = KeQueryPerformanceCounter(&frequency);
  CHECK(frequency.QuadPart == 10000000 && counter.QuadPart > 0);
  CHECK(KeQueryTimeIncrement() == 156250);
}

// MARK: Stacks

static EXPAND_STACK_CALLOUT OnAnyStack;
static void OnAnyStack(PVOID context) { *(LONG *)context += 1; }

static void Stacks(void) {
  ULONG_PTR low, high;
  LONG calls = 0;
  IoGetStackLimits(&low, &high);
  CHECK((ULONG_PTR)&low > low && (ULONG_PTR)&low < high);
  CHECK(IoGetRemainingStackSize() > 4096);
  CHECK(KeExpandKernelStackAndCallout(OnAnyStack, &calls, 8192) ==
        STATUS_SUCCESS);
  CHECK(calls == 1);
}

static void Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->DriverUnload = Unload;
  Levels();
  Objects();
  Locks();
  DpcsAndTimers();
  Threads();
  WorkItems();
  Time();
  Stacks();
  DbgPrint("%d failures\n", failures);
  return STATUS_SUCCESS;
}
