// Uses services of the system as drivers do. A check that fails prints its line.
#include <ntifs.h>

static int failures;
#define CHECK(Condition)                                \
  do {                                                  \
    if (!(Condition)) {                                 \
      failures++;                                       \
      DbgPrint("line %d: %s\n", __LINE__, #Condition);  \
    }                                                   \
  } while (0)

typedef int (NTAPI *Compare)(PCUNICODE_STRING, PCUNICODE_STRING, BOOLEAN);

static void Routines(void) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"RtlCompareUnicodeString");
  UNICODE_STRING none = RTL_CONSTANT_STRING(L"NoSuchRoutine");
  Compare compare = (Compare)MmGetSystemRoutineAddress(&name);
  CHECK(compare && compare(&name, &name, FALSE) == 0 && compare(&name, &none, FALSE) != 0);
  CHECK(MmGetSystemRoutineAddress(&name) == (PVOID)compare);
  CHECK(MmGetSystemRoutineAddress(&none) == NULL);
}

static NTSTATUS OpenFile(PCWSTR path, ACCESS_MASK access, ULONG disposition, HANDLE *file,
                         ULONG_PTR *information) {
  UNICODE_STRING name;
  OBJECT_ATTRIBUTES attributes;
  IO_STATUS_BLOCK block = {0};
  NTSTATUS status;
  RtlInitUnicodeString(&name, path);
  InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
  status = ZwCreateFile(file, access | SYNCHRONIZE, &attributes, &block, NULL,
                        FILE_ATTRIBUTE_NORMAL, FILE_SHARE_READ, disposition,
                        FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, NULL, 0);
  *information = block.Information;
  return status;
}

static void Files(void) {
  HANDLE file;
  IO_STATUS_BLOCK block;
  LARGE_INTEGER offset;
  FILE_STANDARD_INFORMATION standard;
  FILE_DISPOSITION_INFORMATION disposition = {TRUE};
  ULONG_PTR information;
  char buffer[16] = {0};
  CHECK(OpenFile(L"\\??\\C:\\none.txt", GENERIC_READ, FILE_OPEN, &file, &information) ==
        STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(OpenFile(L"\\??\\C:\\no\\none.txt", GENERIC_READ, FILE_OPEN, &file, &information) ==
        STATUS_OBJECT_PATH_NOT_FOUND);
  CHECK(OpenFile(L"\\??\\C:\\..\\etc\\passwd", GENERIC_READ, FILE_OPEN, &file, &information) ==
        STATUS_OBJECT_NAME_INVALID);
  CHECK(!NT_SUCCESS(OpenFile(L"\\??\\C:\\link\\passwd", GENERIC_READ, FILE_OPEN, &file,
                             &information)));
  CHECK(OpenFile(L"\\??\\C:\\GREETING.txt", GENERIC_READ, FILE_OPEN, &file, &information) ==
        STATUS_SUCCESS);
  CHECK(information == FILE_OPENED);
  CHECK(ZwReadFile(file, NULL, NULL, NULL, &block, buffer, sizeof buffer, NULL, NULL) ==
        STATUS_SUCCESS);
  CHECK(block.Information == 5 && !memcmp(buffer, "hello", 5));
  CHECK(ZwReadFile(file, NULL, NULL, NULL, &block, buffer, sizeof buffer, NULL, NULL) ==
        STATUS_END_OF_FILE);
  CHECK(ZwWriteFile(file, NULL, NULL, NULL, &block, buffer, 1, NULL, NULL) == STATUS_ACCESS_DENIED);
  CHECK(ZwClose(file) == STATUS_SUCCESS);

  CHECK(OpenFile(L"\\??\\C:\\new.log", GENERIC_READ | GENERIC_WRITE | DELETE, FILE_OVERWRITE_IF,
                 &file, &information) == STATUS_SUCCESS);
  CHECK(information == FILE_CREATED);
  CHECK(ZwWriteFile(file, NULL, NULL, NULL, &block, "0123456789", 10, NULL, NULL) ==
        STATUS_SUCCESS);
  CHECK(block.Information == 10);
  CHECK(ZwQueryInformationFile(file, &block, &standard, sizeof standard, FileStandardInformation) ==
        STATUS_SUCCESS);
  CHECK(standard.EndOfFile.QuadPart == 10 && !standard.Directory);
  offset.QuadPart = 4;
  CHECK(ZwReadFile(file, NULL, NULL, NULL, &block, buffer, 3, &offset, NULL) == STATUS_SUCCESS);
  CHECK(!memcmp(buffer, "456", 3));
  CHECK(ZwSetInformationFile(file, &block, &disposition, sizeof disposition,
                             FileDispositionInformation) == STATUS_SUCCESS);
  CHECK(ZwClose(file) == STATUS_SUCCESS);
  CHECK(OpenFile(L"\\??\\C:\\new.log", GENERIC_READ, FILE_OPEN, &file, &information) ==
        STATUS_OBJECT_NAME_NOT_FOUND);
}

static volatile LONG ran;
static void NTAPI Thread(PVOID context) {
  CHECK(context == (PVOID)&ran && PsGetCurrentProcess() == PsInitialSystemProcess);
  ran = 1;
  PsTerminateSystemThread(STATUS_SUCCESS);
}

static void Threads(void) {
  HANDLE handle;
  CLIENT_ID client;
  PETHREAD thread;
  CHECK(PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, &client, Thread,
                             (PVOID)&ran) == STATUS_SUCCESS);
  CHECK(ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode,
                                  (PVOID *)&thread, NULL) == STATUS_SUCCESS);
  CHECK(PsGetThreadId(thread) == client.UniqueThread);
  CHECK(KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
  CHECK(ran == 1);
  ObDereferenceObject(thread);
  CHECK(ZwClose(handle) == STATUS_SUCCESS);
}

static LONG created, ended;
static void NTAPI Noticed(HANDLE parent, HANDLE process, BOOLEAN create) {
  UNREFERENCED_PARAMETER(parent);
  UNREFERENCED_PARAMETER(process);
  if (create) created++; else ended++;
}

static void NTAPI Judge(PEPROCESS process, HANDLE identifier, PPS_CREATE_NOTIFY_INFO information) {
  UNICODE_STRING denied = RTL_CONSTANT_STRING(L"denied.exe");
  PEPROCESS found;
  if (!information) return;
  CHECK(PsLookupProcessByProcessId(identifier, &found) == STATUS_SUCCESS && found == process);
  ObDereferenceObject(found);
  CHECK(RtlEqualUnicodeString(information->CommandLine, information->ImageFileName, FALSE));
  if (RtlEqualUnicodeString(information->ImageFileName, &denied, TRUE)) {
    information->CreationStatus = STATUS_ACCESS_DENIED;
  }
}

static void Unload(PDRIVER_OBJECT driver) {
  UNREFERENCED_PARAMETER(driver);
  CHECK(PsSetCreateProcessNotifyRoutine(Noticed, TRUE) == STATUS_SUCCESS);
  CHECK(PsSetCreateProcessNotifyRoutine(Noticed, TRUE) == STATUS_INVALID_PARAMETER);
  CHECK(PsSetCreateProcessNotifyRoutineEx(Judge, TRUE) == STATUS_SUCCESS);
  DbgPrint("%d created, %d ended, %d failures\n", created, ended, failures);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->DriverUnload = Unload;
  Routines();
  Files();
  Threads();
  CHECK(PsSetCreateProcessNotifyRoutine(Noticed, FALSE) == STATUS_SUCCESS);
  CHECK(PsSetCreateProcessNotifyRoutineEx(Judge, FALSE) == STATUS_SUCCESS);
  DbgPrint("%d failures\n", failures);
  return STATUS_SUCCESS;
}
