// Is told of threads, and asks for the names of their programs. A check that fails prints its line.
#include <ntifs.h>

DRIVER_INITIALIZE DriverEntry;

static int failures;
#define CHECK(Condition)                                \
  do {                                                  \
    if (!(Condition)) {                                 \
      failures++;                                       \
      DbgPrint("line %d: %s\n", __LINE__, #Condition);  \
    }                                                   \
  } while (0)

static LONG started, ended;
static LONG programsStarted, programsEnded;
static HANDLE newest, last;
static volatile LONG ran;

static void CheckName(HANDLE identifier) {
  UNICODE_STRING expected = RTL_CONSTANT_STRING(L"\\Device\\HarddiskVolume1\\app.exe");
  PUNICODE_STRING name = NULL;
  PEPROCESS process;
  CHECK(PsLookupProcessByProcessId(identifier, &process) == STATUS_SUCCESS);
  CHECK(SeLocateProcessImageName(process, &name) == STATUS_SUCCESS);
  CHECK(RtlEqualUnicodeString(name, &expected, FALSE));
  CHECK(name->Buffer[name->Length / sizeof(WCHAR)] == 0);
  ExFreePool(name);
  ObDereferenceObject(process);
}

static void NTAPI Told(HANDLE process, HANDLE thread, BOOLEAN create) {
  CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
  if (process != (HANDLE)4) {
    if (create) {
      PETHREAD found;
      programsStarted++;
      CHECK(PsLookupThreadByThreadId(thread, &found) == STATUS_SUCCESS);
      CHECK(PsGetThreadProcessId(found) == process);
      ObDereferenceObject(found);
      CheckName(process);
    } else {
      programsEnded++;
    }
  } else if (create) {
    started++;
    newest = thread;
    CHECK(ran == 0);
  } else {
    ended++;
    last = thread;
    CHECK(PsGetCurrentThreadId() == thread && ran == 1);
  }
}

static void NTAPI Work(PVOID context) {
  UNREFERENCED_PARAMETER(context);
  InterlockedIncrement(&ran);
}

static void RunThread(BOOLEAN isTold) {
  HANDLE handle;
  CLIENT_ID client;
  PETHREAD thread;
  ran = 0;
  CHECK(PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, &client, Work, NULL) ==
        STATUS_SUCCESS);
  CHECK(ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode,
                                  (PVOID *)&thread, NULL) == STATUS_SUCCESS);
  CHECK(KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
  CHECK((client.UniqueThread == newest && client.UniqueThread == last) == isTold);
  ObDereferenceObject(thread);
  CHECK(ZwClose(handle) == STATUS_SUCCESS);
}

static void Unload(PDRIVER_OBJECT driver) {
  UNREFERENCED_PARAMETER(driver);
  CHECK(PsRemoveCreateThreadNotifyRoutine(Told) == STATUS_SUCCESS);
  CHECK(PsRemoveCreateThreadNotifyRoutine(Told) == STATUS_PROCEDURE_NOT_FOUND);
  RunThread(FALSE);
  CHECK(started == 1 && ended == 1);
  DbgPrint("%d started, %d ended, %d failures\n", programsStarted, programsEnded, failures);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  PUNICODE_STRING name;
  UNREFERENCED_PARAMETER(path);
  driver->DriverUnload = Unload;
  CHECK(PsRemoveCreateThreadNotifyRoutine(Told) == STATUS_PROCEDURE_NOT_FOUND);
  CHECK(PsSetCreateThreadNotifyRoutine(Told) == STATUS_SUCCESS);
  RunThread(TRUE);
  CHECK(started == 1 && ended == 1);
  CHECK(SeLocateProcessImageName(PsInitialSystemProcess, &name) == STATUS_SUCCESS);
  CHECK(name->Length == 0);
  ExFreePool(name);
  return STATUS_SUCCESS;
}
