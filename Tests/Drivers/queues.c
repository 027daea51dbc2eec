// Queues and the threads that serve them. A check that fails prints its line.
#include <ntifs.h>

static int failures;
#define CHECK(Condition)                               \
  do {                                                 \
    if (!(Condition)) {                                \
      failures++;                                      \
      DbgPrint("line %d: %s\n", __LINE__, #Condition); \
    }                                                  \
  } while (0)

static KQUEUE Queue;
static LIST_ENTRY Entries[8];
static LARGE_INTEGER Now;

static PLIST_ENTRY Poll(void) { return KeRemoveQueue(&Queue, KernelMode, &Now); }
#define NOTHING ((PLIST_ENTRY)(LONG_PTR)STATUS_TIMEOUT)

static void Order(void) {
  KeInitializeQueue(&Queue, 1);
  CHECK(sizeof(KQUEUE) == 64 && KeReadStateQueue(&Queue) == 0);
  CHECK(Poll() == NOTHING);
  CHECK(KeInsertQueue(&Queue, &Entries[0]) == 0);
  CHECK(KeInsertQueue(&Queue, &Entries[1]) == 1);
  CHECK(KeInsertHeadQueue(&Queue, &Entries[2]) == 2);
  CHECK(KeReadStateQueue(&Queue) == 3);
  CHECK(Poll() == &Entries[2] && Poll() == &Entries[0] && Poll() == &Entries[1]);
  CHECK(Poll() == NOTHING && KeReadStateQueue(&Queue) == 0);
  CHECK(Queue.CurrentCount == 1 && Queue.MaximumCount == 1);
}

static void Rundown(void) {
  PLIST_ENTRY first;
  CHECK(KeInsertQueue(&Queue, &Entries[0]) == 0 && KeInsertQueue(&Queue, &Entries[1]) == 1);
  first = KeRundownQueue(&Queue);
  CHECK(first == &Entries[0] && first->Flink == &Entries[1] && Entries[1].Flink == first);
  CHECK(KeReadStateQueue(&Queue) == 0 && Queue.CurrentCount == 0);
  CHECK(KeRundownQueue(&Queue) == NULL);
}

// A worker takes entries: the first it keeps until it may sleep, the second ends it.
static KEVENT Taken, MayGoOn;
static PLIST_ENTRY First;

static void NTAPI Worker(PVOID context) {
  UNREFERENCED_PARAMETER(context);
  First = KeRemoveQueue(&Queue, KernelMode, NULL);
  KeSetEvent(&Taken, 0, FALSE);
  KeWaitForSingleObject(&MayGoOn, Executive, KernelMode, FALSE, NULL);
  CHECK(KeRemoveQueue(&Queue, KernelMode, NULL) ==
        (PLIST_ENTRY)(LONG_PTR)STATUS_ABANDONED);
  PsTerminateSystemThread(STATUS_SUCCESS);
}

static void Threads(void) {
  HANDLE handle;
  PETHREAD thread;
  PLIST_ENTRY all[4];
  KeInitializeQueue(&Queue, 1);
  KeInitializeEvent(&Taken, NotificationEvent, FALSE);
  KeInitializeEvent(&MayGoOn, NotificationEvent, FALSE);
  CHECK(PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Worker, NULL) ==
        STATUS_SUCCESS);
  CHECK(ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode,
                                  (PVOID *)&thread, NULL) == STATUS_SUCCESS);
  ZwClose(handle);
  KeInsertQueue(&Queue, &Entries[3]);
  KeWaitForSingleObject(&Taken, Executive, KernelMode, FALSE, NULL);
  CHECK(First == &Entries[3]);
  // The worker waits for something else, which makes room for this thread.
  while (*(volatile ULONG *)&Queue.CurrentCount != 0) YieldProcessor();
  KeInsertQueue(&Queue, &Entries[4]);
  KeInsertQueue(&Queue, &Entries[5]);
  CHECK(KeRemoveQueueEx(&Queue, KernelMode, FALSE, &Now, all, 4) == 2);
  CHECK(all[0] == &Entries[4] && all[1] == &Entries[5] && Queue.CurrentCount == 1);
  // It goes on although the limit is reached: two run now. It waits for the queue, and one is left.
  KeSetEvent(&MayGoOn, 0, FALSE);
  while (*(PLIST_ENTRY volatile *)&Queue.Header.WaitListHead.Flink == &Queue.Header.WaitListHead) {
    YieldProcessor();
  }
  while (*(volatile ULONG *)&Queue.CurrentCount != 1) YieldProcessor();
  // Nobody is let in while this thread runs.
  KeInsertQueue(&Queue, &Entries[6]);
  CHECK(KeReadStateQueue(&Queue) == 1);
  CHECK(Poll() == &Entries[6]);
  CHECK(KeRundownQueue(&Queue) == NULL);
  KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL);
  ObDereferenceObject(thread);
}

static VOID Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->DriverUnload = Unload;
  Order();
  Rundown();
  Threads();
  DbgPrint("%d failures\n", failures);
  return STATUS_SUCCESS;
}
